package io.places.examples.cli;

import io.places.Clock;
import io.places.mapreduce.JobListener;
import io.places.mapreduce.JobProgress;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how a job gets on: a bar on a terminal, else a line a second. Used by one thread. */
final class JobProgressBar implements JobListener, AutoCloseable {
  private static final Duration LINE_PERIOD = Duration.ofSeconds(1);
  private static final long MEGABYTE = 1_000_000;
  private static final int BAR_WIDTH = 100;

  private final PrintStream err;
  private final boolean terminal;
  private final Clock clock;
  private @Nullable ProgressBar bar;
  private long lastLine;

  JobProgressBar(PrintStream err, boolean terminal, Clock clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
    this.lastLine = clock.nanoTime();
  }

  /** Whether the standard error is a terminal: the script says so; the JVM itself cannot tell. */
  static boolean onTerminal() {
    return Boolean.getBoolean("places.terminal");
  }

  @Override
  public void progress(JobProgress progress) {
    if (terminal) {
      show(progress);
    } else if (clock.nanoTime() - lastLine >= LINE_PERIOD.toNanos()) {
      lastLine = clock.nanoTime();
      err.println(line(progress));
    }
  }

  @Override
  public void setback(String what) {
    err.println(what);
  }

  private void show(JobProgress progress) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("map")
              .setInitialMax(progress.bytes())
              .setUnit(" MB", MEGABYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis((int) LINE_PERIOD.toMillis() / 10)
              .setMaxRenderedLength(BAR_WIDTH)
              .setConsumer(new ConsoleProgressBarConsumer(err, BAR_WIDTH))
              .build();
    }
    bar.stepTo(progress.bytesRead());
    if (progress.mapsDone() == progress.maps()) {
      bar.setExtraMessage("reduce %d/%d".formatted(progress.reducesDone(), progress.reduces()));
    }
  }

  static String line(JobProgress progress) {
    return "map %d of %d tasks, %d of %d MB; reduce %d of %d tasks"
        .formatted(
            progress.mapsDone(),
            progress.maps(),
            progress.bytesRead() / MEGABYTE,
            progress.bytes() / MEGABYTE,
            progress.reducesDone(),
            progress.reduces());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
