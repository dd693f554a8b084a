package io.places.examples.cli;

import io.places.Clock;
import io.places.mapreduce.JobListener;
import io.places.mapreduce.JobProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a job gets on, with its phase, its rate, and the time that is left: a bar for each phase on a terminal,
 * else a line a second. Used by one thread, for one job.
 */
final class JobProgressBar implements JobListener, AutoCloseable {
  private static final Duration LINE_PERIOD = Duration.ofSeconds(1);
  private static final long MEGABYTE = 1_000_000;
  private static final int BAR_WIDTH = 100;

  private final PrintStream err;
  private final boolean terminal;
  private final Clock clock;
  private @Nullable ProgressBar bar;
  private boolean reducing;
  private long phaseBegan;
  private long lastLine;

  /** What a task has said of itself last. */
  private String status = "";

  JobProgressBar(PrintStream err, boolean terminal, Clock clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
    this.lastLine = clock.nanoTime();
    this.phaseBegan = lastLine;
  }

  /** Whether the standard error is a terminal: the script says so; the JVM itself cannot tell. */
  static boolean onTerminal() {
    return Boolean.getBoolean("places.terminal");
  }

  @Override
  public void progress(JobProgress progress) {
    long now = clock.nanoTime();
    if (progress.isReducing() && !reducing) {
      if (terminal) {
        show(progress); // the phase before as it ended
      }
      close();
      reducing = true;
      phaseBegan = now;
      status = "";
    }
    if (terminal) {
      show(progress);
    } else if (now - lastLine >= LINE_PERIOD.toNanos()) {
      lastLine = now;
      err.println(line(progress, Duration.ofNanos(now - phaseBegan)) + (status.isEmpty() ? "" : "; " + status));
    }
  }

  @Override
  public void status(String what) {
    status = what;
  }

  @Override
  public void setback(String what) {
    err.println(what);
  }

  private void show(JobProgress progress) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(reducing ? "reduce" : "map")
              .setInitialMax(reducing ? progress.bytesToReduce() : progress.bytes())
              .setUnit(" MB", MEGABYTE)
              .showSpeed()
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis((int) LINE_PERIOD.toMillis() / 10)
              .setMaxRenderedLength(BAR_WIDTH)
              .setConsumer(new ConsoleProgressBarConsumer(err, BAR_WIDTH))
              .build();
    }
    bar.stepTo(reducing ? progress.bytesReduced() : progress.bytesRead());
    bar.setExtraMessage(
        reducing
            ? " %d/%d %s".formatted(progress.reducesDone(), progress.reduces(), status)
            : " %d/%d %s".formatted(progress.mapsDone(), progress.maps(), status));
  }

  /** What there is to say, so long after the phase began. */
  static String line(JobProgress progress, Duration inPhase) {
    return progress.isReducing()
        ? line(
            "reduce",
            progress.reducesDone(),
            progress.reduces(),
            progress.bytesReduced(),
            progress.bytesToReduce(),
            inPhase)
        : line(
            "map",
            progress.mapsDone(),
            progress.maps(),
            progress.bytesRead(),
            progress.bytes(),
            inPhase);
  }

  private static String line(
      String phase, int done, int tasks, long bytes, long ofBytes, Duration inPhase) {
    double perSecond = bytes / Math.max(1e-3, inPhase.toNanos() / 1e9);
    String left =
        bytes == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f s left", (ofBytes - bytes) / perSecond);
    return String.format(
        Locale.ROOT,
        "%s %d of %d tasks, %d of %d MB, %.1f MB/s%s",
        phase,
        done,
        tasks,
        bytes / MEGABYTE,
        ofBytes / MEGABYTE,
        perSecond / MEGABYTE,
        left);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
