package io.places.rmpi;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a reduction combines two arrays, element by element (MPI 4.1, 6.9.2).
 *
 * <p>Sums of {@code byte}, {@code short}, {@code char} and {@code int} wrap as Java's do. For a given number
 * of ranks and elements the order of combination is always the same, so sums of floating-point numbers come
 * out the same, bit for bit, in every run and on every rank.
 */
public final class ArrayOp {
  public static final ArrayOp SUM = new ArrayOp("sum", Long::sum, Double::sum, true);
  public static final ArrayOp PRODUCT = new ArrayOp("product", (a, b) -> a * b, (a, b) -> a * b, true);
  public static final ArrayOp MIN = new ArrayOp("min", Math::min, Math::min, true);
  public static final ArrayOp MAX = new ArrayOp("max", Math::max, Math::max, true);

  /** Bitwise and, of whole numbers only. */
  public static final ArrayOp AND = new ArrayOp("and", (a, b) -> a & b, null, true);

  /** Bitwise or, of whole numbers only. */
  public static final ArrayOp OR = new ArrayOp("or", (a, b) -> a | b, null, true);

  /** Bitwise exclusive or, of whole numbers only. */
  public static final ArrayOp XOR = new ArrayOp("xor", (a, b) -> a ^ b, null, true);

  /** 1 where both are other than 0, else 0; of whole numbers only. */
  public static final ArrayOp LOGICAL_AND =
      new ArrayOp("logical and", (a, b) -> a != 0 && b != 0 ? 1 : 0, null, true);

  /** 1 where one of them is other than 0, else 0; of whole numbers only. */
  public static final ArrayOp LOGICAL_OR =
      new ArrayOp("logical or", (a, b) -> a != 0 || b != 0 ? 1 : 0, null, true);

  /** 1 where just one of them is other than 0, else 0; of whole numbers only. */
  public static final ArrayOp LOGICAL_XOR =
      new ArrayOp("logical xor", (a, b) -> (a != 0) != (b != 0) ? 1 : 0, null, true);

  private final Names names;
  private final @Nullable LongBinaryOperator whole;
  private final @Nullable DoubleBinaryOperator floating;
  private final boolean commutative;

  private ArrayOp(
      String name,
      @Nullable LongBinaryOperator whole,
      @Nullable DoubleBinaryOperator floating,
      boolean commutative) {
    this(Names.of(name), whole, floating, commutative);
  }

  private ArrayOp(
      Names names,
      @Nullable LongBinaryOperator whole,
      @Nullable DoubleBinaryOperator floating,
      boolean commutative) {
    this.names = names;
    this.whole = whole;
    this.floating = floating;
    this.commutative = commutative;
  }

  /** Your own, for {@code float} and {@code double}: associative and commutative. */
  public static ArrayOp ofDoubles(DoubleBinaryOperator combine) {
    return new ArrayOp(Names.OF_DOUBLES, null, requireNonNull(combine, "combine"), true);
  }

  /** Your own, for whole numbers: associative and commutative. */
  public static ArrayOp ofLongs(LongBinaryOperator combine) {
    return new ArrayOp(Names.OF_LONGS, requireNonNull(combine, "combine"), null, true);
  }

  /** Your own, for whole numbers up to {@code int}: associative and commutative. */
  public static ArrayOp ofInts(IntBinaryOperator combine) {
    requireNonNull(combine, "combine");
    return new ArrayOp(
        Names.OF_INTS, (a, b) -> combine.applyAsInt((int) a, (int) b), null, true);
  }

  /** As this, but not commutative: the first argument is always that of the lower ranks. */
  public ArrayOp notCommutative() {
    return new ArrayOp(Names.ofOrdered(names.operator()), whole, floating, false);
  }

  Names names() {
    return names;
  }

  boolean isCommutative() {
    return commutative;
  }

  /**
   * @throws IllegalArgumentException if it does not combine such elements
   */
  void requireFor(ElementType type) {
    boolean isFloating = type == ElementType.FLOAT || type == ElementType.DOUBLE;
    if ((isFloating ? floating : whole) == null) {
      throw new IllegalArgumentException(
          "%s does not combine elements of a %s".formatted(this, type.typeName()));
    }
  }

  /** Combines the elements of two slices of one type and length into the second: {@code b = a op b}. */
  void intoHigher(Slice lower, Slice higher) {
    combine(lower, higher, higher);
  }

  /** Combines the elements of two slices of one type and length into the first: {@code a = a op b}. */
  void intoLower(Slice lower, Slice higher) {
    combine(lower, higher, lower);
  }

