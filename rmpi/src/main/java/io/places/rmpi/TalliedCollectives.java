package io.places.rmpi;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collective operations that are counted. */
final class TalliedCollectives extends Collectives {
  /** What values weigh is known only when they are sent; each counts, and no bytes. */
  private static final long UNKNOWN = 0;

  private final Tally tally;

  TalliedCollectives(Comm comm, Tally tally) {
    super(comm);
    this.tally = tally;
  }

  private static long bytes(@Nullable Slice slice) {
    return slice == null ? 0 : slice.bytes();
  }

  @Override
  void barrier() {
    tally.collective("barrier", 0, super::barrier);
  }

  @Override
  <T> T bcast(@Nullable T value, int root, Class<T> type) {
    return tally.collective("bcast", UNKNOWN, () -> super.bcast(value, root, type));
  }

  @Override
  void bcast(Slice data, int root) {
    tally.collective("bcast", data.bytes(), () -> super.bcast(data, root));
  }

  @Override
  <T> Optional<T> reduce(T value, Op<T> op, int root) {
    return tally.collective("reduce", UNKNOWN, () -> super.reduce(value, op, root));
  }

  @Override
  void reduce(Slice data, ArrayOp op, int root) {
    tally.collective("reduce", data.bytes(), () -> super.reduce(data, op, root));
  }

  @Override
  <T> T allreduce(T value, Op<T> op) {
    return tally.collective("allreduce", UNKNOWN, () -> super.allreduce(value, op));
  }

  @Override
  void allreduce(Slice data, ArrayOp op) {
    tally.collective("allreduce", data.bytes(), () -> super.allreduce(data, op));
  }

  @Override
  <T> T scan(T value, Op<T> op) {
    return tally.collective("scan", UNKNOWN, () -> super.scan(value, op));
  }

  @Override
  void scan(Slice data, ArrayOp op) {
    tally.collective("scan", data.bytes(), () -> super.scan(data, op));
  }

  @Override
  <T> Optional<T> exscan(T value, Op<T> op) {
    return tally.collective("exscan", UNKNOWN, () -> super.exscan(value, op));
  }

  @Override
  void exscan(Slice data, ArrayOp op) {
    tally.collective("exscan", data.bytes(), () -> super.exscan(data, op));
  }

  @Override
  <T> List<T> gather(T value, int root) {
    return tally.collective("gather", UNKNOWN, () -> super.gather(value, root));
  }

  @Override
  void gather(Slice part, @Nullable Slice all, int root) {
    tally.collective("gather", part.bytes(), () -> super.gather(part, all, root));
  }

  @Override
  void gatherv(
      Slice part, @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, int root) {
    tally.collective(
        "gatherv", part.bytes(), () -> super.gatherv(part, all, counts, offsets, root));
  }

  @Override
  <T> T scatter(List<T> values, int root, Class<T> type) {
    return tally.collective("scatter", UNKNOWN, () -> super.scatter(values, root, type));
  }

  @Override
  void scatter(@Nullable Slice all, Slice part, int root) {
    tally.collective("scatter", bytes(all), () -> super.scatter(all, part, root));
  }

  @Override
  void scatterv(
      @Nullable Slice all, int @Nullable [] counts, int @Nullable [] offsets, Slice part, int root) {
    tally.collective(
        "scatterv", bytes(all), () -> super.scatterv(all, counts, offsets, part, root));
  }

  @Override
  <T> List<T> allgather(T value) {
    return tally.collective("allgather", UNKNOWN, () -> super.allgather(value));
  }

  @Override
  void allgather(Slice part, Slice all) {
    tally.collective("allgather", part.bytes(), () -> super.allgather(part, all));
  }

  @Override
  void allgatherv(Slice part, Slice all, int[] counts, int[] offsets) {
    tally.collective(
        "allgatherv", part.bytes(), () -> super.allgatherv(part, all, counts, offsets));
  }

  @Override
  <T> List<T> alltoall(List<T> values, Class<T> type) {
    return tally.collective("alltoall", UNKNOWN, () -> super.alltoall(values, type));
  }

  @Override
  void alltoall(Slice out, Slice in) {
    tally.collective("alltoall", out.bytes(), () -> super.alltoall(out, in));
  }

  @Override
  void alltoallv(
      Slice out, int[] outCounts, int[] outOffsets, Slice in, int[] inCounts, int[] inOffsets) {
    tally.collective(
        "alltoallv",
        out.bytes(),
        () -> super.alltoallv(out, outCounts, outOffsets, in, inCounts, inOffsets));
  }

  @Override
  void reduceScatter(Slice data, Slice part, int[] counts, ArrayOp op) {
    tally.collective(
        "reduceScatter", data.bytes(), () -> super.reduceScatter(data, part, counts, op));
  }

  @Override
  int newContext(String operation) {
    return tally.collective(operation, 0, () -> super.newContext(operation));
  }

  @Override
  int newContext(int[] ranks, int tag) {
    return tally.collective("createGroup", 0, () -> super.newContext(ranks, tag));
  }

  @Override
  Optional<Comm> split(int colour, int key) {
    return tally.collective("split", 0, () -> super.split(colour, key));
  }
}
