package io.places.examples.sessions;

import io.places.mapreduce.Context;
import io.places.mapreduce.Job;
import io.places.mapreduce.KeyOrder;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.Reducer;
import io.places.mapreduce.SortKey;
import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Cuts the visits of each user into sessions: a session ends where nothing is heard of the user for longer than
 * the gap. Visits are sorted by time on their way to the reducer, which holds one at a time, so a user may have
 * any number of them.
 *
 * <p>A line of the log is a time, a user and a page, separated by spaces: {@code 2026-03-01T10:00:00Z anna /start}.
 */
public final class LogSessions {
  /** The counter of lines that are none such. */
  public static final String UNREADABLE = "unreadable lines";

  private LogSessions() {}

  /** As the job's parameters. */
  record Settings(long gapSeconds) {}

  /** A job that writes a line for each session: user, beginning, end, and how many visits. */
  public static Job job(List<Path> inputs, Path output, Duration gap, int reducers) {
    return Job.named("log sessions")
        .input(TextLines.of(inputs))
        .map(ReadVisits.class)
        .order(ByUserAndTime.class)
        .reduce(CutSessions.class)
        .reducers(reducers)
        .parameters(new Settings(gap.toSeconds()))
        .output(TextOutput.to(output));
  }

  /** When a user visited a page, in seconds since 1970. */
  public record Visit(String user, long time) {}

  /** Groups by user, in the order of time. */
  public static final class ByUserAndTime implements KeyOrder<Visit> {
    @Override
    public void order(Visit key, SortKey by) {
      by.ascending(key.user()).endGroup().ascending(key.time());
    }
  }

  /** Reads the lines. */
  public static final class ReadVisits implements Mapper<Long, String, Visit, Long> {
    @Override
    public void map(Long offset, String line, Context<Visit, Long> context) {
      String[] fields = line.split(" ", 3);
      try {
        if (fields.length == 3) {
          long time = Instant.parse(fields[0]).getEpochSecond();
          context.emit(new Visit(fields[1], time), time);
          return;
        }
      } catch (DateTimeParseException e) {
        // It is counted below.
      }
      context.count(UNREADABLE, 1);
    }
  }

  /** Gets a user's visits in the order of time. */
  public static final class CutSessions implements Reducer<Visit, Long, String, String> {
    private long gap;

    @Override
    public void setup(Context<String, String> context) {
      gap = context.parameters(Settings.class).gapSeconds();
    }

    @Override
    public void reduce(Visit first, Iterable<Long> times, Context<String, String> context) {
      long begin = first.time();
      long end = begin;
      long visits = 0;
      for (long time : times) {
        if (time - end > gap) {
          emit(first.user(), begin, end, visits, context);
          begin = time;
          visits = 0;
        }
        end = time;
        visits++;
      }
      emit(first.user(), begin, end, visits, context);
    }

    private static void emit(
        String user, long begin, long end, long visits, Context<String, String> context) {
      context.emit(
          user,
          "%s\t%s\t%d"
              .formatted(Instant.ofEpochSecond(begin), Instant.ofEpochSecond(end), visits));
    }
  }
}