  private void combine(Slice a, Slice b, Slice into) {
    requireFor(a.type());
    if (!a.hasArray() || !b.hasArray()) {
      Slice copyOfA = Slice.of(a.toArray());
      Slice copyOfB = Slice.of(b.toArray());
      Slice result = into.equals(a) ? copyOfA : copyOfB;
      combine(copyOfA, copyOfB, result);
      result.copyTo(into);
      return;
    }
    if (this == SUM && a.isDense() && b.isDense() && a.type() == ElementType.DOUBLE) {
      sum((double[]) a.array(), a.index(0), (double[]) b.array(), b.index(0), into);
      return;
    }
    switch (a.type()) {
      case DOUBLE -> doubles((double[]) a.array(), a, (double[]) b.array(), b, into);
      case FLOAT -> floats((float[]) a.array(), a, (float[]) b.array(), b, into);
      case LONG -> longs((long[]) a.array(), a, (long[]) b.array(), b, into);
      case INT -> ints((int[]) a.array(), a, (int[]) b.array(), b, into);
      case SHORT -> shorts((short[]) a.array(), a, (short[]) b.array(), b, into);
      case CHAR -> chars((char[]) a.array(), a, (char[]) b.array(), b, into);
      case BYTE -> bytes((byte[]) a.array(), a, (byte[]) b.array(), b, into);
    }
  }

  /** The common case, in a form that the compiler turns into vector instructions. */
  private static void sum(double[] a, int fromA, double[] b, int fromB, Slice into) {
    double[] to = (double[]) into.array();
    int at = into.index(0);
    for (int i = 0; i < into.count(); i++) {
      to[at + i] = a[fromA + i] + b[fromB + i];
    }
  }

  private DoubleBinaryOperator floating() {
    if (floating == null) {
      throw new AssertionError("requireFor comes first");
    }
    return floating;
  }

  private LongBinaryOperator whole() {
    if (whole == null) {
      throw new AssertionError("requireFor comes first");
    }
    return whole;
  }

  private void doubles(double[] a, Slice ofA, double[] b, Slice ofB, Slice into) {
    DoubleBinaryOperator op = floating();
    double[] to = (double[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = op.applyAsDouble(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void floats(float[] a, Slice ofA, float[] b, Slice ofB, Slice into) {
    DoubleBinaryOperator op = floating();
    float[] to = (float[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = (float) op.applyAsDouble(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void longs(long[] a, Slice ofA, long[] b, Slice ofB, Slice into) {
    LongBinaryOperator op = whole();
    long[] to = (long[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = op.applyAsLong(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void ints(int[] a, Slice ofA, int[] b, Slice ofB, Slice into) {
    LongBinaryOperator op = whole();
    int[] to = (int[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = (int) op.applyAsLong(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void shorts(short[] a, Slice ofA, short[] b, Slice ofB, Slice into) {
    LongBinaryOperator op = whole();
    short[] to = (short[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = (short) op.applyAsLong(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void chars(char[] a, Slice ofA, char[] b, Slice ofB, Slice into) {
    LongBinaryOperator op = whole();
    char[] to = (char[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = (char) op.applyAsLong(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  private void bytes(byte[] a, Slice ofA, byte[] b, Slice ofB, Slice into) {
    LongBinaryOperator op = whole();
    byte[] to = (byte[]) into.array();
    for (int i = 0; i < into.count(); i++) {
      to[into.index(i)] = (byte) op.applyAsLong(a[ofA.index(i)], b[ofB.index(i)]);
    }
  }

  /**
   * What reductions by an operator are called: each message of theirs says it, so that ranks that combine differently
   * find out. Made once, and interned as names that come are, which makes them quick to compare.
   */
  record Names(
      String operator, String reduce, String allreduce, String scan, String exscan, String reduceScatter) {
    // Each call makes an operator of these anew.
    static final Names OF_DOUBLES = of("an operator of doubles");
    static final Names OF_LONGS = of("an operator of longs");
    static final Names OF_INTS = of("an operator of ints");

    private static final String ORDERED = " in order";
    private static final Map<String, Names> ALL_ORDERED = new ConcurrentHashMap<>();

    static Names of(String operator) {
      return new Names(
          operator,
          ("reduce:" + operator).intern(),
          ("allreduce:" + operator).intern(),
          ("scan:" + operator).intern(),
          ("exscan:" + operator).intern(),
          ("reduceScatter:" + operator).intern());
    }

    /** Of one that does not commute. */
    static Names ofOrdered(String operator) {
      return ALL_ORDERED.computeIfAbsent(
          operator, name -> of(name.endsWith(ORDERED) ? name : name + ORDERED));
    }
  }

  @Override
  public String toString() {
    return names.operator();
  }
}
