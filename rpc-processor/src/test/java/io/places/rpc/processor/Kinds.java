package io.places.rpc.processor;

import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import io.places.channel.PlaceChannel;
import io.places.message.Field;
import io.places.message.SharedBytes;
import io.places.message.SharedDoubles;
import io.places.message.SharedLongs;
import io.places.message.Transfer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Every kind of type that may travel: each component is one. */
@SuppressWarnings({"ArrayRecordComponent", "SameNameButDifferent", "UnicodeInCode", "EnumConstantCase"}) // that is what is tried
record Kinds(
    Scalars scalars,
    Boxes boxes,
    Texts texts,
    Blocks blocks,
    Many many,
    Maps maps,
    Nested nested,
    Drawing drawing,
    Moments moments,
    Tree tree,
    Expression expression,
    Pair<String, List<Pair<Long, Mood>>> pair,
    Either<String, Long> either,
    Ends ends,
    Numbered numbered,
    Alike alike,
    Handed handed,
    Foreign foreign,
    String string,
    Long number,
    byte[] bytes,
    double[] doubles,
    List<String> strings,
    List<Set<Long>> sets,
    Map<Mood, double[]> byMood,
    Optional<Mood> mood,
    List<Optional<Instant>> times,
    Transfer<long[]> longs,
    PlaceChannel<Tree, Void> end,
    UUID id) {

  record Scalars(long a, int b, short c, byte d, char e, boolean f, double g, float h) {}

  record Boxes(Long a, Integer b, Short c, Byte d, Character e, Boolean f, Double g, Float h) {}

  record Texts(String a, UUID b, LocalDate c, byte[] d, MemorySegment e, Mood f) {}

  record Blocks(long[] a, int[] b, double[] c, float[] d) {}

  record Many(List<String> a, Set<Integer> b, Optional<Double> c, Optional<byte[]> d, List<Mood> e) {}

  record Maps(
      Map<String, Long> a,
      Map<Integer, String> b,
      Map<Character, Mood> c,
      Map<LocalDate, Many> d,
      Map<Double, Mood> e,
      Map<Mood, Double> f,
      Map<UUID, Mood> g) {}

  record Nested(
      List<List<String>> a,
      List<Map<String, Optional<Mood>>> b,
      Optional<List<String>> c,
      Map<String, List<String>> d,
      List<double[]> e,
      Optional<Optional<String>> f,
      Set<List<String>> g) {}

  enum Mood {
    GOOD,
    BAD,
    soSo
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  @Field(9)
  record Polygon(List<double[]> corners) implements Shape {}

  sealed interface Group extends Shape {}

  record Both(Shape first, Shape second) implements Group {}

  record Drawing(String title, Shape frame, Map<Long, Shape> shapes, Optional<Shape> last) {}

  record Moments(Instant at, Duration in, List<Instant> all, Map<String, Duration> each) {}

  record Tree(String name, List<Tree> children, Optional<Tree> parent) {}

  sealed interface Expression {}

  record Literal(long value) implements Expression {}

  record Sum(Expression left, Expression right) implements Expression {}

  record Pair<A, B>(A first, B second) {}

  sealed interface Either<L, R> {}

  record Left<L, R>(L value) implements Either<L, R> {}

  record Right<X, Y>(Y value, Pair<X, Y> pair) implements Either<X, Y> {}

  record Ends(PlaceChannel<String, Long> one, List<PlaceChannel<Tree, Void>> more) {}

  record Numbered(@Field(7) String userName, String URLOfIt, @Field(1) long größe, String a_b) {}

  record Alike(Left<Long, Mood> left, Other.Left other, String aB, Other.Mood mood, Mood same) {}

  record Handed(
      Transfer<byte[]> a, Transfer<double[]> b, SharedBytes c, SharedLongs d, SharedDoubles e) {}

  record Foreign(Timestamp a, List<Struct> b, FieldOptions.FeatureSupport c) {}

  /** Types with the names of others. */
  static final class Other {
    private Other() {}

    record Left(String a, Mood mood) {}

    enum Mood {
      GOOD,
      _GOOD
    }
  }
}
