package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs over a small text. */
class WordsTest {
  @TempDir Path folder;
  private Path input;
  private Path output;

  @BeforeEach
  void makeInput() throws IOException {
    input = folder.resolve("in");
    output = folder.resolve("out");
    Files.createDirectory(input);
    Files.writeString(input.resolve("1.txt"), "to be or not to be\nthat is\n");
    Files.writeString(input.resolve("2.txt"), "the question to be\r\n");
  }

  @Test
  void aJobCountsWordsAndSortsThem() throws IOException {
    run(Words.job(input, output));

    assertThat(Parts.names(output)).containsExactly("part-r-00000");
    assertThat(Files.readString(output.resolve("part-r-00000")))
        .isEqualTo("be\t3\nis\t1\nnot\t1\nor\t1\nquestion\t1\nthat\t1\nthe\t1\nto\t3\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void theNumberOfReducersDoesNotChangeTheCounts(int reducers) throws IOException {
    Random random = Seeds.random();
    List<String> words = random.ints(2000, 0, 300).mapToObj(i -> "w" + i).toList();
    Files.writeString(input.resolve("3.txt"), String.join(" ", words));
    Job job =
        Words.mapped(input)
            .combine(Words.Sum.class)
            .reduce(Words.Total.class)
            .reducers(reducers)
            .output(TextOutput.to(output));

    run(job);

    assertThat(Parts.names(output)).hasSize(reducers);
    Map<String, Long> counts =
        words.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(Parts.sorted(output))
        .filteredOn(line -> line.startsWith("w"))
        .containsExactlyElementsOf(
            counts.entrySet().stream()
                .map(e -> e.getKey() + "\t" + e.getValue())
                .sorted()
                .toList());
    for (int partition = 0; partition < reducers; partition++) {
      assertThat(Parts.lines(output, partition)).isNotEmpty().isSorted();
    }
  }

  @Test
  void withAndWithoutACombinerTheCountsAreTheSame() throws IOException {
    Path other = folder.resolve("other");
    run(Words.job(input, output));
    run(Words.mapped(input).reduce(Words.Total.class).output(TextOutput.to(other)));

    assertThat(Parts.sorted(other)).isEqualTo(Parts.sorted(output));
  }

  @Test
  void theCountersCountWhatHadoopsCount() throws IOException {
    Counters plain =
        run(Words.mapped(input).reduce(Words.Total.class).output(TextOutput.to(output)));

    assertThat(plain.asMap())
        .containsEntry("map input records", 3L)
        .containsEntry("map input bytes", 47L)
        .containsEntry("map output records", 12L)
        .containsEntry("map output bytes", 34L + 12 * 2) // the words; each 1 is a tag and a number
        .containsEntry("combine input records", 0L)
        .containsEntry("combine output records", 0L)
        .containsEntry("reduce input groups", 8L)
        .containsEntry("reduce input records", 12L)
        .containsEntry("output records", 8L)
        .containsEntry("output bytes", Files.size(output.resolve("part-r-00000")));
  }

  @Test
  void aCombinerIsSeenInTheCounters() throws IOException {
    Counters combined = run(Words.job(input, output));

    // One map task: 12 pairs become 8 there, and the 8 go through the combiner of the reduce task.
    assertThat(combined.get(TaskCounter.MAP_OUTPUT_RECORDS)).isEqualTo(12);
    assertThat(combined.get(TaskCounter.COMBINE_INPUT_RECORDS)).isEqualTo(12 + 8);
    assertThat(combined.get(TaskCounter.COMBINE_OUTPUT_RECORDS)).isEqualTo(8 + 8);
    assertThat(combined.get(TaskCounter.REDUCE_INPUT_RECORDS)).isEqualTo(8);
    assertThat(combined.get(TaskCounter.REDUCE_INPUT_GROUPS)).isEqualTo(8);
  }

  @Test
  void emptyFilesGiveEmptyParts() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    run(Words.job(empty, output));

    assertThat(Parts.lines(output, 0)).isEmpty();
  }

  @Test
  void anOutputFolderThatExistsIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectory(output);
    Files.writeString(output.resolve("precious"), "data");

    assertThatThrownBy(() -> run(Words.job(input, output)))
        .isInstanceOf(OutputException.class)
        .hasMessage("the output folder " + output + " exists: remove it, or choose another");
    assertThat(Parts.names(output)).containsExactly("precious");
  }

  @Test
  void aJobThatFailsLeavesNothing() {
    Path nested = folder.resolve("a/b/out");
    Job job = Words.mapped(input).reduce(FailsLate.class).reducers(2).output(TextOutput.to(nested));

    assertThatThrownBy(() -> run(job)).isInstanceOf(TaskFailedException.class);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void parametersReachTheJobsClasses() throws IOException {
    Job job =
        Job.named("grep")
            .input(TextLines.of(input))
            .map(Grep.class)
            .reduce(Words.Total.class)
            .parameter("word", "be")
            .output(TextOutput.to(output));
    Counters counters = run(job);

    assertThat(Parts.lines(output, 0)).containsExactly("be\t3");
    assertThat(counters.get("other words")).isEqualTo(9);
  }

  @Test
  void aMissingParameterIsNamedTogetherWithThoseGiven() {
    Job job =
        Job.named("grep")
            .input(TextLines.of(input))
            .map(Grep.class)
            .reduce(Words.Total.class)
            .parameter("wrod", "be")
            .output(TextOutput.to(output));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(TaskFailedException.class)
        .hasMessage(
            "mapper io.places.mapreduce.WordsTest$Grep failed in setup:"
                + " java.lang.IllegalArgumentException: the job 'grep' has no parameter 'word'; it"
                + " has [wrod]: give it with .parameter(\"word\", value)");
  }

  private static Counters run(Job job) throws IOException {
    return SequentialRunner.run(job.spec(), ClassPath.CLASSES, 2);
  }

  static final class Grep implements Mapper<Long, String, String, Long> {
    private final List<String> wanted = new ArrayList<>();

    @Override
    public void setup(Context<String, Long> context) {
      wanted.add(context.parameter("word"));
      assertThat(context.findParameter("absent")).isEmpty();
    }

    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      for (String word : line.split(" ", -1)) {
        if (wanted.contains(word)) {
          context.emit(word, 1L);
        } else {
          context.count("other words", 1);
        }
      }
    }
  }

  static final class FailsLate implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      context.emit(word, 1L);
      if (word.equals("to")) {
        throw new IllegalStateException("enough");
      }
    }
  }
}
