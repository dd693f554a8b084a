package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample of keys whose mapper fails. */
class KeySampleTest {
  private static final String HOW = "how";

  /** The mapper runs in the test's thread. */
  private static final AtomicInteger CALLS = new AtomicInteger();

  private final List<String> setbacks = new ArrayList<>();

  @TempDir private Path folder;

  static final class Fails implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      CALLS.incrementAndGet();
      switch (context.parameter(HOW)) {
        case "hides an interrupt" ->
            throw new IllegalStateException("as if", new InterruptedException());
        case "another thread's" ->
            throw new IllegalStateException("as if", new ExecutionException(new InterruptedException()));
        case "is interrupted" -> Thread.currentThread().interrupt();
        default -> {}
      }
      throw new IllegalStateException("as if");
    }
  }

  @BeforeEach
  void beginCounting() {
    CALLS.set(0);
  }

  @AfterEach
  void forgetTheInterrupt() {
    Thread.interrupted();
  }

  private void sample(String how) throws IOException {
    Path input = Files.createDirectory(folder.resolve("in"));
    Files.writeString(input.resolve("file"), "line");
    Job job =
        Job.named("ranges")
            .input(LinesOfEachFile.in(input))
            .map(Fails.class)
            .ranges()
            .reduce(Words.Total.class)
            .parameter(HOW, how)
            .output(TextOutput.to(folder.resolve("out")));
    var resolved = ResolvedJob.of(job.spec(), ClassPath.CLASSES);
    List<Split> splits = Collections.nCopies(100, resolved.input().splits(1).getFirst());
    KeySample.of(resolved, splits, setbacks::add);
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "another thread's"})
  void whereAllSplitsFailOnlyAFewAreTriedAgain(String how) {
    assertThatThrownBy(() -> sample(how))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("as if");
    assertThat(CALLS).hasValue(32 + 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hides an interrupt", "is interrupted"})
  void anInterruptThatAMapperHidesIsOne(String how) {
    assertThatThrownBy(() -> sample(how)).isInstanceOf(PlaceInterruptedException.class);
    assertThat(CALLS).hasValue(1);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(setbacks).isEmpty();
  }
}
