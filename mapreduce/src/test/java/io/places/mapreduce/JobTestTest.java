package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.places.mapreduce.text.FixedRecords;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link JobTest} lets good jobs pass, and says of each bad one what is wrong with it. */
class JobTestTest {
  private static final Path NOWHERE = Path.of("/nowhere");
  private static final String[] LINES = {"a b a", "b a", "c a", "c c d", "a", "e"};

  private static Job.Mapped<String, Long> mapped(
      Class<? extends Mapper<Long, String, String, Long>> mapper) {
    return Job.named("test").input(TextLines.of(NOWHERE)).map(mapper);
  }

  private static Job job(Class<? extends Mapper<Long, String, String, Long>> mapper) {
    return mapped(mapper).reduce(Words.Total.class).output(TextOutput.to(NOWHERE));
  }

  private static Job reducedBy(Class<? extends Reducer<String, Long, String, Long>> reducer) {
    return mapped(Words.Split.class).reduce(reducer).output(TextOutput.to(NOWHERE));
  }

  private static Job combinedBy(Class<? extends Combiner<String, Long>> combiner) {
    return mapped(Words.Split.class)
        .combine(combiner)
        .reduce(Words.Total.class)
        .output(TextOutput.to(NOWHERE));
  }

  private static BrokenAssumption broken(Job job) {
    return catchThrowableOfType(
        BrokenAssumption.class, () -> JobTest.of(job).lines(LINES).run());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 77})
  void aGoodJobPassesAndShowsItsOutput(long seed) {
    JobTest.Output output =
        JobTest.of(combinedBy(Words.Sum.class)).lines(LINES).seed(seed).run();

    assertThat(output.lines()).containsExactly("a\t5", "b\t2", "c\t3", "d\t1", "e\t1");
    assertThat(output.pairs(String.class, Long.class)).contains(Map.entry("a", 5L));
    assertThat(output.counters().get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(6);
  }

  @Test
  void aJobWithOneRecordPasses() {
    assertThat(JobTest.of(combinedBy(Words.Sum.class)).lines("a a").run().lines())
        .containsExactly("a\t2");
  }

  @Test
  void theJobsOwnInputIsReadIfNoneIsGivenAndNothingIsWritten(@TempDir Path folder)
      throws IOException {
    Path in = Files.write(folder.resolve("in"), List.of("x y", "x"));
    Path out = folder.resolve("out");
    assertThat(JobTest.of(Words.job(in, out)).run().lines()).containsExactly("x\t2", "y\t1");
    assertThat(out).doesNotExist();
  }

  /** Numbers the words of its split. */
  static final class Numbering implements Mapper<Long, String, String, Long> {
    private long number;

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      for (String word : line.split(" ", -1)) {
        context.emit(word, number++);
      }
    }
  }

  @Test
  void aMapperThatCarriesSomethingFromRecordToRecordIsFound() {
    BrokenAssumption broken = broken(job(Numbering.class));
    assertThat(broken.assumption()).isEqualTo(Assumption.SPLITS);
    assertThat(broken)
        .hasMessageStartingWith(
            "the output of job 'test' depends on where the input is cut into splits; a mapper sees only")
        .message()
        .containsPattern(
            "First difference: \\('a', '\\d+'\\) with a split for each record, \\('a', '\\d+'\\) with ")
        .endsWith("with 2 splits, 2 reducers and no combiner. 6 records, seed 1");
  }

  /** Distinguishes what it has seen in its own task. */
  static final class SeenBefore implements Mapper<Long, String, Long, String> {
    private final Set<String> seen = new HashSet<>();

    @Override
    public void map(Long offset, String line, Context<Long, String> context) {
      if (seen.add(line.substring(0, 1))) {
        context.emit(offset, line);
      }
    }
  }

  @Test
  void aJobWithoutReducersIsTestedToo() {
    Job job =
        Job.named("test")
            .input(TextLines.of(NOWHERE))
            .mapOnly(SeenBefore.class)
            .output(TextOutput.to(NOWHERE));
    assertThat(broken(job).assumption()).isEqualTo(Assumption.SPLITS);
  }

  static final class First implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      context.emit(key, values.iterator().next());
    }
  }

  static final class Offsets implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit(line.substring(0, 1), offset);
    }
  }

  @Test
  void aReducerThatTakesTheFirstValueIsFound() {
    Job job = mapped(Offsets.class).reduce(First.class).output(TextOutput.to(NOWHERE));
    assertThat(broken(job).assumption()).isEqualTo(Assumption.VALUE_ORDER);
  }

  static final class RunningTotal implements Reducer<String, Long, String, Long> {
    private long total;

    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      for (long value : values) {
        total += value;
      }
      context.emit(key, total);
    }
  }

  @Test
  void aReducerThatCarriesSomethingFromKeyToKeyIsFound() {
    assertThat(broken(reducedBy(RunningTotal.class)).assumption()).isEqualTo(Assumption.REDUCERS);
  }

  static final class HowMany implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      long number = 0;
      for (long ignored : values) {
        number++;
      }
      context.emit(key, number);
    }
  }

  @Test
  void aReducerThatCountsValuesThoughThereIsACombinerIsFound() {
    Job job =
        mapped(Words.Split.class)
            .combine(Words.Sum.class)
            .reduce(HowMany.class)
            .output(TextOutput.to(NOWHERE));
    assertThat(broken(job).assumption()).isEqualTo(Assumption.COMBINING);
  }

  static final class Mean implements Combiner<String, Long> {
    @Override
    public Long combine(String key, Long left, Long right) {
      return (left + right) / 2;
    }
  }

  @Test
  void aCombinerThatIsNotAssociativeIsFound() {
    assertThat(broken(combinedBy(Mean.class)).assumption()).isEqualTo(Assumption.COMBINING);
  }

  /** Adds words' counts as objects, and forgets one of them where there are only numbers. */
  static final class ForgetsNumbers implements LongCombiner<String> {
    @Override
    public long combine(long left, long right) {
      return left;
    }

    @Override
    public Long combine(String key, Long left, Long right) {
      return left + right;
    }
  }

  @Test
  void aCombinerOfNumbersIsTriedWithNumbersAsOnAWorker() {
    assertThat(broken(combinedBy(ForgetsNumbers.class)).assumption())
        .isEqualTo(Assumption.COMBINING);
  }

  record Letters(List<Integer> numbers) {}

  static final class ToArrays implements Mapper<Long, String, String, long[]> {
    @Override
    public void map(Long offset, String line, Context<String, long[]> context) {
      context.emit(line.substring(0, 1), new long[] {1});
    }
  }

  static final class AddsInPlace implements Combiner<String, long[]> {
    @Override
    public long[] combine(String key, long[] left, long[] right) {
      left[0] += right[0];
      return left;
    }
  }

  static final class AddArrays implements Reducer<String, long[], String, Long> {
    @Override
    public void reduce(String key, Iterable<long[]> values, Context<String, Long> context) {
      long total = 0;
      for (long[] value : values) {
        total += value[0];
      }
      context.emit(key, total);
    }
  }

  @Test
  void aCombinerThatChangesItsArgumentsIsFound() {
    Job job =
        Job.named("test")
            .input(TextLines.of(NOWHERE))
            .map(ToArrays.class)
            .combine(AddsInPlace.class)
            .reduce(AddArrays.class)
            .output(TextOutput.to(NOWHERE));
    assertThat(broken(job))
        .hasMessageContaining("its combiner changes a value that it is given")
        .hasMessageMatching(".*For key '.' it was given \\[1\\], which was then \\[2\\]")
        .extracting(BrokenAssumption::assumption)
        .isEqualTo(Assumption.COMBINER_ARGUMENTS);
  }

  static final class Chance implements Mapper<Long, String, String, Long> {
    private static final AtomicLong CALLS = new AtomicLong();

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit(line, CALLS.incrementAndGet());
    }
  }

  @Test
  void aJobThatIsNotTheSameAgainIsFound() {
    assertThat(broken(job(Chance.class)).assumption()).isEqualTo(Assumption.SAME_AGAIN);
  }

  static final class ByIdentity implements Partitioner<String> {
    private boolean second;

    @Override
    public int partition(String key, int partitions) {
      second = !second;
      return second ? 1 % partitions : 0;
    }
  }

  @Test
  void aPartitionerThatDoesNotGoByTheKeyIsFound() {
    Job job =
        mapped(Words.Split.class)
            .partition(ByIdentity.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(NOWHERE));
    assertThat(broken(job).assumption()).isEqualTo(Assumption.PARTITIONS);
  }

  /** Emits one object, again and again, and changes it in between; that is allowed. */
  static final class Reuses implements Mapper<Long, String, byte[], byte[]> {
    private final byte[] buffer = new byte[1];

    @Override
    public void map(Long offset, String line, Context<byte[], byte[]> context) {
      for (int i = 0; i < line.length(); i++) {
        buffer[0] = (byte) line.charAt(i);
        context.emit(buffer, buffer);
      }
    }
  }

  static final class ReusesToo implements Reducer<byte[], byte[], byte[], List<String>> {
    private final byte[] buffer = new byte[1];

    @Override
    public void reduce(
        byte[] key, Iterable<byte[]> values, Context<byte[], List<String>> context) {
      buffer[0] = key[0];
      List<String> all = new ArrayList<>();
      values.forEach(value -> all.add(Byte.toString(value[0])));
      context.emit(buffer, all);
    }
  }

  @Test
  void pairsAreTakenAsTheyAreWhenTheyAreEmitted() {
    Job job =
        Job.named("test")
            .input(TextLines.of(NOWHERE))
            .map(Reuses.class)
            .reduce(ReusesToo.class)
            .output(TextOutput.to(NOWHERE));
    assertThat(JobTest.of(job).lines("ab", "b").run().lines())
        .containsExactly("[97]\t[97]", "[98]\t[98, 98]");
  }

  /** Makes readable what it is given, in its place. */
  static final class Deciphers implements Mapper<Long, byte[], String, Long> {
    @Override
    public void map(Long number, byte[] record, Context<String, Long> context) {
      for (int i = 0; i < record.length; i++) {
        record[i] ^= 1;
      }
      context.emit(new String(record, StandardCharsets.US_ASCII), number);
    }
  }

  @Test
  void aMapperMayChangeTheRecordThatItIsGiven() {
    Job job =
        Job.named("test")
            .input(FixedRecords.of(2, NOWHERE))
            .map(Deciphers.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(NOWHERE));
    byte[] record = {'`', 'c'};

    assertThat(JobTest.of(job).record(1L, record).record(2L, record).run().lines())
        .containsExactly("ab\t3");
    assertThat(record).containsExactly('`', 'c');
  }

  static final class Thirds implements Mapper<Long, String, String, Double> {
    @Override
    public void map(Long offset, String line, Context<String, Double> context) {
      context.emit("sum", 1.0 / (offset + 1));
    }
  }

  static final class SumOfDoubles implements Reducer<String, Double, String, Double> {
    @Override
    public void reduce(String key, Iterable<Double> values, Context<String, Double> context) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      context.emit(key, sum);
    }
  }

  @Test
  void roundingMayBeTolerated() {
    Job job =
        Job.named("test")
            .input(TextLines.of(NOWHERE))
            .map(Thirds.class)
            .reduce(SumOfDoubles.class)
            .output(TextOutput.to(NOWHERE));
    JobTest test = JobTest.of(job).lines("aa", "b", "ccccc", "d", "e", "ffff", "g", "h", "i", "jjj");

    assertThatThrownBy(test::run)
        .isInstanceOf(BrokenAssumption.class)
        .hasMessageContaining("depends on the order of a key's values");
    assertThat(test.sameWithin(1e-12).run().pairs(String.class, Double.class)).hasSize(1);
  }

  static final class SumsAsKeys implements Reducer<String, Double, Double, String> {
    @Override
    public void reduce(String key, Iterable<Double> values, Context<Double, String> context) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      context.emit(sum, key);
    }
  }

  static final class WordAndNumber implements Mapper<Long, String, String, Double> {
    @Override
    public void map(Long offset, String line, Context<String, Double> context) {
      context.emit(line.substring(0, 1), Double.valueOf(line.substring(2)));
    }
  }

  @Test
  void roundingMayBeToleratedThoughItChangesTheOrderOfTheTexts() {
    Job job =
        Job.named("test")
            .input(TextLines.of(NOWHERE))
            .map(WordAndNumber.class)
            .reduce(SumsAsKeys.class)
            .output(TextOutput.to(NOWHERE));
    JobTest test = // x is 9.999999999999998 or 10.0, by the order
        JobTest.of(job).lines("x 0.1", "x 4.7", "x 0.6", "x 2.9", "x 1.7", "y 9.5");

    assertThatThrownBy(test::run).isInstanceOf(BrokenAssumption.class);
    assertThat(test.sameWithin(1e-12).run().lines())
        .containsExactly("9.5\ty", "9.999999999999998\tx");
  }

  @Test
  void recordsOfOtherTypesThanTheMapperTakesAreRefused() {
    JobTest test = JobTest.of(combinedBy(Words.Sum.class));
    assertThatThrownBy(() -> test.record(1L, 2L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper io.places.mapreduce.Words$Split takes a record of java.lang.String, not of"
                + " java.lang.Long: '2'");
  }

  static final class Failing implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      throw new IllegalStateException("no luck");
    }
  }

  @Test
  void whatAClassThrowsComesWithItsRecord() {
    assertThatThrownBy(() -> JobTest.of(job(Failing.class)).lines("one", "two").run())
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("Failing failed on record '0' ('one')")
        .hasRootCauseMessage("no luck");
  }

  /** What the compiler would have refused, but for a cast. */
  static final class WrongTypes implements Mapper<Long, String, String, Long> {
    @Override
    @SuppressWarnings("unchecked")
    public void map(Long offset, String line, Context<String, Long> context) {
      if (line.equals("key")) {
        ((Context<Object, Long>) (Context<?, ?>) context).emit(7, 1L);
      } else {
        ((Context<String, Object>) (Context<?, ?>) context).emit("seven", "one");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "value"})
  void aPairOfOtherTypesThanTheMapperDeclaresIsRefusedNamingBoth(String what) {
    assertThatThrownBy(() -> JobTest.of(job(WrongTypes.class)).lines(what).run())
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("WrongTypes failed on record '0' ('" + what + "')")
        .hasMessageContaining("java.lang.String")
        .hasMessageContaining(what.equals("key") ? "java.lang.Integer" : "java.lang.Long");
  }

  private static final NamedOutput<String, Long> SHORT = new NamedOutput<>("short");
  private static final SideData<Letters> ALLOWED = new SideData<>("allowed", Letters.class);

  static final class ToSide implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String key, Iterable<Long> values, Context<String, Long> context) {
      if (context.side(ALLOWED).numbers().contains(key.length())) {
        context.emit(SHORT, key, Long.valueOf(context.parameter("number")));
      }
    }
  }

  @Test
  void sideDataParametersAndNamedOutputsAreThere() {
    Job job =
        mapped(Words.Split.class)
            .ranges()
            .reduce(ToSide.class)
            .parameter("number", "7")
            .alsoOutput(SHORT, TextOutput.to(NOWHERE.resolve("short")))
            .output(TextOutput.to(NOWHERE))
            .side(ALLOWED, new Letters(List.of(1, 2)));
    JobTest.Output output = JobTest.of(job).lines("a bb", "ccc", "bb").run();

    assertThat(output.lines()).isEmpty();
    assertThat(output.pairs(SHORT, String.class, Long.class))
        .containsExactly(Map.entry("a", 7L), Map.entry("bb", 7L));
  }
}
