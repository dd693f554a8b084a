package io.places.rmpi;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * A message of at most 64 KiB goes whole, as long as not too much that went so is unmatched at the receiver.
 * Anything else is offered; when a receive has matched the offer, the bytes come, straight into the array.
 *
 * One thread reads what comes. It must never wait for the peer's reader, which may be waiting for it: what
 * follows from a frame is put by a second thread.
 *
 * When the channel is over, who reads it is the one that says why: the peer tells the cause of a failure, or that it
 * ends in order, before its end. What cannot be sent any more waits until then. The reader leaves either a failed job or
 * a peer that has ended, and who waits looks for both after it has said that it waits: one of them sees the other.
 */
/** The way to a rank in another JVM, over a channel. */
final class ChannelLink implements RemoteLink {
  /** Bytes of a long message that are sent in one piece: other messages go in between. */
  private static final int PART = 1 << 20;

  /** Told to the sender at a quarter of what it may be ahead, so that it need not wait. */
  private static final long ROOM_AT = EAGER_BYTES / 4;

  /** How often a rank that ends looks whether its last word can still be said. */
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final World world;
  private final int peer;
  private final PlaceChannel<Frame, Frame> channel;
  private final LinkedBlockingQueue<Runnable> replies = new LinkedBlockingQueue<>();
  private final ReentrantLock order = new ReentrantLock(); // frames leave as their tickets are taken
  private final Map<Long, Sending> sending = new HashMap<>(); // guarded by itself
  private final Map<Long, Offered> coming = new HashMap<>(); // likewise
  private long tickets; // guarded by order
  private final AtomicLong ahead = new AtomicLong(); // bytes sent whole and unmatched; more under order
  private long matched; // bytes matched here and not told; guarded by this
  private final AtomicLong framesSent = new AtomicLong(); // or to be sent
  private final AtomicLong framesCome = new AtomicLong(); // and dealt with
  private final CountDownLatch endSaid = new CountDownLatch(1);
  private volatile boolean ended;
  private volatile @Nullable Thread writer; // what puts the replies

  private record Sending(Envelope envelope, Payload payload, Request<Status> request) {}

  ChannelLink(World world, int peer, PlaceChannel<Frame, Frame> channel) {
    this.world = world;
    this.peer = peer;
    this.channel = channel;
  }

  @Override
  public void start() {
    world.spawner().virtual("rmpi-from-" + peer, this::read);
    writer = world.spawner().virtual("rmpi-to-" + peer, this::sendReplies);
  }

  @Override
  public void send(
      Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
    long bytes = payload.bytes();
    byte[] whole =
        bytes <= (payload.isBorrowed() ? EAGER : PART) ? payload.encode() : null;
    awaitTurn();
    try {
      Frame.Head head = Frame.Head.of(envelope);
      if (whole != null && ahead.get() + whole.length + OVERHEAD <= EAGER_BYTES) {
        long ticket = synchronous ? ticket(new Sending(envelope, payload, request)) : 0;
        put(ticket, new Frame.Whole(head, ticket, whole));
        ahead.addAndGet(whole.length + OVERHEAD);
        if (!synchronous) {
          request.complete(envelope.status(), envelope.status());
        }
      } else {
        byte[] encoded =
            payload instanceof Payload.Elements
                ? null
                : whole != null ? whole : payload.encode();
        Payload offered =
            encoded == null ? payload : new Payload.Elements(Slice.of(encoded), false);
        long ticket = ticket(new Sending(envelope, offered, request));
        put(ticket, new Frame.Offer(head, ticket, offered.bytes()));
      }
    } catch (PlaceInterruptedException e) {
      throw e; // of this thread alone: the peer is well
    } catch (PlacesException e) {
      cannotPut(e);
      ticket(new Sending(envelope, payload, request)); // fails with all others, when the reader knows why
    } finally {
      order.unlock();
    }
    if (world.hasFailed()) { // perhaps before this was seen to wait, as what follows
      request.fail(world.failure());
    } else if (ended) {
      request.fail(world.endedSend(peer));
    }
  }

  /** Another thread that sends may wait for the peer meanwhile. */
  private void awaitTurn() {
    if (!order.tryLock()) {
      try {
        order.lockInterruptibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PlaceInterruptedException("interrupted while waiting to send to rank " + peer, e);
      }
    }
  }

