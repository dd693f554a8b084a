package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator for every type of elements, beside what a single thread computes. */
class OperatorsTest {
  private static final Map<ArrayOp, LongBinaryOperator> ALL = new LinkedHashMap<>();

  static {
    ALL.put(ArrayOp.SUM, Long::sum);
    ALL.put(ArrayOp.PRODUCT, (a, b) -> a * b);
    ALL.put(ArrayOp.MIN, Math::min);
    ALL.put(ArrayOp.MAX, Math::max);
    ALL.put(ArrayOp.AND, (a, b) -> a & b);
    ALL.put(ArrayOp.OR, (a, b) -> a | b);
    ALL.put(ArrayOp.XOR, (a, b) -> a ^ b);
    ALL.put(ArrayOp.LOGICAL_AND, (a, b) -> a != 0 && b != 0 ? 1 : 0);
    ALL.put(ArrayOp.LOGICAL_OR, (a, b) -> a != 0 || b != 0 ? 1 : 0);
    ALL.put(ArrayOp.LOGICAL_XOR, (a, b) -> (a != 0) != (b != 0) ? 1 : 0);
  }

  /** As many for which the algorithm is another one than for few, for bytes too. */
  private static final List<Integer> COUNTS = List.of(3, 20_000);

  /** Among these many ranks every type has the long ones, too; among others doubles, for the algorithms. */
  private static final int RANKS = 3;

  /**
   * Each reduction by one operator.
   *
   * @param ofRank what a rank has, again and again
   * @param upTo what all ranks up to one have together
   */
  private record Reductions(
      Comm comm, String name, ArrayOp op, IntFunction<Object> ofRank, IntFunction<Object> upTo, List<String> wrong) {
    void run(int count) {
      int rank = comm.rank();
      int last = comm.size() - 1;
      Object data = mine(count);
      comm.allreduce(Slice.of(data), op);
      expect(upTo(last, count), data, "allreduce", count);

      data = mine(count);
      comm.reduce(Slice.of(data), op, last);
      expect(rank == last ? upTo(last, count) : mine(count), data, "reduce", count);

      data = mine(count);
      comm.scan(Slice.of(data), op);
      expect(upTo(rank, count), data, "scan", count);

      data = mine(count);
      comm.exscan(Slice.of(data), op);
      expect(rank == 0 ? mine(count) : upTo(rank - 1, count), data, "exscan", count);

      reduceScatter(count);
    }

    /** The parts differ; if there are few elements, some have none. */
    private void reduceScatter(int count) {
      int[] counts = new int[comm.size()];
      Arrays.setAll(counts, r -> count / comm.size() + r % 3);
      int before = Arrays.stream(counts, 0, comm.rank()).sum();
      int own = counts[comm.rank()];
      int all = Arrays.stream(counts).sum();
      Slice data = Slice.of(mine(all));
      Object part = data.type().newArray(own);
      comm.reduceScatter(data, Slice.of(part), counts, op);
      expect(Slice.of(upTo(comm.size() - 1, all), before, own).toArray(), part, "reduceScatter", count);
    }

    private Object mine(int count) {
      return Numbers.repeating(ofRank.apply(comm.rank()), count);
    }

    private Object upTo(int rank, int count) {
      return Numbers.repeating(upTo.apply(rank), count);
    }

    private void expect(Object expected, Object data, String call, int count) {
      if (!Objects.deepEquals(expected, data)) {
        wrong.add("%s of %d elements, %s".formatted(call, count, name));
      }
    }
  }

