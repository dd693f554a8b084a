package io.places.rmpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/*
 * The algorithms are those that MPI libraries have in common (Thakur, Rabenseifner, Gropp: Optimization of
 * Collective Communication Operations in MPICH, 2005):
 *
 *   barrier      in pairs among a power of two, else dissemination
 *   bcast        binomial tree; long ones in segments, along a chain up to 7 ranks
 *   reduce       binomial tree to rank 0, then to the root
 *   allreduce    recursive doubling; longer ones recursive halving, then doubling (Rabenseifner); very long
 *                ones among a number of ranks that is no power of two, with an operator that commutes: ring
 *                reduce-scatter, then ring allgather
 *   scan         recursive doubling
 *   gather(v), scatter(v)  every rank with the root
 *   allgather    ring; short ones among a power of two recursive doubling
 *   allgatherv   ring
 *   alltoall(v)  every rank with every rank, each beginning with its next
 *
 * Trees and doubling combine rows of neighbouring ranks only, so the order of ranks is kept. The tree of a
 * reduction does not depend on the root, so neither does its result.
 */
/** The collective operations of one communicator. */
class Collectives {
  /** Up to this size recursive doubling is quicker than halves that go round. */
  private static final long SHORT = 8 << 10;

  /** From this size on the bytes count for more than the steps. */
  private static final long LONG = 512 << 10;

  /** From this size on a broadcast goes in segments. */
  private static final long SEGMENT = 64 << 10;

  /** Up to here a chain is quicker than a tree for long broadcasts. */
  private static final int CHAIN = 7;

  private static final byte[] NOTHING = {};

  private static final long FNV_BASIS = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private final Comm comm;
  private final Scratch scratch = new Scratch();

  Collectives(Comm comm) {
    this.comm = comm;
  }

  void barrier() {
    CollectiveCall call = comm.call("barrier", CollectiveCall.NO_ROOT, "", -1);
    Slice nothing = Slice.of(NOTHING);
    boolean pairs = isPowerOfTwo();
    for (int step = 1; step < comm.size(); step <<= 1) {
      int from = pairs ? comm.rank() ^ step : behind(step);
      Request<Status> came = comm.irecv(call, nothing, from);
      comm.isend(call, Payload.of(nothing), pairs ? from : ahead(step)).await();
      came.await();
    }
  }

  private int ahead(int by) {
    return (comm.rank() + by) % comm.size();
  }

  private int behind(int by) {
    return (comm.rank() - by + comm.size()) % comm.size();
  }

  <T> T bcast(@Nullable T value, int root, Class<T> type) {
    CollectiveCall call = comm.call("bcast", root, type.getTypeName(), -1);
    int position = position(root);
    T got =
        position == 0
            ? Objects.requireNonNull(value, "the value that the root broadcasts")
            : comm.irecv(call, type, rankAt(parent(position), root)).await().message();
    for (int child : children(position)) {
      comm.isend(call, Payload.of(got), rankAt(child, root)).await();
    }
    return got;
  }

