package io.places.node;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.MessageNotAllowedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.PutTimeoutException;
import io.places.channel.ChannelEnd;
import io.places.channel.Credit;
import io.places.channel.Encoded;
import io.places.channel.Lending;
import io.places.channel.Link;
import io.places.channel.Mark;
import io.places.channel.MovedException;
import io.places.event.EventSource;
import io.places.message.MessageType;
import io.places.wire.Connection;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The way to an end on another node: a channel id on the connection to that node. Messages are encoded by
 * the putting thread and decoded by the getting one; between them they are bytes.
 *
 * The gate keeps order where two things must not mix: whoever sends holds it shared; whoever closes the
 * link because an end moves, exclusively, so that nothing is sent after its last word; and a message with
 * ends in it exclusively, because the ends go as several messages ahead of it, and none may leave its place
 * for a link that is closed. No user's code runs under it: that might send by this link.
 *
 * The connection's tables hold the link, and the link its end only weakly: an end that nobody can use any
 * more is collected, and its peer told.
 */
final class RemoteLink implements Link {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int NUMBER_SIZE = Long.BYTES;

  private final Peer peer;
  private final long id;
  private final long lane;
  private final Window window;
  private final Credit credit;
  private final Held held;
  private final StampedLock gate = new StampedLock();
  private final CompletableFuture<Moves.Answer> pausing = new CompletableFuture<>();
  private boolean frozen; // guarded by the gate
  private @Nullable WeakReference<ChannelEnd<?, ?>> end; // set once, before it is registered
  private boolean ofMovedEnd; // set before it is registered
  private volatile boolean over;
  private volatile @Nullable Limbo attaching;

  /** Ends that came for the next message; null when no message will come any more. Guarded by this. */
  private @Nullable List<Arrival> arrivals = new ArrayList<>(0);

  /**
   * A link that is to be bound to its end and registered at the peer.
   *
   * @param lane in whose order its messages leave
   * @param room what may be sent at once
   */
  RemoteLink(Peer peer, long id, long lane, Clock clock, Window window, Window.Room room) {
    this.peer = peer;
    this.id = id;
    this.lane = lane;
    this.window = window;
    this.credit = new Credit(clock, room.messages(), room.bytes());
    this.held = new Held(peer.connection());
  }

  /**
   * Makes an end with a link, registered at the peer.
   *
   * @param title what is at the other end, for error messages
   */
  static <S, R> ChannelEnd<S, R> open(
      Peer peer,
      long id,
      long lane,
      MessageType<S> sends,
      MessageType<R> receives,
      Clock clock,
      String title) {
    var end = new ChannelEnd<>(sends, receives, clock, title);
    var link = new RemoteLink(peer, id, lane, clock, new Window(), Window.Room.FULL);
    link.grantsWhatIsGot();
    end.beginWith(link);
    link.bind(end);
    peer.register(link);
    return end;
  }

  /** Whose link this is; set before anybody else has the link. */
  void bind(ChannelEnd<?, ?> of) {
    end = new WeakReference<>(of);
    CLEANER.register(of, this::abandoned);
  }

  /** Has what an end holds released when nobody can use the end any more. */
  static void releaseWhenUnreachable(ChannelEnd<?, ?> end, Held held) {
    CLEANER.register(end, held::releaseAll);
  }

  /** The link that this one is to replace when the peer has agreed. */
  void attaches(Limbo limbo) {
    attaching = limbo;
  }

  @Nullable Limbo attaching() {
    return attaching;
  }

  /** Whether it was made for an end that moved, rather than by a user of the connection. */
  boolean isOfMovedEnd() {
    return ofMovedEnd;
  }

  void ofMovedEnd() {
    ofMovedEnd = true;
  }

  Peer peer() {
    return peer;
  }

  long id() {
    return id;
  }

  long lane() {
    return lane;
  }

  Window window() {
    return window;
  }

  /** Null if nobody can use it any more. */
  @Nullable ChannelEnd<?, ?> end() {
    return end == null ? null : end.get();
  }

  /** A whole message came; called on the connection's event loop. */
  void received(int marks, byte[] message, int size) {
    List<Encoded.Carried> ends = peer.moves().come(peer, arrived());
    Received came = Received.read(id, marks, message, size, ends, held);
    if (came.mark() != Mark.ANSWER) {
      window.came(id, came.content().size());
    }
    ChannelEnd<?, ?> to = end();
    if (to != null) {
      to.arrive(came.content(), came.mark(), came.question());
    } else {
      ChannelEnd.neverGot(came.content());
    }
  }

