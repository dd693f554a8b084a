package io.places.rmpi;

import static java.util.Objects.requireNonNull;

import io.places.PlacesException;
import io.places.message.MessageType;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A communicator: some ranks of the job, numbered from 0, whose messages are theirs alone (MPI 4.1, chapters
 * 3, 6 and 7).
 *
 * <p><b>Messages.</b> {@link #send} takes a {@link Slice}, an array of numbers, or a value of any message type
 * ({@link MessageType}), which is sent as its own class. Two messages of one sender that both match a receive
 * are received in the order in which they were sent. A message of at most 64 KiB is sent whether or not it
 * is wanted yet, up to 16 MiB for each receiver; a longer one, or one beyond, when a receive has matched it. Between
 * JVMs a send may also wait for room, of about a thousand small messages or thirty of 64 KiB, until the receiver is in
 * a call.
 * So a program in which each rank sends before it receives works for small messages only; {@link #sendrecv}
 * and {@link #isend} are for that.
 *
 * <p>A receive whose type or room does not fit the message that matches it throws {@link MismatchException},
 * and the communicator can be used further.
 *
 * <p><b>Collective operations</b> are called by all ranks of the communicator, in the same order, by one thread
 * a rank at a time. One that receives from a rank that calls something else throws {@link
 * CollectiveMismatchException}. What no rank has found so is found when all have ended: the job then fails with
 * that exception as its cause. Every reduction of a given number of ranks and elements combines always in the same way:
 * values, and elements by an operator that is not commutative, in the order of ranks.
 *
 * <p><b>Failures.</b> When a rank fails, dies or falls silent, all that the others wait for throws {@link
 * RankFailedException}, and so does all that they call from then on. So it is when a rank ends without sending
 * what another waits for. Every wait ends with {@link io.places.PlaceInterruptedException} if the thread is
 * interrupted.
 *
 * <p>Messages may be sent and received by any number of threads.
 */
public final class Comm {
  /**
   * Receives from whichever rank sends. Fails when all other ranks have ended, though another thread of this rank
   * could send to it still: who receives from its own rank names that.
   */
  public static final int ANY_SOURCE = -1;

  /** Receives whatever the tag. */
  public static final int ANY_TAG = -1;

  /** No rank: what is sent to it is done at once, and so is what is received from it, with 0 elements. */
  public static final int PROC_NULL = -2;

  /** The colour of ranks that are in no part of a {@link #split}. */
  public static final int UNDEFINED = -1;

  private static final int WORLD = 0; // the context of the job's communicator
  private static final int COLLECTIVE_TAG = 0;

  /** Such tags lie above that of collective operations. */
  private static final int MOST_ASIDE = Integer.MAX_VALUE - COLLECTIVE_TAG - 1;

  /** Communicators may be made of one another without end; then the last steps count. */
  private static final int LONGEST_NAME = 100;

  private static final String CLASS = "the class to receive";
  private static final String DATA = "the elements";
  private static final String PART = "this rank's part";
  private static final String ROOM = "the room for the parts of all ranks";
  private static final String OPERATOR = "the operator";

  private static final Status FROM_NULL = new Status(PROC_NULL, ANY_TAG, 0);

  private final World world;
  private final int context;
  private final String name;
  private final Map<String, Integer> made = new HashMap<>(1); // guarded by itself
  private final int[] members;
  private final int rank;
  private final int[][] alone; // each of the members
  private final AtomicLong calls = new AtomicLong();
  private final CallLog log;
  private final Collectives collectives;
  private volatile boolean isFree;

  /**
   * @param name for reports
   */
  Comm(World world, int context, String name, int[] members) {
    this.world = world;
    this.context = context;
    this.name = name;
    this.members = members;
    this.rank = Arrays.stream(members).boxed().toList().indexOf(world.rank());
    this.alone = Arrays.stream(members).mapToObj(member -> new int[] {member}).toArray(int[][]::new);
    this.log = new CallLog(context, members, rank);
    world.begins(log);
    Tally tally = world.tally();
    this.collectives = tally == null ? new Collectives(this) : new TalliedCollectives(this, tally, context);
  }

  /** The communicator of all ranks. */
  static Comm ofAll(World world) {
    int[] all = new int[world.size()];
    Arrays.setAll(all, i -> i);
    return new Comm(world, WORLD, "world", all);
  }

  /** This rank's number, from 0 on. */
  public int rank() {
    return rank;
  }

  /** How many ranks there are. */
  public int size() {
    return members.length;
  }

  World world() {
    return world;
  }

  private int[] peers(int rankOrAny) {
    return rankOrAny == ANY_SOURCE ? members : alone[rankOrAny];
  }

  int worldRank(int of) {
    return members[of];
  }

  /** The ranks of this communicator. */
  public Group group() {
    return new Group(Arrays.stream(members).boxed().toList());
  }

  /**
   * Memory for elements, zero at first, that the ranks on this host see, too. A message of at least 16 KiB that
   * is sent from a slice of it to one of them is copied once, by its receiver: so it is sent when a receive has
   * matched it, also if it is short. In all else such a slice is as one of an array; {@link Slice#memory} is
   * where its elements are.
   *
   * <p>It is this rank's alone, and is an ordinary array where the system has no such memory left. It is given back
   * when it is collected, after nothing refers to it any more; ranks that have received out of it let go of it when
   * this one waits next, or sends to them.
   */
  public Slice allocateShared(ElementType type, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("memory for 0 elements or more, not for " + count);
    }
    try {
      long bytes = (long) count * type.size();
      return Slice.of(SharedRegion.create(world.random(), bytes), type, count);
    } catch (IOException e) {
      return Slice.of(type.newArray(count));
    }
  }

  // Messages

  /**
   * Sends a message; returns when it may be changed again, which may be before it is received.
   *
   * @param message a {@link Slice}, an array of numbers, or a value of a message type
   * @param to a rank, or {@link #PROC_NULL}
   * @param tag 0 or more
   * @throws io.places.MessageNotAllowedException if it may not travel; nothing is sent
   */
  public void send(Object message, int to, int tag) {
    Request<Status> request = begin(message, to, tag);
    if (request != null) {
      request.await();
    }
  }

  /** Null if it is done already. */
  private @Nullable Request<Status> begin(Object message, int to, int tag) {
    return message instanceof Slice slice && to >= 0 && sendNow(slice, context, to, tag, null)
        ? null
        : start(message, to, tag, false);
  }

  private boolean sendNow(Slice slice, int in, int to, int tag, @Nullable CollectiveCall call) {
    requireTag(tag);
    requireRank(to);
    requireKept();
    return world.isRunning(members[to])
        && world.tally() == null
        && world.link(members[to]).sendNow(in, rank, tag, slice, call);
  }

  /** Sends a message; returns when a receive has matched it. */
  public void ssend(Object message, int to, int tag) {
    start(message, to, tag, true).await();
  }

  /**
   * Begins to send a message. Until the request is over nobody changes or frees what it is sent from. If memory is freed
   * before, and not sent yet, the request fails with an {@link RmpiException}; if the receiver waits for it by then, the
   * job does.
   */
  public Request<Status> isend(Object message, int to, int tag) {
    return start(message, to, tag, false);
  }

  private Request<Status> start(Object message, int to, int tag, boolean synchronous) {
    requireTag(tag);
    requireNonNull(message, "message");
    if (to == PROC_NULL) {
      return Request.done(world, FROM_NULL, FROM_NULL);
    }
    return send(Payload.of(message), context, to, tag, synchronous, null);
  }

  private Request<Status> send(
      Payload payload,
      int in,
      int to,
      int tag,
      boolean synchronous,
      @Nullable CollectiveCall call) {
    if (!synchronous
        && payload instanceof Payload.Elements(Slice slice, boolean borrowed)
        && sendNow(slice, in, to, tag, call)) {
      Status status = new Status(rank, tag, slice.elements());
      return Request.done(world, status, status);
    }
    requireRank(to);
    requireKept();
    if (!world.isRunning(members[to])) {
      throw world
          .endedSend(members[to])
          .get()
          .in(described("send", payload.typeName(), payload.count(), "to", to, tag, call));
    }
    var envelope = new Envelope(in, rank, tag, payload.typeName(), payload.count(), call);
    Request<Status> request =
        new Request<>(world, peers(to), () ->
                described(
                    synchronous ? "ssend" : "send", envelope.type(), envelope.count(), "to", to, tag, call));
    Link link = world.link(members[to]);
    Tally tally = world.tally();
    if (tally == null) {
      link.send(envelope, payload, synchronous, request);
    } else {
      tally.message(
          new Tally.Call("send", in, to, tag, payload.bytes()),
          request,
          () -> link.send(envelope, payload, synchronous, request));
    }
    return request;
  }

  /**
   * Receives a message as an object.
   *
   * @param type of a record, a {@code String}, an array of numbers, or another message type; just that which
   *     was sent, or a sealed interface that permits it
   * @param from a rank, or {@link #ANY_SOURCE}
   * @param tag a tag, or {@link #ANY_TAG}
   */
  public <T> T recv(Class<T> type, int from, int tag) {
    return irecv(type, from, tag).await().message();
  }

  /** Receives a message as an object, with who has sent it. */
  public <T> Received<T> receive(Class<T> type, int from, int tag) {
    return irecv(type, from, tag).await();
  }

  /** Receives an array into a slice, which must have room for it. */
  public Status recv(Slice into, int from, int tag) {
    return irecv(into, from, tag).await();
  }

  /** Begins to receive an object. */
  public <T> Request<Received<T>> irecv(Class<T> type, int from, int tag) {
    if (from == PROC_NULL) {
      throw new IllegalArgumentException(
          "PROC_NULL sends no objects; receive from it into a Slice, or leave the receive out");
    }
    return irecv(type, context, from, tag, null);
  }

  private <T> Request<Received<T>> irecv(
      Class<T> type, int in, int from, int tag, @Nullable CollectiveCall call) {
    requireSource(from, tag);
    requireNonNull(type, CLASS);
    if (!ElementType.isArray(type)) {
      requireNonNull(MessageType.of(type)); // refuses what cannot travel
    }
    Request<Received<T>> request =
        new Request<>(
            world, peers(from), () -> described("recv", type.getTypeName(), -1, "from", from, tag, call));
    post("recv", new Posted.AsObject<>(this, in, from, tag, call, type, request));
    return request;
  }

  /** Begins to receive an array into a slice. */
  public Request<Status> irecv(Slice into, int from, int tag) {
    return from == PROC_NULL
        ? Request.done(world, FROM_NULL, FROM_NULL)
        : irecv(into, context, from, tag, null);
  }

  private Request<Status> irecv(
      Slice into, int in, int from, int tag, @Nullable CollectiveCall call) {
    requireSource(from, tag);
    requireNonNull(into, "the slice to receive into");
    Request<Status> request =
        new Request<>(
            world,
            peers(from),
            () -> described("recv", into.type().typeName(), into.elements(), "from", from, tag, call));
    post("recv", new Posted.IntoSlice(this, in, from, tag, call, into, request));
    return request;
  }

  private void post(String operation, Posted posted) {
    requireKept();
    Tally tally = world.tally();
    if (tally == null) {
      world.engine().post(posted);
    } else {
      tally.message(
          new Tally.Call(operation, posted.context(), posted.source(), posted.tag(), 0),
          posted.request(),
          () -> world.engine().post(posted));
    }
  }

  /** Sends one message and receives another, at the same time; slices that overlap must have the same stride. */
  public Status sendrecv(Object message, int to, int sendTag, Slice into, int from, int receiveTag) {
    requireSend(message, to, sendTag);
    Object apart = apart(message, into);
    Request<Status> received = irecv(into, from, receiveTag);
    send(apart, to, sendTag);
    return received.await();
  }

  /** What is sent, or a copy if it lies where something is received meanwhile. */
  private static Object apart(Object message, Slice into) {
    if (message instanceof Slice slice) {
      return slice.overlaps(into) ? Slice.of(slice.toArray()) : slice;
    }
    return into.isOf(message) ? Slice.of(Slice.of(message).toArray()) : message;
  }

  /** What a send would refuse is told before anything is posted: that would take a later message. */
  private void requireSend(Object message, int to, int tag) {
    requireTag(tag);
    if (to != PROC_NULL) {
      requireRank(to);
    }
    Payload.require(message);
  }

  /** Sends one message and receives another as an object, at the same time. */
  public <T> T sendrecv(
      Object message, int to, int sendTag, Class<T> type, int from, int receiveTag) {
    requireSend(message, to, sendTag);
    Request<Received<T>> received = irecv(type, from, receiveTag);
    send(message, to, sendTag);
    return received.await().message();
  }

  /** Sends a slice and receives another message in its place. */
  public Status sendrecvReplace(Slice data, int to, int sendTag, int from, int receiveTag) {
    return sendrecv(Slice.of(data.toArray()), to, sendTag, data, from, receiveTag);
  }

  /** Waits for a message, and says what it is without receiving it. */
  public Status probe(int from, int tag) {
    if (from == PROC_NULL) {
      return FROM_NULL;
    }
    requireSource(from, tag);
    Request<Status> request = new Request<>(world, peers(from), () -> described("probe", "", -1, "from", from, tag, null));
    post("probe", new Posted.Probe(this, context, from, tag, request));
    return request.await();
  }

  /**
   * What message is there, if one is. It does not tell of ranks that have ended, so who asks for a message in a
   * loop needs another way out; {@link #probe} and receives fail when there is nobody left who could send.
   */
  public Optional<Status> iprobe(int from, int tag) {
    if (from == PROC_NULL) {
      return Optional.of(FROM_NULL);
    }
    requireSource(from, tag);
    requireKept();
    world.requireUnharmed();
    world.progress().poll();
    Request<Status> request = new Request<>(world, null, () -> "iprobe");
    return world.engine().offer(new Posted.Probe(this, context, from, tag, request))
        ? request.test()
        : Optional.empty();
  }

  /** Waits for a message and takes it away from all other receives: for several threads that receive. */
  public Message mprobe(int from, int tag) {
    requireSomebody(from);
    requireSource(from, tag);
    Request<Message> request = new Request<>(world, peers(from), () -> described("mprobe", "", -1, "from", from, tag, null));
    post("mprobe", new Posted.Claim(this, context, from, tag, request));
    return request.await();
  }

  /** As {@link #mprobe}, if a message is there. */
  public Optional<Message> improbe(int from, int tag) {
    requireSomebody(from);
    requireSource(from, tag);
    requireKept();
    world.requireUnharmed();
    world.progress().poll();
    Request<Message> request = new Request<>(world, null, () -> "improbe");
    return world.engine().offer(new Posted.Claim(this, context, from, tag, request))
        ? request.test()
        : Optional.empty();
  }

  Request<Status> receive(Incoming claimed, Slice into) {
    Request<Status> request = new Request<>(
            world, peers(claimed.envelope().source()), () -> "recv(%s) of a probed message".formatted(into));
    Status of = claimed.envelope().status();
    give(claimed, new Posted.IntoSlice(this, context, of.source(), of.tag(), null, into, request));
    return request;
  }

  <T> Request<Received<T>> receive(Incoming claimed, Class<T> type) {
    Request<Received<T>> request =
        new Request<>(
            world,
            peers(claimed.envelope().source()),
            () -> "recv(%s) of a probed message".formatted(type.getTypeName()));
    Status of = claimed.envelope().status();
    give(claimed, new Posted.AsObject<>(this, context, of.source(), of.tag(), null, type, request));
    return request;
  }

  private void give(Incoming claimed, Posted posted) {
    Tally tally = world.tally();
    if (tally == null) {
      world.engine().receive(claimed, posted);
    } else {
      tally.message(
          new Tally.Call("recv", context, posted.source(), posted.tag(), 0),
          posted.request(),
          () -> world.engine().receive(claimed, posted));
    }
  }

  // Collective operations

  /** Returns when all ranks have called it. */
  public void barrier() {
    collectives.barrier();
  }

  /**
   * Gives all ranks the root's value.
   *
   * @param value at the root; ignored elsewhere
   */
  public <T> T bcast(@Nullable T value, int root, Class<T> type) {
    return collectives.bcast(value, root, requireNonNull(type, CLASS));
  }

  /** Gives all ranks the root's elements. */
  public void bcast(Slice data, int root) {
    collectives.bcast(requireNonNull(data, DATA), root);
  }

  /** Combines the values of all ranks at the root; empty elsewhere. */
  public <T> Optional<T> reduce(T value, Op<T> op, int root) {
    return collectives.reduce(value, requireNonNull(op, OPERATOR), root);
  }

  /**
   * Combines the elements of all ranks at the root.
   *
   * @param data this rank's; at the root afterwards the result, elsewhere as before
   */
  public void reduce(Slice data, ArrayOp op, int root) {
    collectives.reduce(requireNonNull(data, DATA), requireNonNull(op, OPERATOR), root);
  }

  /** Combines the values of all ranks, for all. */
  public <T> T allreduce(T value, Op<T> op) {
    return collectives.allreduce(value, requireNonNull(op, OPERATOR));
  }

  /** Combines the elements of all ranks, for all. */
  public void allreduce(Slice data, ArrayOp op) {
    collectives.allreduce(requireNonNull(data, DATA), requireNonNull(op, OPERATOR));
  }

  /** Combines the values of the ranks up to this one. */
  public <T> T scan(T value, Op<T> op) {
    return collectives.scan(value, requireNonNull(op, OPERATOR));
  }

  /** Combines the elements of the ranks up to this one. */
  public void scan(Slice data, ArrayOp op) {
    collectives.scan(requireNonNull(data, DATA), requireNonNull(op, OPERATOR));
  }

  /** Combines the values of the ranks before this one; empty at rank 0. */
  public <T> Optional<T> exscan(T value, Op<T> op) {
    return collectives.exscan(value, requireNonNull(op, OPERATOR));
  }

  /** Combines the elements of the ranks before this one; at rank 0 nothing changes. */
  public void exscan(Slice data, ArrayOp op) {
    collectives.exscan(requireNonNull(data, DATA), requireNonNull(op, OPERATOR));
  }

  /** The values of all ranks in their order, at the root; an empty list elsewhere. */
  public <T> List<T> gather(T value, int root) {
    return collectives.gather(value, root);
  }

  /**
   * The elements of all ranks one after the other, at the root; each has as many.
   *
   * @param all at the root only
   */
  public void gather(Slice part, @Nullable Slice all, int root) {
    collectives.gather(requireNonNull(part, PART), all, root);
  }

  /**
   * The elements of all ranks, at the root.
   *
   * @param all at the root only
   * @param counts how many each rank has; at the root only
   * @param offsets where in {@code all} those of each rank go, apart from each other; at the root only
   */
  public void gatherv(
      Slice part, @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, int root) {
    collectives.gatherv(requireNonNull(part, PART), all, counts, offsets, root);
  }

  /**
   * Gives each rank one of the root's values.
   *
   * @param values one for each rank, at the root; ignored elsewhere
   */
  public <T> T scatter(List<T> values, int root, Class<T> type) {
    return collectives.scatter(values, root, requireNonNull(type, CLASS));
  }

  /**
   * Gives each rank its part of the root's elements; all parts are of the same size.
   *
   * @param all at the root only
   */
  public void scatter(@Nullable Slice all, Slice part, int root) {
    collectives.scatter(all, requireNonNull(part, PART), root);
  }

  /** Gives each rank a part of the root's elements, as {@link #gatherv} collects them. */
  public void scatterv(
      @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, Slice part, int root) {
    collectives.scatterv(all, counts, offsets, requireNonNull(part, PART), root);
  }

  /** The values of all ranks in their order, for all. */
  public <T> List<T> allgather(T value) {
    return collectives.allgather(value);
  }

  /** The elements of all ranks one after the other, for all; each has as many. */
  public void allgather(Slice part, Slice all) {
    collectives.allgather(requireNonNull(part, PART), requireNonNull(all, ROOM));
  }

  /** The elements of all ranks, for all; counts and offsets are the same at each. */
  public void allgatherv(Slice part, Slice all, int[] counts, int[] offsets) {
    collectives.allgatherv(requireNonNull(part, PART), requireNonNull(all, ROOM), counts, offsets);
  }

  /** Sends each rank one of this rank's values, and gives those that they have for this one. */
  public <T> List<T> alltoall(List<T> values, Class<T> type) {
    return collectives.alltoall(requireNonNull(values, "values"), requireNonNull(type, CLASS));
  }

  /**
   * Sends each rank its part of {@code out}, and gathers theirs in {@code in}; all of the same size. Both may be the
   * same.
   */
  public void alltoall(Slice out, Slice in) {
    collectives.alltoall(requireNonNull(out, DATA), requireNonNull(in, ROOM));
  }

  /** As {@link #alltoall(Slice, Slice)}, with parts of any size. */
  public void alltoallv(
      Slice out, int[] outCounts, int[] outOffsets, Slice in, int[] inCounts, int[] inOffsets) {
    collectives.alltoallv(out, outCounts, outOffsets, in, inCounts, inOffsets);
  }

  /**
   * Combines the elements of all ranks, and gives each its part of the result.
   *
   * @param data what is combined; undefined afterwards
   * @param part this rank's: {@code counts[rank]} elements
   * @param counts how large the parts are, one after the other
   */
  public void reduceScatter(Slice data, Slice part, int[] counts, ArrayOp op) {
    collectives.reduceScatter(requireNonNull(data, DATA), requireNonNull(part, PART), counts, requireNonNull(op, OPERATOR));
  }

  // Communicators

  /** A communicator of the same ranks, whose messages do not mix with those of this one. Collective. */
  public Comm dup() {
    String twin = nameOfNext("dup");
    return new Comm(world, collectives.newContext("dup"), twin, members);
  }

  /**
   * Divides the ranks by colour. Collective.
   *
   * @param colour of the part to be in; {@link #UNDEFINED} for none
   * @param key orders the ranks of a part; equal ones are in the order of this communicator
   * @return empty if the colour is {@link #UNDEFINED}
   */
  public Optional<Comm> split(int colour, int key) {
    if (colour < 0 && colour != UNDEFINED) {
      throw new IllegalArgumentException("a colour is 0 or more, or UNDEFINED; not " + colour);
    }
    return split("split", colour, key, "");
  }

  /** In the name of an operation, and with what all must call that with. */
  Optional<Comm> split(String operation, int colour, int key, String arguments) {
    return collectives.split(operation, colour, key, arguments);
  }

  /**
   * A communicator of some of the ranks. Collective over all ranks of this one, with the same group.
   *
   * @param group of ranks that are in this one
   * @return empty for ranks that are not in the group
   * @throws CollectiveMismatchException at all ranks, if two have given different groups
   */
  public Optional<Comm> create(Group group) {
    group.worldRanks().forEach(this::rankOfWorld); // complains of those that are not here
    int position = group.worldRanks().indexOf(world.rank());
    return split("create", position < 0 ? UNDEFINED : 0, Math.max(position, 0), group.text());
  }

  /**
   * A communicator of some of the ranks, made by those alone: the others need not call this, and other groups
   * may do so at the same time.
   *
   * @param group with this rank in it, and the same at each of them
   * @param tag tells calls of the same ranks at the same time apart; 0 or more, and less than {@link Integer#MAX_VALUE}
   */
  public Comm createGroup(Group group, int tag) {
    requireTag(tag);
    if (tag > MOST_ASIDE) {
      throw new IllegalArgumentException("a tag of createGroup is at most %d, not %d".formatted(MOST_ASIDE, tag));
    }
    int[] ranks = group.worldRanks().stream().mapToInt(this::rankOfWorld).toArray();
    if (!group.worldRanks().contains(world.rank())) {
      throw new IllegalArgumentException(
          "rank %d of the job is not in %s; only those that are call createGroup"
              .formatted(world.rank(), group.worldRanks()));
    }
    return ofMembers(
        collectives.newContext(ranks, group, tag), "%s.createGroup (tag %d)".formatted(name, tag), ranks);
  }

  private int rankOfWorld(int worldRank) {
    for (int i = 0; i < members.length; i++) {
      if (members[i] == worldRank) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "rank %d of the job is not in this communicator, which has %d ranks: %s"
            .formatted(worldRank, members.length, group().text()));
  }

  /**
   * Gives back what this rank keeps for the communicator: for programs that make many. What was sent to this
   * rank in it and not received is dropped, as is what comes later, and receives that have no message yet fail with
   * {@link RmpiException}.
   * Whatever would communicate in it from then on is refused with {@link IllegalStateException}.
   *
   * @throws IllegalStateException if it is that of the job, or has been given back before
   */
  public void free() {
    if (context == WORLD) {
      throw new IllegalStateException("the communicator of the job cannot be given back");
    }
    requireKept();
    isFree = true;
    world.engine().forget(context);
    world.engine().forget(context + 1);
    world.ends(log);
  }

  /**
   * This communicator's ranks on a grid; see {@link Cartesian}. Collective, with the same grid.
   *
   * @throws CollectiveMismatchException at all ranks, if two have given different grids
   */
  public Optional<Cartesian> cartesian(int[] sizes, boolean[] periodic) {
    return Cartesian.of(this, sizes, periodic);
  }

  Comm ofMembers(int newContext, String newName, int[] ranks) {
    return new Comm(world, newContext, newName, Arrays.stream(ranks).map(this::worldRank).toArray());
  }

  /** How one is called that an operation makes of this; the same at all ranks that have called the same so far. */
  String nameOfNext(String operation) {
    int number;
    synchronized (made) {
      number = made.merge(operation, 1, Integer::sum);
    }
    String all = "%s.%s #%d".formatted(name, operation, number);
    return all.length() <= LONGEST_NAME ? all : "…" + all.substring(all.length() - LONGEST_NAME);
  }

  // What collective operations are made of

  private void requireKept() {
    if (isFree) {
      throw new IllegalStateException(givenBack().getMessage());
    }
  }

  /** Of what waited when it was. */
  RmpiException givenBack() {
    return new RmpiException(
        "rank %d has given this communicator back: nothing can be sent or received in it".formatted(rank));
  }

  CollectiveCall call(String operation, int root, String type, int count) {
    requireKept();
    world.requireUnharmed();
    if (root != CollectiveCall.NO_ROOT) {
      requireRank(root);
    }
    CollectiveCall call =
        new CollectiveCall(calls.incrementAndGet(), operation, root, type, count);
    log.add(call);
    return call;
  }

  Request<Status> isend(CollectiveCall call, Payload payload, int to) {
    return send(payload, context + 1, to, COLLECTIVE_TAG, false, call);
  }

  /** For operations of some of the ranks, which must not be taken for those of all. */
  void sendAside(Collectives.Aside aside, int to, int tag) {
    send(Payload.of(aside), context + 1, to, COLLECTIVE_TAG + 1 + tag, false, null).await();
  }

  Collectives.Aside receiveAside(int from, Group group, int tag) {
    Request<Received<Collectives.Aside>> request =
        new Request<>(
            world,
            peers(from),
            () -> "%s%s, which waits for %s".formatted(group.made(tag), where(), numbered(from)));
    Class<Collectives.Aside> type = Collectives.Aside.class;
    post("recv", new Posted.AsObject<>(this, context + 1, from, COLLECTIVE_TAG + 1 + tag, null, type, request));
    return request.await().message();
  }

  Request<Status> irecv(CollectiveCall call, Slice into, int from) {
    return irecv(into, context + 1, from, COLLECTIVE_TAG, call);
  }

  <T> Request<Received<T>> irecv(CollectiveCall call, Class<T> type, int from) {
    return irecv(type, context + 1, from, COLLECTIVE_TAG, call);
  }

  CollectiveMismatchException mismatch(CollectiveCall mine, Envelope theirs) {
    CollectiveCall call = requireNonNull(theirs.call());
    CollectiveCall then = call.number() < mine.number() ? log.call(call.number()) : null;
    String was = then == null || then.equals(call) ? "" : "; rank %d was in %s".formatted(rank, then.text());
    return mismatch(
        "rank %d is in %s, rank %d in %s%s"
            .formatted(rank, mine.text(), theirs.source(), call.text(), was));
  }

  CollectiveMismatchException mismatch(String what) {
    String where = context == WORLD ? "" : "in %s: ".formatted(name);
    return new CollectiveMismatchException(
        "%s%s: %s".formatted(where, what, CollectiveMismatchException.RULE));
  }

  private String described(
      String operation,
      String type,
      long count,
      String preposition,
      int peer,
      int tag,
      @Nullable CollectiveCall call) {
    String what = count < 0 ? type : "%s of %d".formatted(type, count);
    String whom = peer == ANY_SOURCE ? "any rank" : numbered(peer);
    String how = call != null ? call.text() : tag == ANY_TAG ? "any tag" : "tag " + tag;
    return "%s(%s%s%s %s, %s)%s"
        .formatted(operation, what, what.isEmpty() ? "" : " ", preposition, whom, how, where());
  }

  private String numbered(int peer) {
    return members[peer] == peer
        ? "rank " + peer
        : "rank %d of its communicator, the job's rank %d".formatted(peer, members[peer]);
  }

  /** In which communicator, for who reads of it; of that of the job nothing is said. */
  private String where() {
    return context == WORLD ? "" : " in " + name;
  }

  private static void requireTag(int tag) {
    if (tag < 0) {
      throw new IllegalArgumentException("a message is sent with a tag of 0 or more, not " + tag);
    }
  }

  private void requireRank(int other) {
    if (other < 0 || other >= members.length) {
      throw new IllegalArgumentException(
          "rank %d of a communicator of %d: they are 0 to %d"
              .formatted(other, members.length, members.length - 1));
    }
  }

  private static void requireSomebody(int from) {
    if (from == PROC_NULL) {
      throw new IllegalArgumentException(
          "PROC_NULL sends no message that could be claimed; leave the probe out, or receive from it");
    }
  }

  private void requireSource(int from, int tag) {
    if (from != ANY_SOURCE) {
      requireRank(from);
    }
    if (tag < ANY_TAG) {
      throw new IllegalArgumentException(
          "a message is received with a tag of 0 or more, or with ANY_TAG; not " + tag);
    }
  }

  /**
   * Ends the whole job.
   *
   * @throws JobAbortedException always; it names this rank and says why, as what the other ranks throw does, and the
   *     failure of the job
   */
  public void abort(String why) {
    String text = "rank %d has aborted the job: %s".formatted(world.rank(), why);
    world.fail(new RankFailedException(text));
    throw new JobAbortedException(text);
  }

  @Override
  public String toString() {
    return "rank %d of %d".formatted(rank, members.length);
  }
}