  void bcast(Slice data, int root) {
    CollectiveCall call = call("bcast", root, data);
    int position = position(root);
    boolean chain = data.bytes() > SEGMENT && comm.size() <= CHAIN;
    int from = position == 0 ? -1 : rankAt(chain ? position - 1 : parent(position), root);
    List<Integer> to =
        !chain
            ? children(position)
            : position + 1 < comm.size() ? List.of(position + 1) : List.of();
    List<Slice> segments = segments(data);
    List<Request<?>> came = new ArrayList<>(); // all posted now: what comes is not kept first
    if (from >= 0) {
      segments.forEach(segment -> came.add(comm.irecv(call, segment, from)));
    }
    List<Request<?>> sent = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      if (from >= 0) {
        came.get(i).await();
      }
      for (int child : to) {
        sent.add(comm.isend(call, Payload.of(segments.get(i)), rankAt(child, root)));
      }
    }
    Request.awaitAll(sent);
  }

  /** One at least. */
  static List<Slice> segments(Slice data) {
    if (data.bytes() <= SEGMENT) {
      return List.of(data);
    }
    int most = (int) (SEGMENT / data.type().size());
    List<Slice> segments = new ArrayList<>();
    for (long at = 0; at < data.count(); at += most) {
      segments.add(data.slice(at, Math.min(most, data.count() - at)));
    }
    return segments;
  }

  /** Where this rank is in the tree of a root, which is at 0. */
  private int position(int root) {
    return (comm.rank() - root + comm.size()) % comm.size();
  }

  private int rankAt(int position, int root) {
    return (position + root) % comm.size();
  }

  /** In the binomial tree: a position without its lowest bit. */
  private static int parent(int position) {
    return position & (position - 1);
  }

  /** In the binomial tree, the one with the most below it first. */
  private List<Integer> children(int position) {
    List<Integer> children = new ArrayList<>();
    int lowest = position == 0 ? Integer.MAX_VALUE : Integer.lowestOneBit(position);
    for (int bit = 1; bit < lowest && bit < comm.size(); bit <<= 1) {
      if ((position | bit) < comm.size()) {
        children.add(position | bit);
      }
    }
    Collections.reverse(children);
    return children;
  }

  <T> Optional<T> reduce(T value, Op<T> op, int root) {
    Partial.OfValue<T> partial = partial("reduce", root, value, op);
    reduceTo(partial, root);
    return comm.rank() == root ? Optional.of(partial.value()) : Optional.empty();
  }

  void reduce(Slice data, ArrayOp op, int root) {
    op.requireFor(data.type());
    Slice result = Slice.of(data.toArray());
    reduceTo(new Partial.OfSlice(comm, scratch, call(op.names().reduce(), root, data), result, op), root);
    if (comm.rank() == root) {
      result.copyTo(data);
    }
  }

  private <P> void reduceTo(Partial<P> partial, int root) {
    reduceToFirst(partial);
    if (root != 0 && comm.rank() == 0) {
      partial.send(root);
    } else if (root != 0 && comm.rank() == root) {
      partial.replaceBy(partial.receive(0));
    }
  }

  private <P> void reduceToFirst(Partial<P> partial) {
    int rank = comm.rank();
    for (int bit = 1; bit < comm.size(); bit <<= 1) {
      if ((rank & bit) != 0) {
        partial.send(rank & ~bit);
        return;
      }
      if ((rank | bit) < comm.size()) {
        partial.combine(partial.receive(rank | bit), false);
      }
    }
  }

  <T> T allreduce(T value, Op<T> op) {
    Partial.OfValue<T> partial = partial("allreduce", CollectiveCall.NO_ROOT, value, op);
    byDoubling(partial);
    return partial.value();
  }

  void allreduce(Slice data, ArrayOp op) {
    op.requireFor(data.type());
    CollectiveCall call = call(op.names().allreduce(), CollectiveCall.NO_ROOT, data);
    Slice dense = data.isDense() ? data : Slice.of(data.toArray());
    boolean ring = !isPowerOfTwo() && op.isCommutative() && data.bytes() > LONG;
    if (data.bytes() <= SHORT || data.count() < comm.size()) {
      byDoubling(new Partial.OfSlice(comm, scratch, call, dense, op));
    } else if (!ring) {
      byHalving(call, dense, op);
    } else {
      int[] counts = equalParts(data.count());
      ringReduceScatter(call, dense, counts, op);
      ringAllgather(call, dense, counts, offsets(counts), ahead(1));
    }
    if (!data.isDense()) {
      dense.copyTo(data);
    }
  }

  /*
   * The ranks beyond a power of two are taken in first: of the first ranks, each even one gives its part to
   * the next. What is left are rows of ranks in order, and pairs of rows are combined in each step.
   */
  private <P> void byDoubling(Partial<P> partial) {
    int rank = comm.rank();
    int power = Integer.highestOneBit(comm.size());
    int extra = comm.size() - power;
    boolean givesAway = rank < 2 * extra && rank % 2 == 0;
    if (givesAway) {
      partial.send(rank + 1);
      partial.replaceBy(partial.receive(rank + 1));
      return;
    }
    if (rank < 2 * extra) {
      partial.combine(partial.receive(rank - 1), true);
    }
    int row = rank < 2 * extra ? rank / 2 : rank - extra;
    for (int bit = 1; bit < power; bit <<= 1) {
      int other = row ^ bit;
      int peer = rankOfRow(other, extra);
      partial.combine(partial.exchange(peer, peer), other < row);
    }
    if (rank < 2 * extra) {
      partial.send(rank - 1);
    }
  }

  private static int rankOfRow(int row, int extra) {
    return row < extra ? row * 2 + 1 : row + extra;
  }

  private boolean isPowerOfTwo() {
    return Integer.bitCount(comm.size()) == 1;
  }

  /*
   * The same ranks meet in the same order as in doubling. But each time both keep only half of what they have,
   * one the first and one the second, until each has a part that is the combination of all; then the parts go
   * back the way that the halves came.
   */
  private void byHalving(CollectiveCall call, Slice data, ArrayOp op) {
    int rank = comm.rank();
    int power = Integer.highestOneBit(comm.size());
    int extra = comm.size() - power;
    boolean isPaired = rank < 2 * extra;
    if (isPaired && rank % 2 == 0) {
      comm.isend(call, Payload.of(data), rank + 1).await();
      comm.irecv(call, data, rank + 1).await();
      return;
    }
    if (isPaired) {
      Slice lower = scratch.of(data.type(), data.count());
      comm.irecv(call, lower, rank - 1).await();
      op.intoHigher(lower, data);
    }
    int row = isPaired ? rank / 2 : rank - extra;
    int steps = Integer.numberOfTrailingZeros(power);
    int[] from = new int[steps + 1];
    int[] to = new int[steps + 1];
    to[0] = data.count();
    for (int step = 0; step < steps; step++) {
      int other = row ^ (1 << step);
      int middle = (from[step] + to[step]) >>> 1;
      boolean keepsSecond = other < row;
      from[step + 1] = keepsSecond ? middle : from[step];
      to[step + 1] = keepsSecond ? to[step] : middle;
      Slice kept = between(data, from[step + 1], to[step + 1]);
      Slice given = keepsSecond ? between(data, from[step], middle) : between(data, middle, to[step]);
      Slice came = scratch.of(data.type(), kept.count());
      exchange(call, given, came, rankOfRow(other, extra));
      if (keepsSecond) {
        op.intoHigher(came, kept);
      } else {
        op.intoLower(kept, came);
      }
    }
    for (int step = steps - 1; step >= 0; step--) {
      int other = row ^ (1 << step);
      Slice mine = between(data, from[step + 1], to[step + 1]);
      Slice theirs =
          other < row
              ? between(data, from[step], from[step + 1])
              : between(data, to[step + 1], to[step]);
      exchange(call, mine, theirs, rankOfRow(other, extra));
    }
    if (isPaired) {
      comm.isend(call, Payload.of(data), rank - 1).await();
    }
  }

  private static Slice between(Slice data, int from, int to) {
    return data.slice(from, to - from);
  }

  private void exchange(CollectiveCall call, Slice out, Slice in, int peer) {
    Request<Status> came = comm.irecv(call, in, peer);
    Request<Status> sent = comm.isend(call, Payload.of(out), peer);
    came.await();
    sent.await();
  }

  /** Afterwards part {@code rank + 1} is the combination of all. */
  private void ringReduceScatter(CollectiveCall call, Slice data, int[] counts, ArrayOp op) {
    int[] offsets = offsets(counts);
    Slice room = scratch.of(data.type(), Arrays.stream(counts).max().orElse(0));
    for (int step = 0; step + 1 < comm.size(); step++) {
      int out = behind(step);
      int in = behind(step + 1);
      Request<Status> sent =
          comm.isend(call, Payload.of(data.slice(offsets[out], counts[out])), ahead(1));
      Slice came = room.slice(0, counts[in]);
      comm.irecv(call, came, behind(1)).await();
      op.intoHigher(came, data.slice(offsets[in], counts[in]));
      sent.await();
    }
  }

  /** Every rank has its part {@code first} in place, and gets all others. */
  private void ringAllgather(
      CollectiveCall call, Slice all, int[] counts, int[] offsets, int first) {
    int size = comm.size();
    for (int step = 0; step + 1 < size; step++) {
      int out = (first - step + size) % size;
      int in = (first - step - 1 + size) % size;
      Request<Status> came = comm.irecv(call, all.slice(offsets[in], counts[in]), behind(1));
      comm.isend(call, Payload.of(all.slice(offsets[out], counts[out])), ahead(1)).await();
      came.await();
    }
  }

  <T> T scan(T value, Op<T> op) {
    Partial.OfValue<T> partial = partial("scan", CollectiveCall.NO_ROOT, value, op);
    scanTo(partial);
    return partial.value();
  }

  void scan(Slice data, ArrayOp op) {
    op.requireFor(data.type());
    scanTo(new Partial.OfSlice(comm, scratch, call(op.names().scan(), CollectiveCall.NO_ROOT, data), data, op));
  }

  private <P> void scanTo(Partial<P> partial) {
    int rank = comm.rank();
    for (int step = 1; step < comm.size(); step <<= 1) {
      boolean gives = rank + step < comm.size();
      boolean takes = rank >= step;
      if (gives && takes) {
        partial.combine(partial.exchange(rank + step, rank - step), true);
      } else if (gives) {
        partial.send(rank + step);
      } else if (takes) {
        partial.combine(partial.receive(rank - step), true);
      }
    }
  }

  <T> Optional<T> exscan(T value, Op<T> op) {
    Partial.OfValue<T> partial = partial("exscan", CollectiveCall.NO_ROOT, value, op);
    scanTo(partial);
    shift(partial);
    return comm.rank() == 0 ? Optional.empty() : Optional.of(partial.value());
  }

  void exscan(Slice data, ArrayOp op) {
    op.requireFor(data.type());
    Slice result = Slice.of(data.toArray());
    Partial.OfSlice partial = new Partial.OfSlice(comm, scratch, call(op.names().exscan(), CollectiveCall.NO_ROOT, data), result, op);
    scanTo(partial);
    shift(partial);
    if (comm.rank() > 0) {
      result.copyTo(data);
    }
  }

  /** Each rank gets what the one before it has. */
  private <P> void shift(Partial<P> partial) {
    int rank = comm.rank();
    boolean gives = rank + 1 < comm.size();
    if (gives && rank > 0) {
      partial.replaceBy(partial.exchange(rank + 1, rank - 1));
    } else if (gives) {
      partial.send(rank + 1);
    } else if (rank > 0) {
      partial.replaceBy(partial.receive(rank - 1));
    }
  }

  <T> List<T> gather(T value, int root) {
    Class<T> type = classOf(value);
    CollectiveCall call = comm.call("gather", root, type.getTypeName(), -1);
    if (comm.rank() != root) {
      comm.isend(call, Payload.of(value), root).await();
      return List.of();
    }
    return valuesFromAll(call, value, type);
  }

  private <T> List<T> valuesFromAll(CollectiveCall call, T own, Class<T> type) {
    List<@Nullable Request<Received<T>>> requests = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      requests.add(rank == comm.rank() ? null : comm.irecv(call, type, rank));
    }
    List<T> values = new ArrayList<>();
    for (Request<Received<T>> request : requests) {
      values.add(request == null ? own : request.await().message());
    }
    return Collections.unmodifiableList(values);
  }

  void gather(Slice part, @Nullable Slice all, int root) {
    CollectiveCall call = call("gather", root, part);
    gatherParts(call, part, all, equalCounts(part), root);
  }

  void gatherv(
      Slice part, @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, int root) {
    CollectiveCall call = comm.call("gatherv", root, part.type().typeName(), -1);
    Parts parts =
        comm.rank() == root ? new Parts(required(counts), required(offsets)) : Parts.NONE;
    gatherParts(call, part, all, parts, root);
  }

  /** Where the parts of all ranks are. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parts(int[] counts, int[] offsets) {
    static final Parts NONE = new Parts(new int[0], new int[0]);

    Slice of(Slice all, int rank) {
      return all.slice(offsets[rank], counts[rank]);
    }

    int end(int rank) {
      return offsets[rank] + counts[rank];
    }

    /** Whether each part ends before the next begins, as most do. */
    boolean isAscending() {
      int end = 0;
      for (int rank = 0; rank < counts.length; rank++) {
        if (counts[rank] > 0 && offsets[rank] < end) {
          return false;
        }
        end = Math.max(end, end(rank));
      }
      return true;
    }
  }

  private void gatherParts(
      CollectiveCall call, Slice part, @Nullable Slice all, Parts parts, int root) {
    if (comm.rank() != root) {
      comm.isend(call, Payload.of(part), root).await();
      return;
    }
    Slice whole = Objects.requireNonNull(all, "at the root, room for the parts of all ranks");
    requireRoom(parts, whole);
    copy(call, part, parts.of(whole, root)); // before anything comes: it may lie where that goes
    List<Request<?>> requests = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      if (rank != root) {
        requests.add(comm.irecv(call, parts.of(whole, rank), rank));
      }
    }
    Request.awaitAll(requests);
  }

  <T> T scatter(List<T> values, int root, Class<T> type) {
    CollectiveCall call = comm.call("scatter", root, type.getTypeName(), -1);
    if (comm.rank() != root) {
      return comm.irecv(call, type, root).await().message();
    }
    requireOneEach(values);
    List<Request<?>> requests = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      if (rank != root) {
        requests.add(comm.isend(call, Payload.of(values.get(rank)), rank));
      }
    }
    Request.awaitAll(requests);
    return values.get(root);
  }

  void scatter(@Nullable Slice all, Slice part, int root) {
    CollectiveCall call = call("scatter", root, part);
    scatterParts(call, all, equalCounts(part), part, root);
  }

  void scatterv(
      @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, Slice part, int root) {
    CollectiveCall call = comm.call("scatterv", root, part.type().typeName(), -1);
    Parts parts =
        comm.rank() == root ? new Parts(required(counts), required(offsets)) : Parts.NONE;
    scatterParts(call, all, parts, part, root);
  }

  private void scatterParts(
      CollectiveCall call, @Nullable Slice all, Parts parts, Slice part, int root) {
    if (comm.rank() != root) {
      comm.irecv(call, part, root).await();
      return;
    }
    Slice whole = Objects.requireNonNull(all, "at the root, the parts of all ranks");
    requireParts(parts, whole);
    List<Request<?>> requests = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      if (rank != root) {
        requests.add(comm.isend(call, Payload.of(parts.of(whole, rank)), rank));
      }
    }
    Request.awaitAll(requests);
    copy(call, parts.of(whole, root), part); // when all have gone: it may lie where another's part is
  }

  <T> List<T> allgather(T value) {
    Class<T> type = classOf(value);
    CollectiveCall call = comm.call("allgather", CollectiveCall.NO_ROOT, type.getTypeName(), -1);
    List<T> all = new ArrayList<>(Collections.nCopies(comm.size(), value));
    for (int step = 0; step + 1 < comm.size(); step++) {
      Request<Received<T>> came = comm.irecv(call, type, behind(1));
      comm.isend(call, Payload.of(all.get(behind(step))), ahead(1)).await();
      all.set(behind(step + 1), came.await().message());
    }
    return Collections.unmodifiableList(all);
  }

  void allgather(Slice part, Slice all) {
    CollectiveCall call = call("allgather", CollectiveCall.NO_ROOT, part);
    if (!isPowerOfTwo() || part.bytes() * comm.size() > LONG) {
      allgatherParts(call, part, all, equalCounts(part));
      return;
    }
    int count = part.count();
    requireParts(equalCounts(part), all);
    copy(call, part, all.slice(comm.rank() * count, count));
    for (int bit = 1; bit < comm.size(); bit <<= 1) {
      int mine = comm.rank() & -bit; // the first of those that this rank has
      int theirs = mine ^ bit;
      exchange(
          call,
          all.slice(mine * count, bit * count),
          all.slice(theirs * count, bit * count),
          comm.rank() ^ bit);
    }
  }

  void allgatherv(Slice part, Slice all, int[] counts, int[] offsets) {
    CollectiveCall call = comm.call("allgatherv", CollectiveCall.NO_ROOT, part.type().typeName(), -1);
    allgatherParts(call, part, all, new Parts(counts, offsets));
  }

  private void allgatherParts(CollectiveCall call, Slice part, Slice all, Parts parts) {
    requireRoom(parts, all);
    copy(call, part, parts.of(all, comm.rank()));
    ringAllgather(call, all, parts.counts(), parts.offsets(), comm.rank());
  }

  <T> List<T> alltoall(List<T> values, Class<T> type) {
    CollectiveCall call = comm.call("alltoall", CollectiveCall.NO_ROOT, type.getTypeName(), -1);
    requireOneEach(values);
    List<Request<?>> sent = new ArrayList<>();
    for (int step = 1; step < comm.size(); step++) {
      sent.add(comm.isend(call, Payload.of(values.get(ahead(step))), ahead(step)));
    }
    List<T> all = valuesFromAll(call, values.get(comm.rank()), type);
    Request.awaitAll(sent);
    return all;
  }

  void alltoall(Slice out, Slice in) {
    if (out.count() % comm.size() != 0 || out.count() != in.count()) {
      throw new IllegalArgumentException(
          "alltoall of %d elements out and %d in, among %d ranks: it needs as many out as in, a multiple of the ranks"
              .formatted(out.count(), in.count(), comm.size()));
    }
    CollectiveCall call = call("alltoall", CollectiveCall.NO_ROOT, out);
    int[] counts = new int[comm.size()];
    Arrays.fill(counts, out.count() / comm.size());
    Parts parts = new Parts(counts, offsets(counts));
    alltoallParts(call, out, parts, in, parts);
  }

  void alltoallv(
      Slice out, int[] outCounts, int[] outOffsets, Slice in, int[] inCounts, int[] inOffsets) {
    CollectiveCall call = comm.call("alltoallv", CollectiveCall.NO_ROOT, out.type().typeName(), -1);
    alltoallParts(
        call, out, new Parts(outCounts, outOffsets), in, new Parts(inCounts, inOffsets));
  }

  private void alltoallParts(CollectiveCall call, Slice out, Parts outs, Slice in, Parts ins) {
    requireParts(outs, out);
    requireRoom(ins, in);
    Slice from = out.overlaps(in) ? Slice.of(out.toArray()) : out;
    List<Request<?>> requests = new ArrayList<>();
    for (int step = 1; step < comm.size(); step++) {
      requests.add(comm.irecv(call, ins.of(in, behind(step)), behind(step)));
    }
    for (int step = 1; step < comm.size(); step++) {
      requests.add(comm.isend(call, Payload.of(outs.of(from, ahead(step))), ahead(step)));
    }
    copy(call, outs.of(from, comm.rank()), ins.of(in, comm.rank()));
    Request.awaitAll(requests);
  }

  void reduceScatter(Slice data, Slice part, int[] counts, ArrayOp op) {
    op.requireFor(data.type());
    CollectiveCall call = call(op.names().reduceScatter(), CollectiveCall.NO_ROOT, data);
    Parts parts = new Parts(counts, offsets(counts));
    requireParts(parts, data);
    Slice dense = data.isDense() ? data : Slice.of(data.toArray());
    if (op.isCommutative() && comm.size() > 1) {
      ringReduceScatter(call, dense, counts, op);
      passOn(call, dense, parts, part);
    } else {
      Partial.OfSlice partial = new Partial.OfSlice(comm, scratch, call, dense, op);
      reduceToFirst(partial);
      scatterParts(call, dense, parts, part, 0);
    }
  }

  /** The ring leaves each rank the part of its next. */
  private void passOn(CollectiveCall call, Slice data, Parts parts, Slice part) {
    Slice mine = parts.of(data, ahead(1));
    Slice given = mine.overlaps(part) ? Slice.of(mine.toArray()) : mine;
    Request<Status> came = comm.irecv(call, part, behind(1));
    comm.isend(call, Payload.of(given), ahead(1)).await();
    came.await();
  }

  /*
   * Threads of a rank may make communicators at the same time, so what no rank uses yet cannot be agreed on: the first
   * rank gives a number, each only once, and the others take it. Those that are not in the new communicator count it as
   * used, too.
   */
  int newContext(String operation) {
    return newContext(comm.call(operation, CollectiveCall.NO_ROOT, "", -1));
  }

  private int newContext(CollectiveCall call) {
    int given = comm.rank() == 0 ? comm.world().newContext() : 0;
    Partial.OfValue<Integer> partial =
        new Partial.OfValue<>(comm, call, Integer.class, given, Math::max);
    byDoubling(partial);
    comm.world().usesContext(partial.value());
    return partial.value();
  }

  /**
   * As {@link #newContext(String)}, by some of the ranks alone, the first of which hears from the others.
   *
   * @param group the same ranks, by their numbers in the job
   */
  int newContext(int[] ranks, Group group, int tag) {
    int context;
    if (comm.rank() == ranks[0]) {
      for (int i = 1; i < ranks.length; i++) {
        Aside aside = comm.receiveAside(ranks[i], group, tag);
        if (!aside.group().equals(group)) {
          throw mismatch(
              "rank %d is in %s, rank %d in %s"
                  .formatted(comm.rank(), group.made(tag), ranks[i], aside.group().made(tag)));
        }
      }
      context = comm.world().newContext();
      for (int i = 1; i < ranks.length; i++) {
        comm.sendAside(new Aside(context, group), ranks[i], tag);
      }
    } else {
      comm.sendAside(new Aside(0, group), ranks[0], tag);
      context = comm.receiveAside(ranks[0], group, tag).context();
    }
    comm.world().usesContext(context);
    return context;
  }

  /**
   * What the ranks of a group tell each other.
   *
   * @param context given by the first of them
   */
  record Aside(int context, Group group) {}

  /**
   * @param arguments what all ranks must call it with, as text; empty if there is nothing
   */
  Optional<Comm> split(String operation, int colour, int key, String arguments) {
    String name = comm.nameOfNext(operation);
    CollectiveCall call = comm.call(operation, CollectiveCall.NO_ROOT, "", -1);
    int context = newContext(call);
    long digest = digest(arguments);
    int[] mine = {colour, key, (int) digest, (int) (digest >>> Integer.SIZE)};
    int[] all = new int[mine.length * comm.size()];
    allgather(Slice.of(mine), Slice.of(all));
    requireSame(call, arguments, all, mine.length);
    if (colour == Comm.UNDEFINED) {
      return Optional.empty();
    }
    int[] members =
        IntStream.range(0, comm.size())
            .filter(rank -> all[mine.length * rank] == colour)
            .boxed()
            .sorted(Comparator.comparingInt(rank -> all[mine.length * rank + 1])) // stable
            .mapToInt(Integer::intValue)
            .toArray();
    return Optional.of(comm.ofMembers(context, name, members));
  }

  /** FNV-1a. The texts themselves are long if there are many ranks. */
  private static long digest(String text) {
    return text.chars().asLongStream().reduce(FNV_BASIS, (hash, each) -> (hash ^ each) * FNV_PRIME);
  }

  /** All ranks see whether two differ; then all tell each other what they have called. */
  private void requireSame(CollectiveCall call, String arguments, int[] all, int width) {
    for (int rank = 1; rank < comm.size(); rank++) {
      if (!Arrays.equals(all, 2, width, all, rank * width + 2, (rank + 1) * width)) {
        List<String> told = allgather(arguments);
        throw mismatch(
            "rank 0 is in %s, rank %d in %s"
                .formatted(call.text(told.getFirst()), rank, call.text(told.get(rank))));
      }
    }
  }

  private CollectiveMismatchException mismatch(String what) {
    CollectiveMismatchException mismatch = comm.mismatch(what);
    comm.world().fail(mismatch);
    return mismatch;
  }

  private CollectiveCall call(String operation, int root, Slice data) {
    return comm.call(operation, root, data.type().typeName(), data.count());
  }

  private <T> Partial.OfValue<T> partial(String operation, int root, T value, Op<T> op) {
    Class<T> type = classOf(value);
    CollectiveCall call = comm.call(operation, root, type.getTypeName(), -1);
    return new Partial.OfValue<>(comm, call, type, value, op);
  }

  private static <T> Class<T> classOf(T value) {
    return Payload.commonClassOf(Objects.requireNonNull(value, "value"));
  }

  private Parts equalCounts(Slice part) {
    int[] counts = new int[comm.size()];
    Arrays.fill(counts, part.count());
    return new Parts(counts, offsets(counts));
  }

  /** The first ones get one more if it does not divide. */
  private int[] equalParts(int count) {
    int[] counts = new int[comm.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = count / counts.length + (i < count % counts.length ? 1 : 0);
    }
    return counts;
  }

  private static int[] offsets(int[] counts) {
    int[] offsets = new int[counts.length];
    for (int i = 1; i < counts.length; i++) {
      long offset = (long) offsets[i - 1] + counts[i - 1];
      if (offset > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "the part of rank %d begins behind %d elements; collective operations count at most %d in all"
                .formatted(i, offset, Integer.MAX_VALUE));
      }
      offsets[i] = (int) offset;
    }
    return offsets;
  }

  private static int[] required(int @Nullable [] perRank) {
    return Objects.requireNonNull(perRank, "at the root, counts and offsets of all ranks");
  }

  private void requireParts(Parts parts, Slice all) {
    if (parts.counts().length != comm.size() || parts.offsets().length != comm.size()) {
      throw new IllegalArgumentException(
          "%d counts and %d offsets for %d ranks"
              .formatted(parts.counts().length, parts.offsets().length, comm.size()));
    }
    for (int rank = 0; rank < comm.size(); rank++) {
      int offset = parts.offsets()[rank];
      int count = parts.counts()[rank];
      if (offset < 0 || count < 0 || (long) offset + count > all.count()) {
        throw new IllegalArgumentException(
            "the part of rank %d is %d elements from %d on; there are %d"
                .formatted(rank, count, offset, all.count()));
      }
    }
  }

  /** Of room: also that no element comes from two ranks. */
  private void requireRoom(Parts parts, Slice all) {
    requireParts(parts, all);
    if (!parts.isAscending()) {
      List<Integer> ranks =
          IntStream.range(0, comm.size())
              .filter(rank -> parts.counts()[rank] > 0)
              .boxed()
              .sorted(Comparator.comparingInt(rank -> parts.offsets()[rank]))
              .toList();
      for (int i = 1; i < ranks.size(); i++) {
        requireApart(parts, ranks.get(i - 1), ranks.get(i));
      }
    }
  }

  private static void requireApart(Parts parts, int before, int rank) {
    if (parts.end(before) > parts.offsets()[rank]) {
      throw new IllegalArgumentException(
          "the part of rank %d is %d elements from %d on, that of rank %d is %d from %d on: each needs room of its own"
              .formatted(
                  rank,
                  parts.counts()[rank],
                  parts.offsets()[rank],
                  before,
                  parts.counts()[before],
                  parts.offsets()[before]));
    }
  }

  private void requireOneEach(List<?> values) {
    if (values.size() != comm.size()) {
      throw new IllegalArgumentException(
          "%d values for %d ranks: it takes one for each".formatted(values.size(), comm.size()));
    }
    for (int rank = 0; rank < values.size(); rank++) {
      if (values.get(rank) == null) {
        throw new IllegalArgumentException(
            "the value for rank %d is null: null is no message; an Optional can say that there is none".formatted(rank));
      }
    }
  }

  private void copy(CollectiveCall call, Slice from, Slice to) {
    if (from.type() != to.type() || from.count() != to.count()) {
      throw new MismatchException(
          "rank %d's own part in %s: %s does not fit the room for it, %s".formatted(comm.rank(), call.text(), from, to));
    }
    from.copyTo(to);
  }
}
