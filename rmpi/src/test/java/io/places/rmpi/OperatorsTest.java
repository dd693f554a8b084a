package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** Small enough that no type overflows in a product of three. */
  private static long element(int rank, int i) {
    return (rank + i) % 5L;
  }

  static final class Everything implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      List<String> wrong = new ArrayList<>();
      for (ElementType type : ElementType.values()) {
        boolean isFloating = type == ElementType.DOUBLE || type == ElementType.FLOAT;
        int number = 0;
        for (Map.Entry<ArrayOp, LongBinaryOperator> op : ALL.entrySet()) {
          boolean isBitwise = number++ >= 4;
          for (int count : isFloating && isBitwise ? List.<Integer>of() : COUNTS) {
            if (!isRight(comm, type, op.getKey(), op.getValue(), count)) {
              wrong.add("%s, operator %d, %d elements".formatted(type, number, count));
            }
          }
          if (!(isFloating && isBitwise)) {
            Others others = new Others(comm, type, op.getKey(), op.getValue());
            for (String call : others.wrong()) {
              wrong.add("%s of %s, operator %d".formatted(call, type, number));
            }
          }
        }
      }
      return wrong.toString();
    }

    private static boolean isRight(
        Comm comm, ElementType type, ArrayOp op, LongBinaryOperator serial, int count) {
      Object data = elements(comm, type, count);
      comm.allreduce(Slice.of(data), op);
      return holds(data, 0, count, comm.size(), serial);
    }

    private static Object elements(Comm comm, ElementType type, int count) {
      Object data = type.newArray(count);
      for (int i = 0; i < count; i++) {
        set(data, i, element(comm.rank(), i));
      }
      return data;
    }

    /** Whether what the first ranks have, from an element on, is combined in there. */
    private static boolean holds(Object data, int from, int count, int ranks, LongBinaryOperator serial) {
      for (int i = 0; i < count; i++) {
        long expected = element(0, from + i);
        for (int rank = 1; rank < ranks; rank++) {
          expected = serial.applyAsLong(expected, element(rank, from + i));
        }
        if (get(data, i) != expected) {
          return false;
        }
      }
      return true;
    }

    /** The reductions that have only one algorithm. */
    private record Others(Comm comm, ElementType type, ArrayOp op, LongBinaryOperator serial) {
      private static final int COUNT = 3;

      List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        check(reduce(), "reduce", wrong);
        check(scan(), "scan", wrong);
        check(exscan(), "exscan", wrong);
        check(reduceScatter(), "reduceScatter", wrong);
        return wrong;
      }

      private static void check(boolean isRight, String call, List<String> wrong) {
        if (!isRight) {
          wrong.add(call);
        }
      }

      private boolean reduce() {
        int root = comm.size() - 1;
        Object data = elements(comm, type, COUNT);
        comm.reduce(Slice.of(data), op, root);
        return comm.rank() == root ? holds(data, 0, COUNT, comm.size(), serial) : isMine(data);
      }

      private boolean scan() {
        Object data = elements(comm, type, COUNT);
        comm.scan(Slice.of(data), op);
        return holds(data, 0, COUNT, comm.rank() + 1, serial);
      }

      private boolean exscan() {
        Object data = elements(comm, type, COUNT);
        comm.exscan(Slice.of(data), op);
        return comm.rank() == 0 ? isMine(data) : holds(data, 0, COUNT, comm.rank(), serial);
      }

      private boolean reduceScatter() {
        int[] counts = {1, 2, 3};
        int[] firsts = {0, 1, 3};
        int mine = counts[comm.rank()];
        Object part = type.newArray(mine);
        comm.reduceScatter(Slice.of(elements(comm, type, 6)), Slice.of(part), counts, op);
        return holds(part, firsts[comm.rank()], mine, comm.size(), serial);
      }

      private boolean isMine(Object data) {
        for (int i = 0; i < COUNT; i++) {
          if (get(data, i) != element(comm.rank(), i)) {
            return false;
          }
        }
        return true;
      }
    }

    private static void set(Object array, int i, long value) {
      switch (array) {
        case char[] chars -> chars[i] = (char) value;
        case byte[] bytes -> bytes[i] = (byte) value;
        case short[] shorts -> shorts[i] = (short) value;
        case int[] ints -> ints[i] = (int) value;
        case long[] longs -> longs[i] = value;
        case float[] floats -> floats[i] = value;
        default -> ((double[]) array)[i] = value;
      }
    }

    private static long get(Object array, int i) {
      return switch (array) {
        case char[] chars -> chars[i];
        case byte[] bytes -> bytes[i];
        case short[] shorts -> shorts[i];
        case int[] ints -> ints[i];
        case long[] longs -> longs[i];
        case float[] floats -> (long) floats[i];
        default -> (long) ((double[]) array)[i];
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOperatorCombinesElementsOfEveryType(Ranks ranks) {
    assertThat(ranks.call(3, Everything.class, String.class))
        .isEqualTo(Collections.nCopies(3, "[]"));
  }

  record Matrix(long a, long b, long c, long d) {
    private static final long MODULUS = 10_007;

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
  }

  static final class Products implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
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
      return good && atRoot.equals(expected) && firstAndLast(comm) && ofOnesOwn(comm);
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
      Located least = comm.allreduce(new Located(comm.rank() < 2 ? 0 : 1, comm.rank()), Located::min);
      Located most = comm.allreduce(new Located(comm.rank() < 2 ? 1 : 0, comm.rank()), Located::max);
      return lowBits[0] == (1L << comm.size()) - 1
          && product[0] == factorial
          && least.location() == 0 // of those that are equal the lower rank
          && most.location() == 0;
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

  @ParameterizedTest
  @EnumSource
  void whatDoesNotCommuteIsCombinedInTheOrderOfRanks(Ranks ranks) {
    for (int size : new int[] {2, 5, 7}) {
      assertThat(ranks.call(size, Products.class, Boolean.class))
          .isEqualTo(Collections.nCopies(size, true));
    }
  }
}
