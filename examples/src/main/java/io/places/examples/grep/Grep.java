package io.places.examples.grep;

import io.places.mapreduce.Context;
import io.places.mapreduce.Job;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.text.LocatedLines;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the lines of a text in which a pattern occurs. */
public final class Grep {
  private Grep() {}

  /** What is looked for, as the job's parameters. */
  record Wanted(String pattern, boolean ignoreCase) {
    Pattern compile() {
      return Pattern.compile(
          pattern, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
    }
  }

  /**
   * A job that writes where each line is, and the line.
   *
   * @throws java.util.regex.PatternSyntaxException if that is no pattern
   */
  public static Job job(List<Path> inputs, Path output, String pattern, boolean ignoreCase) {
    Wanted wanted = new Wanted(pattern, ignoreCase);
    wanted.compile();
    return Job.named("grep")
        .input(LocatedLines.of(inputs))
        .mapOnly(Match.class)
        .parameters(wanted)
        .output(TextOutput.to(output));
  }

  /** Emits the lines that match. */
  public static final class Match implements Mapper<Origin, String, String, String> {
    private Pattern pattern = Pattern.compile("");

    @Override
    public void setup(Context<String, String> context) {
      pattern = context.parameters(Wanted.class).compile();
    }

    @Override
    public void map(Origin where, String line, Context<String, String> context) {
      if (pattern.matcher(line).find()) {
        String file = where.entry().isEmpty() ? where.file() : where.file() + "!" + where.entry();
        context.emit(file + ":" + where.offset(), line);
      }
    }
  }
}
