package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobDeclarationTest {
  private static final String MUST_BE =
      "; nodes make it by its name, so it must be a top-level or static nested class with a"
          + " no-argument constructor";

  private final Job.Reading<Long, String> reading =
      Job.named("test").input(TextLines.of(Path.of("/in")));

  @Test
  void aJobPrintsAllThereIsToKnow() {
    Job job =
        reading
            .map(Words.Split.class)
            .combine(Words.Sum.class)
            .partition(TasksTest.LengthPartitioner.class)
            .reduce(Words.Total.class)
            .reducers(3)
            .parameter("colour", "blue")
            .output(TextOutput.to(Path.of("/out")))
            .withoutSecondAttempts();

    assertThat(job)
        .hasToString(
            """
            name: "test"
            input {
              class_name: "io.places.mapreduce.text.TextLines"
              parameters {
                key: "path.0"
                value: "/in"
              }
            }
            mapper: "io.places.mapreduce.Words$Split"
            combiner: "io.places.mapreduce.Words$Sum"
            partitioner: "io.places.mapreduce.TasksTest$LengthPartitioner"
            reducer: "io.places.mapreduce.Words$Total"
            reducers: 3
            output {
              class_name: "io.places.mapreduce.text.TextOutput"
              parameters {
                key: "folder"
                value: "/out"
              }
            }
            parameters {
              key: "colour"
              value: "blue"
            }
            key_type: "java.lang.String"
            value_type: "java.lang.Long"
            no_second_attempts: true
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 10_001})
  void aNumberOfReducersOutOfBoundsIsRefused(int reducers) {
    assertThatThrownBy(
            () -> reading.map(Words.Split.class).reduce(Words.Total.class).reducers(reducers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a job has 1 to 10000 reducers, not " + reducers);
  }

  @Test
  void anAbstractClassIsRefused() {
    assertThatThrownBy(() -> reading.map(AbstractMapper.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mapper io.places.mapreduce.JobDeclarationTest$AbstractMapper is abstract" + MUST_BE);
  }

  @Test
  void anInnerClassIsRefused() {
    assertThatThrownBy(() -> reading.map(InnerMapper.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.JobDeclarationTest$InnerMapper is an inner class that is not static"
                + MUST_BE);
  }

  @Test
  void aClassWithoutANoArgumentConstructorIsRefused() {
    assertThatThrownBy(() -> reading.map(NeedsArgument.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.JobDeclarationTest$NeedsArgument is without a no-argument constructor"
                + MUST_BE);
  }

  @Test
  void aLambdaIsRefused() {
    Combiner<String, Long> lambda = (key, left, right) -> left + right;

    assertThatThrownBy(() -> combine(lambda.getClass()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("combiner io.places.mapreduce.JobDeclarationTest$$Lambda")
        .hasMessageEndingWith(" is a lambda or an anonymous class" + MUST_BE);
  }

  @Test
  void anAnonymousClassIsRefused() {
    Combiner<String, Long> anonymous =
        new Combiner<>() {
          @Override
          public Long combine(String key, Long left, Long right) {
            return left;
          }
        };

    assertThatThrownBy(() -> combine(anonymous.getClass()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(" is a lambda or an anonymous class" + MUST_BE);
  }

  @Test
  void aLocalClassIsRefused() {
    class Local extends NeedsNothing {}

    assertThatThrownBy(() -> reading.map(Local.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("Local is declared within a method" + MUST_BE);
  }

  @Test
  void anInterfaceIsRefused() {
    assertThatThrownBy(() -> reading.map(MapperInterface.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.JobDeclarationTest$MapperInterface is no ordinary class" + MUST_BE);
  }

  @Test
  void typesLeftOpenAreRefused() {
    Class<Open<String>> open = open();

    assertThatThrownBy(() -> reading.map(open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.JobDeclarationTest$Open leaves the type of its keys open (T): name it"
                + " in a class, as in 'class M implements Mapper<Long, String, String, Long>'");
  }

  @Test
  void typesAreFoundThroughSuperclassesAndInterfaces() {
    Job job =
        reading.map(Closed.class).reduce(Words.Total.class).output(TextOutput.to(Path.of("/o")));

    assertThat(job.spec().getKeyType()).isEqualTo("java.lang.String");
    assertThat(job.spec().getValueType()).isEqualTo("java.lang.Long");
  }

  @Test
  void keysWithoutAnEncodingAreRefused() {
    assertThatThrownBy(() -> reading.map(DoubleKeys.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.JobDeclarationTest$DoubleKeys: java.lang.Double is no type for keys;"
                + " keys may be String, Long, Integer, byte[], or a record of such");
  }

  @Test
  void valuesWithoutAnEncodingAreRefused() {
    assertThatThrownBy(() -> reading.map(ThreadValues.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "mapper io.places.mapreduce.JobDeclarationTest$ThreadValues emits values that cannot travel:"
                + " java.lang.Thread");
  }

  @Test
  void aParameterGivenTwiceIsRefused() {
    assertThatThrownBy(
            () ->
                reading
                    .map(Words.Split.class)
                    .reduce(Words.Total.class)
                    .parameter("k", "1")
                    .parameter("k", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the parameter 'k' was given before, as '1'");
  }

  @Test
  void aJobWithoutANameIsRefused() {
    assertThatThrownBy(() -> Job.named(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a job needs a name, not ' '");
  }

  @SuppressWarnings("unchecked")
  private Job.Mapped<String, Long> combine(Class<?> combiner) {
    return reading
        .map(Words.Split.class)
        .combine((Class<? extends Combiner<? super String, Long>>) combiner);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Class<Open<String>> open() {
    return (Class) Open.class;
  }

  abstract static class AbstractMapper implements Mapper<Long, String, String, Long> {}

  interface MapperInterface extends Mapper<Long, String, String, Long> {}

  @Test
  @SuppressWarnings("NullAway") // what is tested
  void whatIsNullIsNamed() {
    assertNamed("name", () -> Job.named(null));
    Job.Named named = Job.named("test");
    assertNamed("input format", () -> named.input(null));
    assertNamed("mapper", () -> named.input(TextLines.of(Path.of("in"))).map(null));
    assertNamed("package", () -> Workers.processes(1, (String) null));
  }

  private static void assertNamed(String parameter, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(parameter);
  }

  static class NeedsNothing implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long key, String value, Context<String, Long> context) {}
  }

  @SuppressWarnings("ClassCanBeStatic") // what is tested
  final class InnerMapper extends NeedsNothing {}

  static final class NeedsArgument extends NeedsNothing {
    NeedsArgument(@SuppressWarnings("unused") int argument) {}
  }

  interface ToStrings<VI, VO> extends Mapper<Long, VI, String, VO> {}

  abstract static class Base<A, B> implements ToStrings<B, A> {
    @Override
    public void map(Long key, B value, Context<String, A> context) {}
  }

  static final class Closed extends Base<Long, String> {}

  static final class Open<T> implements Mapper<Long, String, T, Long> {
    @Override
    public void map(Long key, String value, Context<T, Long> context) {}
  }

  static final class DoubleKeys implements Mapper<Long, String, Double, Long> {
    @Override
    public void map(Long key, String value, Context<Double, Long> context) {}
  }

  static final class ThreadValues implements Mapper<Long, String, String, Thread> {
    @Override
    public void map(Long key, String value, Context<String, Thread> context) {}
  }
}
