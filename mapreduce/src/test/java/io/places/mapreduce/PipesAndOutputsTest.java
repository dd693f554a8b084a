package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappers one behind the other, several outputs, and parameters that are records. */
class PipesAndOutputsTest {
  private static final NamedOutput<String, Long> RARE = new NamedOutput<>("rare");

  @TempDir private Path folder;
  private Path input;
  private Path output;
  private Path rare;

  @BeforeEach
  void makeInput() throws IOException {
    input = Files.writeString(folder.resolve("in.txt"), "b A a\nC b a\n");
    output = folder.resolve("out");
    rare = folder.resolve("rare");
  }

  record Line(String text) {}

  /** Its values have no encoding: between mappers they need none. */
  static final class Lower implements Mapper<Long, String, Long, Line> {
    @Override
    public void map(Long offset, String line, Context<Long, Line> context) {
      context.emit(offset, new Line(line.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void cleanup(Context<Long, Line> context) {
      context.emit(-1L, new Line("end"));
    }
  }

  static final class SplitLine implements Mapper<Long, Line, String, Long> {
    private long lines;

    @Override
    public void map(Long offset, Line line, Context<String, Long> context) {
      lines++;
      new Words.Split().map(offset, line.text(), context);
    }

    @Override
    public void cleanup(Context<String, Long> context) {
      context.emit("lines", lines);
    }
  }

  static final class Negate implements Mapper<String, Long, String, Long> {
    @Override
    public void map(String word, Long count, Context<String, Long> context) {
      context.emit(word, -count);
    }
  }

  static final class ToText implements Mapper<String, Long, String, String> {
    @Override
    public void map(String word, Long count, Context<String, String> context) {
      if (!word.equals("end")) {
        context.emit(word, "<" + count + ">");
      }
    }
  }

  @Test
  void whatAMapperEmitsGoesThroughTheMappersPipedBehindIt() throws IOException {
    run(
        Job.named("pipes")
            .input(TextLines.of(input))
            .pipe(Lower.class)
            .map(SplitLine.class)
            .reduce(Words.Total.class)
            .pipe(Negate.class)
            .pipe(ToText.class)
            .output(TextOutput.to(output)));

    assertThat(Parts.lines(output, 0)).containsExactly("a\t<-3>", "b\t<-2>", "c\t<-1>", "lines\t<-3>");
  }

  static final class FailsOnB implements Mapper<String, Long, String, Long> {
    @Override
    public void map(String word, Long count, Context<String, Long> context) {
      if (word.equals("b")) {
        throw new IllegalStateException("no b");
      }
    }
  }

  @Test
  void aPipedMapperThatFailsIsNamedWithItsPair() {
    assertThatThrownBy(
            () ->
                run(
                    Words.mapped(input)
                        .reduce(Words.Total.class)
                        .pipe(FailsOnB.class)
                        .output(TextOutput.to(output))))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining(
            "mapper io.places.mapreduce.PipesAndOutputsTest$FailsOnB failed on the pair 'b', '2':"
                + " java.lang.IllegalStateException: no b");
    assertThat(output).doesNotExist();
  }

  enum Side {
    LEFT,
    RIGHT
  }

  record Settings(long least, String name, double share, boolean loud, int size, Side side) {}

  static final class SortOut implements Reducer<String, Long, String, Long> {
    private long least;

    @Override
    public void setup(Context<String, Long> context) {
      Settings settings = context.parameters(Settings.class);
      least = settings.least();
      context.count(settings.toString(), 1);
    }

    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      long count = 0;
      for (long one : counts) {
        count += one;
      }
      if (count < least) {
        context.emit(RARE, word, count);
      } else {
        context.emit(word, count);
      }
    }
  }

  private static final Settings SETTINGS = new Settings(2, "x=y", 0.5, true, -3, Side.RIGHT);

  private Job.Reduced<String, Long> sortOut() {
    return Words.mapped(input).reduce(SortOut.class).reducers(2).parameters(SETTINGS);
  }

  @Test
  void pairsGoToTheOutputTheyAreEmittedTo() throws IOException {
    Counters counters =
        run(sortOut().alsoOutput(RARE, TextOutput.to(rare)).output(TextOutput.to(output)));

    assertThat(Parts.sorted(output)).containsExactly("a\t2", "b\t2");
    assertThat(Parts.sorted(rare)).containsExactly("A\t1", "C\t1");
    assertThat(counters.get(TaskCounter.OUTPUT_RECORDS)).isEqualTo(4);
    assertThat(counters.get(SETTINGS.toString())).isEqualTo(2);
  }

  @Test
  void ifOneOutputExistsTheOthersAreNotBegun() throws IOException {
    Files.createDirectory(rare);
    Job job = sortOut().alsoOutput(RARE, TextOutput.to(rare)).output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job)).isInstanceOf(OutputException.class);
    assertThat(output).doesNotExist();
    assertThat(rare).isEmptyDirectory();
  }