  /** Puts a message. If the thread is interrupted, nothing is put, and nobody waits for an answer. */
  private void put(long ticket, Frame message) {
    framesSent.incrementAndGet();
    try {
      channel.put(message);
    } catch (PlaceInterruptedException e) {
      framesSent.decrementAndGet();
      synchronized (sending) {
        sending.remove(ticket);
      }
      throw e;
    }
  }

  private long ticket(Sending message) {
    long ticket = ++tickets;
    synchronized (sending) {
      sending.put(ticket, message);
    }
    return ticket;
  }

  @Override
  public void sendEnd() {
    reply( // behind what this rank still owes the peer
        () -> {
          put(new Frame.End());
          endSaid.countDown();
        });
  }

  /** The channel is closed when the rank's place ends. */
  @Override
  public void awaitEnd() {
    Thread second = writer;
    try {
      while (!endSaid.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
          && second != null
          && second.isAlive()
          && !world.hasFailed()) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is being killed
    }
  }

  @Override
  public void sendFailure(Failure failure) {
    RemoteLink.tell(channel, failure);
  }

  /** Has the second thread do something that ends with a frame. */
  private void reply(Runnable action) {
    framesSent.incrementAndGet();
    replies.add(action);
  }

  @Override
  public RankNews.Traffic traffic() {
    return new RankNews.Traffic(peer, framesSent.get(), framesCome.get());
  }

  private void put(Frame frame) {
    order.lock();
    try {
      channel.put(frame);
    } catch (PlacesException e) {
      cannotPut(e);
    } finally {
      order.unlock();
    }
  }

  private void cannotPut(PlacesException why) {
    if (ended) {
      failReceives(this::endedReceive);
    } else if (!RemoteLink.isOver(why)) {
      lost(why);
    }
  }

  private RankFailedException endedReceive() {
    return new RankFailedException(
        "rank %d has ended before all of a message from it had come: a rank waits for its requests before it returns"
            .formatted(peer));
  }

  private void read() {
    try {
      for (Frame frame : channel.messages()) {
        came(frame);
        framesCome.incrementAndGet();
      }
      lost(null);
    } catch (PlacesException e) {
      lost(e);
    } catch (RuntimeException | Error e) { // such as too little memory; unheard, the rank would wait for ever
      world.fail(new RmpiException("rank %d cannot receive from rank %d: %s".formatted(world.rank(), peer, e), e));
    }
    failReceives(this::endedReceive);
  }

