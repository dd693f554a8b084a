package io.places.rmpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Operations of all, of elements that lie apart: they come out as others do, and what lies between them stays as it was.
 *
 * @param count elements of each rank
 * @param wrong operations that did not
 */
record Strided(Comm comm, int count, List<String> wrong) {
  private static final int STRIDE = 3;
  private static final int BEFORE = 2; // elements before the first
  private static final long BETWEEN = -7;

  /** Among no more ranks there are long ones, too. */
  private static final int FEW = 3;

  /** Every operation, for each of its algorithms. */
  static List<String> wrongOf(Comm comm) {
    boolean fewRanks = comm.size() <= FEW;
    List<String> wrong = new ArrayList<>();
    for (int count : fewRanks ? new int[] {5, 2_100, 70_001} : new int[] {5, 2_100}) {
      new Strided(comm, count, wrong).combine();
    }
    for (int count : fewRanks ? new int[] {5, 8_200} : new int[] {5}) {
      Strided parts = new Strided(comm, count, wrong);
      parts.exchange();
      parts.exchangeUnequal();
      parts.reduceScatter();
    }
    return wrong;
  }

  /** What a rank has. */
  private static long[] of(int rank, int count) {
    long[] elements = new long[count];
    Arrays.setAll(elements, i -> 1_000L * (rank + 1) + i % 97);
    return elements;
  }

  /** Of the first ranks. */
  private static long[] sum(int ranks, int count) {
    long thousands = 500L * ranks * (ranks + 1);
    long[] elements = new long[count];
    Arrays.setAll(elements, i -> thousands + ranks * (i % 97L));
    return elements;
  }

  /** An array in which these elements lie apart. */
  private static long[] spread(long[] elements) {
    long[] array = new long[BEFORE + elements.length * STRIDE];
    Arrays.fill(array, BETWEEN);
    for (int i = 0; i < elements.length; i++) {
      array[BEFORE + i * STRIDE] = elements[i];
    }
    return array;
  }

  /** An array in which there is room for elements that lie apart. */
  private static long[] room(int elements) {
    return spread(new long[elements]);
  }

  private static Slice elements(long[] spread) {
    return Slice.of(spread, BEFORE, (spread.length - BEFORE) / STRIDE, STRIDE);
  }

  private void expect(String operation, long[] array, long[] elements) {
    if (!Arrays.equals(array, spread(elements))) {
      wrong.add("%s of %d elements that lie apart".formatted(operation, count));
    }
  }

  private void combine() {
    int rank = comm.rank();
    int root = comm.size() - 1;
    long[] mine = of(rank, count);
    long[] ofAll = sum(comm.size(), count);
    long[] data = spread(mine);
    comm.bcast(elements(data), root);
    expect("bcast", data, of(root, count));

    data = spread(mine);
    comm.reduce(elements(data), ArrayOp.SUM, root);
    expect("reduce", data, rank == root ? ofAll : mine);

    for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
      data = spread(mine);
      comm.allreduce(elements(data), op);
      expect("allreduce by " + op, data, ofAll);
    }

    data = spread(mine);
    comm.scan(elements(data), ArrayOp.SUM);
    expect("scan", data, sum(rank + 1, count));

    data = spread(mine);
    comm.exscan(elements(data), ArrayOp.SUM);
    expect("exscan", data, rank == 0 ? mine : sum(rank, count));
  }

  private static int[] offsets(int[] counts, int between) {
    int[] offsets = new int[counts.length];
    for (int i = 1; i < counts.length; i++) {
      offsets[i] = offsets[i - 1] + counts[i - 1] + between;
    }
    return offsets;
  }

  /** The parts of all where they belong, and 0 between them. */
  private static long[] placed(int[] counts, int[] offsets, IntUnaryOperator whose) {
    int last = counts.length - 1;
    long[] all = new long[offsets[last] + counts[last]];
    for (int part = 0; part < counts.length; part++) {
      System.arraycopy(of(whose.applyAsInt(part), counts[part]), 0, all, offsets[part], counts[part]);
    }
    return all;
  }

  private void exchange() {
    int rank = comm.rank();
    int root = comm.size() / 2;
    int[] counts = new int[comm.size()];
    Arrays.fill(counts, count);
    int[] offsets = offsets(counts, 0);
    int total = count * comm.size();
    long[] mine = of(rank, count);
    long[] ofAll = placed(counts, offsets, part -> part);

    long[] all = room(total);
    comm.gather(elements(spread(mine)), elements(all), root);
    expect("gather", all, rank == root ? ofAll : new long[total]);

    long[] part = room(count);
    comm.scatter(elements(spread(ofAll)), elements(part), root);
    expect("scatter", part, mine);

    all = room(total);
    comm.allgather(elements(spread(mine)), elements(all));
    expect("allgather", all, ofAll);

    long[] out = placed(counts, offsets, to -> 10 * rank + to);
    long[] in = placed(counts, offsets, from -> 10 * from + rank);
    all = room(total);
    comm.alltoall(elements(spread(out)), elements(all));
    expect("alltoall", all, in);
    all = spread(out);
    comm.alltoall(elements(all), elements(all));
    expect("alltoall in place", all, in);
  }

  /** Of parts of which some have one element more, with an element between them. */
  private void exchangeUnequal() {
    int rank = comm.rank();
    int root = comm.size() - 1;
    int[] counts = new int[comm.size()];
    Arrays.setAll(counts, r -> count + r % 2);
    int[] offsets = offsets(counts, 1);
    long[] mine = of(rank, counts[rank]);
    long[] ofAll = placed(counts, offsets, part -> part);

    long[] all = room(ofAll.length);
    comm.gatherv(elements(spread(mine)), elements(all), counts, offsets, root);
    expect("gatherv", all, rank == root ? ofAll : new long[ofAll.length]);

    long[] part = room(mine.length);
    comm.scatterv(elements(spread(ofAll)), counts, offsets, elements(part), root);
    expect("scatterv", part, mine);

    all = room(ofAll.length);
    comm.allgatherv(elements(spread(mine)), elements(all), counts, offsets);
    expect("allgatherv", all, ofAll);

    int[] both = new int[comm.size()]; // as many to one as from it
    Arrays.setAll(both, r -> count + (rank + r) % 2);
    int[] places = offsets(both, 1);
    long[] out = placed(both, places, to -> 10 * rank + to);
    all = room(out.length);
    comm.alltoallv(elements(spread(out)), both, places, elements(all), both, places);
    expect("alltoallv", all, placed(both, places, from -> 10 * from + rank));
  }

  private void reduceScatter() {
    int rank = comm.rank();
    int[] counts = new int[comm.size()];
    Arrays.setAll(counts, r -> count + r % 2);
    int total = Arrays.stream(counts).sum();
    int before = Arrays.stream(counts, 0, rank).sum();
    long[] expected = Arrays.copyOfRange(sum(comm.size(), total), before, before + counts[rank]);
    for (ArrayOp op : List.of(ArrayOp.SUM, ArrayOp.SUM.notCommutative())) {
      long[] data = spread(of(rank, total));
      long[] part = room(counts[rank]);
      comm.reduceScatter(elements(data), elements(part), counts, op);
      expect("reduceScatter by " + op, part, expected);
      for (int i = 0; i < data.length; i++) { // the elements themselves may be anything now
        boolean isElement = i >= BEFORE && (i - BEFORE) % STRIDE == 0;
        if (!isElement && data[i] != BETWEEN) {
          wrong.add("reduceScatter by %s: what lies between its elements".formatted(op));
          break;
        }
      }
    }
  }
}
