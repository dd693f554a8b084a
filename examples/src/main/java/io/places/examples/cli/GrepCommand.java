package io.places.examples.cli;

import io.places.examples.grep.Grep;
import io.places.mapreduce.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code places example grep}. */
@Command(
    name = "grep",
    description = {
      "Finds the lines of text files in which a pattern occurs, by a map-reduce job without reducers.",
      "Prints FILE:OFFSET, TAB, and the line, in the order of the input."
    })
final class GrepCommand extends JobCommand {
  @Option(
      names = {"-i", "--ignore-case"},
      description = "Take small and capital letters for the same.")
  private boolean ignoreCase;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Write the lines into this new folder, part-m-00000 and so on, and print nothing.")
  private @Nullable Path output;

  @Parameters(index = "0", paramLabel = "PATTERN", description = "A pattern as Java has them.")
  private String pattern = "";

  @Parameters(
      index = "1..*",
      paramLabel = "INPUT",
      description =
          "A file, a folder, or a zip or jar (default: the sources of the running JDK, lib/src.zip).")
  private List<String> inputs = new ArrayList<>();

  @Override
  String[] packages() {
    return new String[] {Grep.class.getPackageName()};
  }

  @Override
  void check() {
    if (output != null) {
      Bounds.path(spec(), "--output", output);
    }
    try {
      Grep.job(inputs(inputs), Path.of("nowhere"), pattern, ignoreCase);
    } catch (PatternSyntaxException e) {
      throw wrongUse(
          "'%s' is no pattern: %s".formatted(pattern, e.getDescription()));
    }
  }

  @Override
  void run(JobRunner runner, Scratch scratch) throws IOException {
    Path folder = output != null ? output : scratch.path("lines");
    Job job = Grep.job(inputs(inputs), folder, pattern, ignoreCase);
    runner.run(job);
    if (output == null) {
      PartLines.of(folder).forEach(out()::println);
    }
  }
}
