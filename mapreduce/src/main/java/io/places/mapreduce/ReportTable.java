package io.places.mapreduce;

import java.time.Duration;
import java.util.Locale;

/** A report as lines of text. */
final class ReportTable {
  private static final String ROW = "%-7s %6s %9s %9s %14s %12s %12s %5s  %s%n";

  private ReportTable() {}

  static String of(JobReport report) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            ROW,
            "phase",
            "tasks",
            "attempts",
            "time",
            "records",
            "read",
            "spilled",
            "skew",
            "slowest task"));
    for (JobPhase phase : report.phases()) {
      table.append(
          String.format(
              Locale.ROOT,
              ROW,
              phase.name(),
              phase.tasks(),
              phase.attempts(),
              seconds(phase.time()),
              String.format(Locale.ROOT, "%,d", phase.records()),
              bytes(phase.bytes()),
              bytes(phase.spilledBytes()),
              String.format(Locale.ROOT, "%.2f", phase.skew()),
              phase.slowest().map(ReportTable::slowest).orElse("none")));
    }
    Faults faults = report.faults();
    if (!faults.equals(Faults.NONE)) {
      table.append("went wrong: ").append(faults).append(System.lineSeparator());
    }
    return table.toString();
  }

  private static String slowest(JobPhase.Slowest slowest) {
    return "%d on %s, %s".formatted(slowest.task(), slowest.node(), seconds(slowest.time()));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9);
  }

  /** In the largest unit that gives 1 or more. */
  static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double number = bytes;
    int unit = 0;
    while (number >= 1000 && unit < units.length - 1) {
      number /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", number, units[unit]);
  }
}