  /** A message as it comes in frames. */
  record Received(Encoded content, Mark mark, long question) {
    static Received read(
        long channel, int marks, byte[] message, int size, List<Encoded.Carried> ends, Held held) {
      held.hold(size);
      if (marks == 0) {
        return new Received(new Encoded(message, 0, size, ends, held, size), Mark.PLAIN, 0);
      }
      if (size < NUMBER_SIZE) {
        throw new ProtocolException("a question or answer without its number on channel " + channel);
      }
      return new Received(
          new Encoded(message, NUMBER_SIZE, size - NUMBER_SIZE, ends, held, size),
          marks == Connection.ANSWER ? Mark.ANSWER : Mark.QUESTION,
          ByteBuffer.wrap(message).getLong());
    }
  }

  /** An end came that is in the next message; called on the connection's event loop. */
  void arrives(Arrival arrival) {
    synchronized (this) {
      if (arrivals != null) {
        arrivals.add(arrival);
        return;
      }
    }
    peer.moves().arrivals().notCarried(arrival);
  }

  /** The ends that came for the message that is here now. */
  private synchronized List<Arrival> arrived() {
    List<Arrival> arrived = arrivals;
    if (arrived == null || arrived.isEmpty()) {
      return List.of();
    }
    arrivals = new ArrayList<>(0);
    return arrived;
  }

  /** The message in which ends were to come will not: the channel is over. */
  private void dropArrivals() {
    List<Arrival> dropped;
    synchronized (this) {
      dropped = arrivals;
      arrivals = null;
    }
    if (dropped != null) {
      dropped.forEach(arrival -> peer.moves().arrivals().notCarried(arrival));
    }
  }

  void grant(long messages, long bytes) {
    credit.grant(messages, bytes);
  }

  @Override
  public <T> Object prepare(MessageType<T> type, T message) {
    return Encoded.of(type, message, peer.largestMessage());
  }

  /** An answer takes no credit: somebody waits for it. */
  @Override
  public <T> Outcome send(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    Encoded message =
        prepared instanceof Encoded already
            ? already
            : Encoded.of(type, type.cast(Lending.message(prepared)), peer.largestMessage());
    message.requireNothingShared();
    requireFits(message); // it may have been encoded for another node
    long left = nanos;
    try {
      if (!tryTakeCredit(message.size(), mark)) {
        left = takeCredit(message.size(), mark, nanos);
      }
    } catch (MovedException e) {
      return Outcome.REPLACED;
    }
    if (left < 0) {
      return Outcome.NO_CREDIT;
    }
    return message.ends().isEmpty()
        ? sendPlain(message, mark, question)
        : sendWithEnds(message, mark, question, nanos, left);
  }

  /**
   * Refuses a message that is larger than the peer takes.
   *
   * @throws MessageNotAllowedException if it is
   */
  void requireFits(Encoded message) {
    int most = peer.largestMessage();
    if (message.size() > most) {
      throw new MessageNotAllowedException(
          "a message of %d bytes is too large: between this node and %s one takes at most %d (NodeOptions.largestMessage); send it in parts"
              .formatted(message.size(), peer, most));
    }
  }

  /** Credit of this channel, which an answer does not need, and room on the connection, if there is both. */
  private boolean tryTakeCredit(int size, Mark mark) throws InterruptedException {
    return takeCredit(size, mark, 0) == 0;
  }

  /**
   * Waits for credit of this channel, then for room on the connection, for both up to {@code nanos}.
   *
   * @return how much of the time is left; a negative number if there was none of either in time
   */
  private long takeCredit(int size, Mark mark, long nanos) throws InterruptedException {
    long start = nanos > 0 ? credit.clock().nanoTime() : 0;
    if (mark != Mark.ANSWER && !credit.acquire(size, nanos)) {
      return -1;
    }
    boolean taken = false;
    try {
      taken = peer.window().take(onWire(size, mark), left(nanos, start), () -> !over);
    } finally {
      if (!taken && mark != Mark.ANSWER) {
        credit.grant(1, size);
      }
    }
    if (!taken && over) {
      credit.acquire(size, 0); // throws what there is to say
    }
    return taken ? left(nanos, start) : -1;
  }

  private long left(long nanos, long start) {
    return nanos > 0 ? Math.max(0, nanos - (credit.clock().nanoTime() - start)) : 0;
  }

  /** The message was not sent. */
  private void giveBack(Encoded message, Mark mark) {
    int size = message.size();
    peer.window().grant(Connection.cost(onWire(size, mark)));
    if (mark != Mark.ANSWER) {
      credit.grant(1, size);
    }
  }