  /** Of numbers that a {@code long} holds: combined by it, and cut to their type each time. */
  private static Reductions whole(
      Comm comm,
      ElementType type,
      ArrayOp op,
      LongBinaryOperator serial,
      IntFunction<long[]> ofRank,
      List<String> wrong) {
    List<long[]> upTo = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      long[] all = ofRank.apply(rank);
      for (int i = 0; i < all.length; i++) {
        long own = Numbers.narrowed(type, all[i]);
        all[i] = rank == 0 ? own : Numbers.narrowed(type, serial.applyAsLong(upTo.getLast()[i], own));
      }
      upTo.add(all);
    }
    return new Reductions(
        comm,
        "%s of %s".formatted(op, type),
        op,
        rank -> Numbers.of(type, ofRank.apply(rank)),
        rank -> Numbers.of(type, upTo.get(rank)),
        wrong);
  }

  static final class Everything implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      List<String> wrong = new ArrayList<>();
      for (ElementType type : ElementType.values()) {
        ordinary(
            comm, type, comm.size() == RANKS || type == ElementType.DOUBLE ? COUNTS : COUNTS.subList(0, 1), wrong);
        if (isFloating(type)) {
          special(comm, type, COUNTS, wrong);
        }
      }
      return wrong.toString();
    }

    /** The same for one type and so many elements alone. */
    static List<String> wrongOf(Comm comm, ElementType type, int count) {
      List<String> wrong = new ArrayList<>();
      ordinary(comm, type, List.of(count), wrong);
      if (isFloating(type)) {
        special(comm, type, List.of(count), wrong);
      }
      return wrong;
    }

    private static boolean isFloating(ElementType type) {
      return type == ElementType.DOUBLE || type == ElementType.FLOAT;
    }

    private static void ordinary(Comm comm, ElementType type, List<Integer> counts, List<String> wrong) {
      int number = 0;
      for (Map.Entry<ArrayOp, LongBinaryOperator> op : ALL.entrySet()) {
        boolean isBitwise = number++ >= 4;
        if (!(isFloating(type) && isBitwise)) {
          Reductions all =
              whole(
                  comm,
                  type,
                  op.getKey(),
                  op.getValue(),
                  isFloating(type) ? Everything::small : rank -> withExtremes(type, rank),
                  wrong);
          counts.forEach(all::run);
        }
      }
    }

    /** Small enough that no product of nine is rounded. */
    private static long[] small(int rank) {
      return new long[] {rank % 5, (rank + 1) % 5, (rank + 2) % 5, (rank + 3) % 5, (rank + 4) % 5};
    }

    /** Sums and products of the least and the greatest wrap. */
    private static long[] withExtremes(ElementType type, int rank) {
      long most = type == ElementType.CHAR ? Character.MAX_VALUE : Long.MAX_VALUE >>> (Long.SIZE - Byte.SIZE * type.size());
      long least = type == ElementType.CHAR ? 0 : -most - 1;
      return new long[] {
        rank % 5, most - rank, least + rank, (rank + 1) % 5, -1 - rank, (rank + 2) % 5, (rank + 3) % 5, (rank + 4) % 5
      };
    }

    /** What is no number wins, and is the sum of both infinities; a zero with a sign is less than one without. */
    private static void special(Comm comm, ElementType type, List<Integer> counts, List<String> wrong) {
      double inf = Double.POSITIVE_INFINITY;
      IntFunction<Object> ofRank =
          rank ->
              floating(
                  type,
                  rank == 1 ? Double.NaN : rank,
                  rank % 2 == 0 ? 0.0 : -0.0,
                  rank == 0 ? -inf : rank == 1 ? inf : 5,
                  rank == 0 ? Double.NaN : 7);
      Map<ArrayOp, Object> expected = new LinkedHashMap<>(); // all ranks take them in one order
      expected.put(ArrayOp.MIN, floating(type, Double.NaN, -0.0, -inf, Double.NaN));
      expected.put(ArrayOp.MAX, floating(type, Double.NaN, 0.0, inf, Double.NaN));
      expected.put(ArrayOp.SUM, floating(type, Double.NaN, 0.0, Double.NaN, Double.NaN));
      expected.forEach(
          (op, all) -> {
            String name = "special ones, %s of %s".formatted(op, type);
            IntFunction<Object> upTo = rank -> rank == 0 ? ofRank.apply(0) : all;
            counts.forEach(new Reductions(comm, name, op, ofRank, upTo, wrong)::run);
          });
    }

    private static Object floating(ElementType type, double... values) {
      if (type == ElementType.DOUBLE) {
        return values;
      }
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }

  static Stream<Arguments> everywhere() {
    return Arrays.stream(Ranks.values())
        .flatMap(
            ranks ->
                IntStream.of(ranks == Ranks.ONE_NODE ? new int[] {2, 3, 4, 5, 6, 7, 8, 9} : new int[] {RANKS})
                    .mapToObj(size -> Arguments.of(ranks, size)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void everyOperatorCombinesElementsOfEveryType(Ranks ranks, int size) {
    assertThat(ranks.call(size, Everything.class, String.class))
        .isEqualTo(Collections.nCopies(size, "[]"));
  }

  record Matrix(long a, long b, long c, long d) {
    private static final long MODULUS = 10_007;
    private static final int BITS = 14; // of a number below that

    Matrix times(Matrix other) {
      return new Matrix(
          (a * other.a + b * other.c) % MODULUS,
          (a * other.b + b * other.d) % MODULUS,
          (c * other.a + d * other.c) % MODULUS,
          (c * other.b + d * other.d) % MODULUS);
    }

    static Matrix of(int rank) {
      return new Matrix(rank + 1, 2L * rank, 3, rank + 7);
    }

    /** As one number. */
    long packed() {
      return (a << (3 * BITS)) | (b << (2 * BITS)) | (c << BITS) | d;
    }

    static Matrix unpacked(long packed) {
      return new Matrix(
          entry(packed >> (3 * BITS)), entry(packed >> (2 * BITS)), entry(packed >> BITS), entry(packed));
    }

    private static long entry(long shifted) {
      return shifted & ((1 << BITS) - 1);
    }
  }

  /** Operators of arrays that do not commute: another order of ranks would give something else. */
  static final class InOrder {
    /** The long ones are so for the algorithm that halves, for floats too. */
    private static final List<Integer> COUNTS = List.of(3, 2_100);

    private static final long MODULUS = 1_009;
    private static final long FACTOR = 1_024;

    private InOrder() {}

    static void matrices(Comm comm, List<String> wrong) {
      LongBinaryOperator product = (a, b) -> Matrix.unpacked(a).times(Matrix.unpacked(b)).packed();
      IntFunction<long[]> ofRank =
          rank -> IntStream.range(rank, rank + 5).mapToLong(i -> Matrix.of(i).packed()).toArray();
      Reductions all =
          whole(comm, ElementType.LONG, ArrayOp.ofLongs(product).notCommutative(), product, ofRank, wrong);
      COUNTS.forEach(all::run);
    }

    /** Of the functions {@code a x + b}: one after the other. */
    static void functions(Comm comm, ElementType type, List<String> wrong) {
      ArrayOp op =
          type == ElementType.INT
              ? ArrayOp.ofInts((f, g) -> (int) composed(f, g))
              : ArrayOp.ofDoubles((f, g) -> composed((long) f, (long) g));
      IntFunction<long[]> ofRank =
          rank -> IntStream.range(rank, rank + 5).mapToLong(i -> (i + 2) * FACTOR + 3L * i + 1).toArray();
      Reductions all = whole(comm, type, op.notCommutative(), InOrder::composed, ofRank, wrong);
      COUNTS.forEach(all::run);
    }

    private static long composed(long f, long g) {
      long a = f / FACTOR * (g / FACTOR) % MODULUS;
      long b = (f / FACTOR * (g % FACTOR) + f % FACTOR) % MODULUS;
      return a * FACTOR + b;
    }
  }

  /** What does not commute, and pairs of a value and its location: in {@link SizesTest}. */
  static final class Products {
    static List<String> wrongOf(Comm comm) {
      Matrix expected = Matrix.of(0);
      Matrix upToHere = Matrix.of(0);
      for (int rank = 1; rank < comm.size(); rank++) {
        expected = expected.times(Matrix.of(rank));
        upToHere = rank <= comm.rank() ? upToHere.times(Matrix.of(rank)) : upToHere;
      }
      Matrix mine = Matrix.of(comm.rank());
      boolean good = comm.allreduce(mine, Matrix::times).equals(expected);
      good &= comm.scan(mine, Matrix::times).equals(upToHere);
      int root = comm.size() - 1;
      Matrix atRoot = comm.reduce(mine, Matrix::times, root).orElse(expected);
      List<String> wrong = new ArrayList<>();
      expect(good && atRoot.equals(expected), "matrices", wrong);
      expect(firstAndLast(comm), "first and last", wrong);
      expect(ofOnesOwn(comm), "of one's own", wrong);
      located(comm, wrong);
      InOrder.matrices(comm, wrong);
      for (ElementType type : List.of(ElementType.INT, ElementType.FLOAT, ElementType.DOUBLE)) {
        InOrder.functions(comm, type, wrong);
      }
      return wrong;
    }

    private static void expect(boolean isRight, String what, List<String> wrong) {
      if (!isRight) {
        wrong.add(what);
      }
    }

    private static boolean ofOnesOwn(Comm comm) {
      int[] product = {comm.rank() + 1};
      comm.allreduce(Slice.of(product), ArrayOp.ofInts((a, b) -> a * b));
      int factorial = 1;
      for (int i = 2; i <= comm.size(); i++) {
        factorial *= i;
      }
      long[] lowBits = {1L << comm.rank()};
      comm.allreduce(Slice.of(lowBits), ArrayOp.ofLongs((a, b) -> a | b));
      return lowBits[0] == (1L << comm.size()) - 1 && product[0] == factorial;
    }

    private static void located(Comm comm, List<String> wrong) {
      int rank = comm.rank();
      int last = comm.size() - 1;
      boolean isLow = rank < 2;
      // Of those that are equal the lower rank, or the lower number, whoever has it.
      extremes(comm, new Located(isLow ? 0 : 1, rank), new Located(0, 0), Located::min, wrong);
      extremes(comm, new Located(isLow ? 1 : 0, rank), new Located(1, 0), Located::max, wrong);
      extremes(comm, new Located(3, last - rank), new Located(3, 0), Located::min, wrong);
      extremes(comm, new Located(3, last - rank), new Located(3, 0), Located::max, wrong);
      // What is no number is greater than all; a zero with a sign is less than one without.
      double nan = Double.NaN;
      extremes(comm, new Located(rank == 1 ? nan : rank, rank), new Located(nan, 1), Located::max, wrong);
      extremes(comm, new Located(rank == 0 ? nan : -rank, rank), new Located(-last, last), Located::min, wrong);
      extremes(comm, new Located(nan, rank), new Located(nan, 0), Located::min, wrong);
      extremes(comm, new Located(nan, rank), new Located(nan, 0), Located::max, wrong);
      extremes(comm, new Located(rank == last ? -0.0 : 0.0, rank), new Located(-0.0, last), Located::min, wrong);
      extremes(comm, new Located(rank == 0 ? -0.0 : 0.0, rank), new Located(0.0, 1), Located::max, wrong);
    }

    private static void extremes(Comm comm, Located mine, Located expected, Op<Located> op, List<String> wrong) {
      int last = comm.size() - 1;
      boolean isRight = comm.allreduce(mine, op).equals(expected);
      isRight &= comm.reduce(mine, op, last).orElse(expected).equals(expected);
      Located upToHere = comm.scan(mine, op);
      isRight &= comm.rank() < last || upToHere.equals(expected);
      expect(isRight, expected.toString(), wrong);
    }

    private static boolean firstAndLast(Comm comm) {
      boolean good = true;
      for (int count : COUNTS) {
        double[] first = new double[count];
        double[] last = new double[count];
        Arrays.fill(first, comm.rank());
        Arrays.fill(last, comm.rank());
        comm.allreduce(Slice.of(first), ArrayOp.ofDoubles((a, b) -> a).notCommutative());
        comm.allreduce(Slice.of(last), ArrayOp.ofDoubles((a, b) -> b).notCommutative());
        good &= Arrays.stream(first).allMatch(each -> each == 0);
        good &= Arrays.stream(last).allMatch(each -> each == comm.size() - 1);
      }
      return good;
    }
  }
}