  @Test
  void anOutputThatWasNotDeclaredIsNamed() {
    Job job = sortOut().output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .hasMessageContaining("the job has no output 'rare': give it one with .alsoOutput");
    assertThatThrownBy(
            () -> sortOut().alsoOutput(RARE, TextOutput.to(rare)).alsoOutput(RARE, TextOutput.to(rare)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the output 'rare' was declared before");
  }

  @Test
  void twoOutputsCannotGoToTheSameFolder() {
    assertThatThrownBy(
            () ->
                sortOut().alsoOutput(RARE, TextOutput.to(output)).output(TextOutput.to(output).gzip()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the main output and the output 'rare' go to the same folder, %s: give each its own"
                .formatted(output));
    assertThatThrownBy(
            () ->
                sortOut()
                    .alsoOutput(RARE, TextOutput.to(rare))
                    .alsoOutput(new NamedOutput<String, Long>("other"), TextOutput.to(rare)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the output 'rare' and the output 'other' go to the same folder, ");
  }

  static final class EmitsToOutput implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit(RARE, line, 1L);
    }
  }

  @Test
  void aMapperBeforeReducersHasNoOutput() {
    Job job =
        Job.named("x")
            .input(TextLines.of(input))
            .map(EmitsToOutput.class)
            .reduce(Words.Total.class)
            .alsoOutput(RARE, TextOutput.to(rare))
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .hasMessageContaining("a mapper of a job with reducers writes no output");
    assertThat(output).doesNotExist();
    assertThat(rare).doesNotExist();
  }

  @Test
  void parametersThatAreMissingOrOfAnotherTypeAreNamed() {
    Job.Reduced<String, Long> job = Words.mapped(input).reduce(SortOut.class);
    assertThatThrownBy(() -> run(job.output(TextOutput.to(output))))
        .hasMessageContaining(
            "the job has no parameter 'least', which"
                + " io.places.mapreduce.PipesAndOutputsTest$Settings needs");
    assertThatThrownBy(() -> run(job.parameter("least", "two").output(TextOutput.to(output))))
        .hasMessageContaining("is 'two', which is no long");
  }

  record NoText(StringBuilder builder) {}

  @Test
  void aParameterWithoutATextIsRefused() {
    assertThatThrownBy(
            () -> Words.mapped(input).reduce(SortOut.class).parameters(new NoText(new StringBuilder())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the component builder of io.places.mapreduce.PipesAndOutputsTest$NoText");
  }

  @Test
  void aSecondJobReadsWhatTheFirstHasWritten() throws IOException {
    run(Words.job(input, output));
    Path lengths = folder.resolve("lengths");
    run(
        Job.named("second")
            .input(TextLines.of(output))
            .map(CountTabs.class)
            .reduce(Words.Total.class)
            .output(TextOutput.to(lengths)));

    assertThat(Parts.lines(lengths, 0)).containsExactly("tabs\t4");
  }

  static final class CountTabs implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      context.emit("tabs", line.chars().filter(c -> c == '\t').count());
    }
  }

  private static Counters run(Job job) throws IOException {
    return SequentialRunner.run(job.spec(), ClassPath.CLASSES, 1);
  }
}