  private static int onWire(int size, Mark mark) {
    return mark == Mark.PLAIN ? size : size + NUMBER_SIZE;
  }

  private Outcome sendPlain(Encoded message, Mark mark, long question) {
    long stamp = gate.readLock();
    try {
      if (frozen) {
        giveBack(message, mark);
        return Outcome.REPLACED;
      }
      data(peer, lane, id, message, mark, question);
      return Outcome.SENT;
    } finally {
      gate.unlockRead(stamp);
    }
  }

  /** The ends leave their places when nothing but the end of the connection keeps them from going this way. */
  private Outcome sendWithEnds(
      Encoded message, Mark mark, long question, long nanos, long left) throws InterruptedException {
    Moves moves = peer.moves();
    Moves.Departure departure;
    try {
      peer.makeRoom(credit.clock());
      departure = moves.makeReady(message.ends(), this, left);
    } catch (PutTimeoutException e) {
      giveBack(message, mark);
      if (nanos > 0) {
        throw e;
      }
      return Outcome.NO_CREDIT;
    } catch (RuntimeException | InterruptedException e) {
      giveBack(message, mark);
      throw e;
    }
    List<Runnable> later = new ArrayList<>();
    boolean replaced;
    boolean sent = false;
    long stamp = gate.writeLock();
    try {
      replaced = frozen;
      if (!replaced && !peer.isLost()) {
        message.replaceEnds(moves.pack(departure, this, later::add));
        moves.ship(message, peer, lane, id);
        data(peer, lane, id, message, mark, question);
        sent = true;
      }
    } finally {
      gate.unlockWrite(stamp);
      later.forEach(Runnable::run);
    }
    if (sent) {
      return Outcome.SENT;
    }
    moves.stay(departure);
    giveBack(message, mark);
    if (!replaced) {
      peer.requireAlive();
    }
    return Outcome.REPLACED;
  }

  static void data(
      Peer to, long lane, long channel, Encoded message, Mark mark, long question) {
    int marks =
        switch (mark) {
          case PLAIN -> 0;
          case QUESTION -> Connection.QUESTION;
          case ANSWER -> Connection.ANSWER;
        };
    to.connection()
        .data(lane, channel, marks, question, message.takeBytes(), message.offset(), message.size());
  }

  @Override
  public EventSource<Boolean> credit() {
    return credit;
  }

  @Override
  public void got(int bytes) {
    window.got(bytes);
  }

  /** The peer has this link, too: what is got of the end's window is granted by it. */
  void grantsWhatIsGot() {
    window.grantsTo(
        room -> peer.connection().credit(id, (int) room.messages(), room.bytes()));
  }

  @Override
  public void end(Supplier<PlacesException> reason) {
    credit.close(reason);
  }

  @Override
  public void close(@Nullable PlacesException cause) {
    peer.closeChannel(this, cause);
    stop();
  }

  @Override
  public void replaced() {
    freeze();
  }

  /** Lets nothing more through; when this returns, all that was let through is on its way. */
  void freeze() {
    long stamp = gate.writeLock();
    try {
      frozen = true;
    } finally {
      gate.unlockWrite(stamp);
    }
    credit.close(() -> new MovedException("there is another way now"));
    over = true;
    peer.window().wake();
  }

  /** Completed with what the peer answers to our wish to move this end. */
  CompletableFuture<Moves.Answer> pausing() {
    return pausing;
  }

  /** The other end is closed, or its node lost. */
  void closedByPeer(Supplier<PlacesException> reason) {
    ChannelEnd<?, ?> of = end();
    if (of != null) {
      Link now = of.link();
      if (now.equals(this)
          || now.equals(attaching)
          || (now instanceof Limbo limbo && equals(limbo.before()) && limbo.ticket() == 0)) {
        of.closedByPeer(reason);
      }
    }
    pausing.complete(Moves.Answer.over());
    stop();
  }

  /** Nothing comes or goes by this link any more. */
  void stop() {
    over = true;
    peer.window().wake();
    dropArrivals();
  }

  /** Called when nobody can use the end any more. */
  private void abandoned() {
    held.releaseAll();
    dropArrivals();
    if (!over) {
      over = true;
      peer.closeChannel(
          this,
          new ChannelClosedException(
              "the other end of the channel was dropped by its last holder without being closed"));
    }
  }

  @Override
  public String toString() {
    return "channel %d to %s".formatted(id, peer);
  }
}