  private void sendReplies() {
    try {
      while (true) {
        replies.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the job is over
    } catch (RuntimeException | Error e) { // as in what reads: the peer would wait for the rest for ever
      world.fail(world.cannotSend(peer, e));
    }
  }

  private void lost(@Nullable PlacesException why) {
    if (!ended) {
      world.peerLost(peer, why);
    }
  }

  private void came(Frame frame) {
    switch (frame) {
      case Frame.Whole whole -> world.engine().deliver(new CameWhole(whole));
      case Frame.Offer offer -> world.engine().deliver(new Offered(offer));
      case Frame.Wanted(long ticket) -> {
        Sending message = sent(ticket);
        reply(() -> sendParts(ticket, message));
      }
      case Frame.Matched(long ticket) -> done(sent(ticket));
      case Frame.Dropped(long ticket) -> done(sent(ticket));
      case Frame.Part(long ticket, long at, byte[] bytes) -> partCame(ticket, at, bytes);
      case Frame.Room(long bytes) -> ahead.addAndGet(-bytes); // without the lock: who has it may wait for the peer
      case Frame.End() -> {
        ended = true;
        world.peerEnded(peer);
        failSends(world.endedSend(peer));
        failReceives(this::unsent);
      }
      case Frame.Failed(Failure failure) -> world.failedElsewhere(failure);
      case Frame.Memory memory -> throw notHere(memory);
      case Frame.SharedMemory memory -> throw notHere(memory);
      case Frame.NoMemory memory -> throw notHere(memory);
      case Frame.Wake wake -> throw notHere(wake);
      case Frame.Listens listens -> throw notHere(listens);
      case Frame.Connected connected -> throw notHere(connected);
      case Frame.NoConnection none -> throw notHere(none);
    }
  }

  private RmpiException notHere(Frame frame) {
    return new RmpiException("rank %d sends %s, which is for other kinds of links".formatted(peer, frame));
  }

  private Sending sent(long ticket) {
    synchronized (sending) {
      Sending message = sending.remove(ticket);
      if (message == null) {
        throw new RmpiException("rank %d speaks of message %d, which was not sent".formatted(peer, ticket));
      }
      return message;
    }
  }

  private static void done(Sending message) {
    message.request().complete(message.envelope().status(), message.envelope().status());
  }

  private void sendParts(long ticket, Sending message) {
    Slice slice = ((Payload.Elements) message.payload()).slice();
    long at = 0;
    do {
      int number = (int) Math.min(slice.elements() - at, PART / slice.type().size());
      if (at > 0) {
        framesSent.incrementAndGet(); // the first is counted already
      }
      put(new Frame.Part(ticket, at * slice.type().size(), encoded(message, slice, at, number)));
      at += number;
    } while (at < slice.elements());
    done(message);
  }

  private byte[] encoded(Sending message, Slice slice, long at, int number) {
    try {
      return slice.encode(at, number);
    } catch (RuntimeException | Error e) {
      world.fail(world.cannotSend(peer, e)); // first: else this rank may have ended in order by then
      message.request().fail(() -> world.cannotSend(peer, e)); // nobody else knows of it any more
      throw e;
    }
  }

  private void partCame(long ticket, long at, byte[] bytes) {
    Offered offered;
    synchronized (coming) {
      offered = coming.get(ticket);
    }
    if (offered == null || offered.receive == null) {
      return; // nobody wants it any more: the job has failed, or the rank has ended
    }
    offered.receive.take(offered.envelope, bytes, at, offered.bytes);
    if (at + bytes.length == offered.bytes) {
      synchronized (coming) {
        coming.remove(ticket);
      }
    }
  }

  private void matched(long bytes) {
    long tell = 0;
    synchronized (this) {
      matched += bytes;
      if (matched >= ROOM_AT) {
        tell = matched;
        matched = 0;
      }
    }
    if (tell > 0) {
      Frame room = new Frame.Room(tell);
      reply(() -> put(room));
    }
  }

  private final class CameWhole implements Incoming {
    private final Envelope envelope;
    private final long ticket;
    private final byte[] body;

    CameWhole(Frame.Whole frame) {
      envelope = frame.head().envelope();
      ticket = frame.ticket();
      body = frame.body();
    }

    @Override
    public Envelope envelope() {
      return envelope;
    }

    @Override
    public long bytes() {
      return body.length;
    }

    @Override
    public void keep() {}

    @Override
    public void hold() {}

    @Override
    public void giveTo(Posted.Receive receive) {
      drop(); // first: when the receive is done its rank may end, and nothing is told behind that
      receive.take(envelope, body, 0, body.length);
    }

    @Override
    public void drop() {
      if (ticket > 0) {
        reply(() -> put(new Frame.Matched(ticket)));
      }
      matched((long) body.length + OVERHEAD);
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {}
  }

  private final class Offered implements Incoming {
    private final Envelope envelope;
    private final long ticket;
    private final long bytes;
    private volatile Posted.@Nullable Receive receive; // set before the sender is told

    Offered(Frame.Offer frame) {
      envelope = frame.head().envelope();
      ticket = frame.ticket();
      bytes = frame.bytes();
    }

    @Override
    public Envelope envelope() {
      return envelope;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void keep() {}

    @Override
    public void hold() {}

    @Override
    public void giveTo(Posted.Receive to) {
      receive = to;
      synchronized (coming) {
        coming.put(ticket, this);
      }
      if (ended) {
        to.fail(ChannelLink.this::unsent);
        return;
      }
      reply(() -> put(new Frame.Wanted(ticket)));
      if (world.hasFailed()) { // perhaps before this was seen to wait
        to.fail(world.failure());
      }
    }

    @Override
    public void drop() {
      reply(() -> put(new Frame.Dropped(ticket)));
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {}
  }

  /** Fails what the rank has not matched. */
  void failSends(Supplier<? extends PlacesException> why) {
    synchronized (sending) {
      sending.values().forEach(message -> message.request().fail(why));
      sending.clear();
    }
  }

  @Override
  public void fail(Supplier<? extends PlacesException> why) {
    failSends(why);
    failReceives(why);
  }

  /** Fails those that wait for the rest of a long message. */
  private void failReceives(Supplier<? extends PlacesException> why) {
    synchronized (coming) {
      coming.values().forEach(offered -> failReceive(offered, why));
      coming.clear();
    }
  }

  private RankFailedException unsent() {
    return new RankFailedException(
        "rank %d has ended without waiting until its message was sent".formatted(peer));
  }

  private static void failReceive(Offered offered, Supplier<? extends PlacesException> why) {
    if (offered.receive != null) {
      offered.receive.fail(why);
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
