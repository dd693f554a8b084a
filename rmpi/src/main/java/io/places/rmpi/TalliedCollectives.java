package io.places.rmpi;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collective operations that are counted. */
final class TalliedCollectives extends Collectives {
  /** What values weigh is known only when they are sent; each counts, and no bytes. */
  private static final long UNKNOWN = 0;

  private final Tally tally;
  private final int context;

  TalliedCollectives(Comm comm, Tally tally, int context) {
    super(comm);
    this.tally = tally;
    this.context = context;
  }

  private Tally.Call of(String operation, int root, long bytes) {
    return new Tally.Call(operation, context, root, CallTrace.NONE, bytes);
  }

  private Tally.Call of(String operation, long bytes) {
    return of(operation, CallTrace.NONE, bytes);
  }

  private static long bytes(@Nullable Slice slice) {
    return slice == null ? 0 : slice.bytes();
  }

  @Override
  void barrier() {
    tally.collective(of("barrier", 0), super::barrier);
  }

  @Override
  <T> T bcast(@Nullable T value, int root, Class<T> type) {
    return tally.collective(of("bcast", root, UNKNOWN), () -> super.bcast(value, root, type));
  }

  @Override
  void bcast(Slice data, int root) {
    tally.collective(of("bcast", root, data.bytes()), () -> super.bcast(data, root));
  }

  @Override
  <T> Optional<T> reduce(T value, Op<T> op, int root) {
    return tally.collective(of("reduce", root, UNKNOWN), () -> super.reduce(value, op, root));
  }

  @Override
  void reduce(Slice data, ArrayOp op, int root) {
    tally.collective(of("reduce", root, data.bytes()), () -> super.reduce(data, op, root));
  }

  @Override
  <T> T allreduce(T value, Op<T> op) {
    return tally.collective(of("allreduce", UNKNOWN), () -> super.allreduce(value, op));
  }

  @Override
  void allreduce(Slice data, ArrayOp op) {
    tally.collective(of("allreduce", data.bytes()), () -> super.allreduce(data, op));
  }

  @Override
  <T> T scan(T value, Op<T> op) {
    return tally.collective(of("scan", UNKNOWN), () -> super.scan(value, op));
  }

  @Override
  void scan(Slice data, ArrayOp op) {
    tally.collective(of("scan", data.bytes()), () -> super.scan(data, op));
  }

  @Override
  <T> Optional<T> exscan(T value, Op<T> op) {
    return tally.collective(of("exscan", UNKNOWN), () -> super.exscan(value, op));
  }

  @Override
  void exscan(Slice data, ArrayOp op) {
    tally.collective(of("exscan", data.bytes()), () -> super.exscan(data, op));
  }

  @Override
  <T> List<T> gather(T value, int root) {
    return tally.collective(of("gather", root, UNKNOWN), () -> super.gather(value, root));
  }

  @Override
  void gather(Slice part, @Nullable Slice all, int root) {
    tally.collective(of("gather", root, part.bytes()), () -> super.gather(part, all, root));
  }

  @Override
  void gatherv(
      Slice part, @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, int root) {
    tally.collective(
        of("gatherv", root, part.bytes()), () -> super.gatherv(part, all, counts, offsets, root));
  }

  @Override
  <T> T scatter(List<T> values, int root, Class<T> type) {
    return tally.collective(of("scatter", root, UNKNOWN), () -> super.scatter(values, root, type));
  }

  @Override
  void scatter(@Nullable Slice all, Slice part, int root) {
    tally.collective(of("scatter", root, bytes(all)), () -> super.scatter(all, part, root));
  }

  @Override
  void scatterv(
      @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, Slice part, int root) {
    tally.collective(
        of("scatterv", root, bytes(all)), () -> super.scatterv(all, counts, offsets, part, root));
  }

  @Override
  <T> List<T> allgather(T value) {
    return tally.collective(of("allgather", UNKNOWN), () -> super.allgather(value));
  }

  @Override
  void allgather(Slice part, Slice all) {
    tally.collective(of("allgather", part.bytes()), () -> super.allgather(part, all));
  }

  @Override
  void allgatherv(Slice part, Slice all, int[] counts, int[] offsets) {
    tally.collective(
        of("allgatherv", part.bytes()), () -> super.allgatherv(part, all, counts, offsets));
  }

  @Override
  <T> List<T> alltoall(List<T> values, Class<T> type) {
    return tally.collective(of("alltoall", UNKNOWN), () -> super.alltoall(values, type));
  }

  @Override
  void alltoall(Slice out, Slice in) {
    tally.collective(of("alltoall", out.bytes()), () -> super.alltoall(out, in));
  }

  @Override
  void alltoallv(
      Slice out, int[] outCounts, int[] outOffsets, Slice in, int[] inCounts, int[] inOffsets) {
    tally.collective(
        of("alltoallv", out.bytes()),
        () -> super.alltoallv(out, outCounts, outOffsets, in, inCounts, inOffsets));
  }

  @Override
  void reduceScatter(Slice data, Slice part, int[] counts, ArrayOp op) {
    tally.collective(
        of("reduceScatter", data.bytes()), () -> super.reduceScatter(data, part, counts, op));
  }

  @Override
  int newContext(String operation) {
    return tally.collective(of(operation, 0), () -> super.newContext(operation));
  }

  @Override
  int newContext(int[] ranks, Group group, int tag) {
    return tally.collective(of("createGroup", 0), () -> super.newContext(ranks, group, tag));
  }

  @Override
  Optional<Comm> split(String operation, int colour, int key, String arguments) {
    return tally.collective(
        of(operation, 0), () -> super.split(operation, colour, key, arguments));
  }
}
