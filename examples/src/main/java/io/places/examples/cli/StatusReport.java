package io.places.examples.cli;

import io.places.node.NodeStatus;
import io.places.node.NodeStatus.ChannelStatus;
import io.places.node.NodeStatus.ConnectionStatus;
import io.places.node.NodeStatus.NameStatus;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.node.NodeStatus.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A node's status as lines for people. */
final class StatusReport {
  private static final int BYTES_A_KIB = 1_024;

  /** Below this many a number of bytes is as short as in KiB. */
  private static final int FEW_BYTES = 10_000;

  private final List<String> lines = new ArrayList<>();

  private StatusReport() {}

  static List<String> of(NodeStatus status) {
    var report = new StatusReport();
    report.lines.add(
        "node %s, process %d, up %s"
            .formatted(status.node(), status.processId(), time(status.uptime())));
    report.table(
        "places",
        status.places(),
        List.of("PLACE", "BODY", "ISOLATION", "UP"),
        StatusReport::cells);
    report.table(
        "named places",
        status.names(),
        List.of("NAME", "EPOCH", "CLIENTS", "WAITING"),
        StatusReport::cells);
    report.table(
        "ends of channels",
        status.channels(),
        List.of("TO", "NODE", "UNREAD", "UNREAD BYTES", "UNSENT BYTES"),
        StatusReport::cells);
    report.table(
        "connections",
        status.connections(),
        List.of("NODE", "ADDRESS", "OPENED", "UP", "CHANNELS", "UNSENT", "IN FLIGHT", "UNREAD"),
        StatusReport::cells);
    return report.lines;
  }

  private static List<String> cells(PlaceStatus place) {
    return List.of(
        place.place(), place.body(), place.isolation().name(), time(place.uptime()));
  }

  private static List<String> cells(NameStatus name) {
    return List.of(
        name.name(), number(name.epoch()), number(name.clients()), number(name.waiting()));
  }

  private static List<String> cells(ChannelStatus channel) {
    return List.of(
        channel.to(),
        channel.node(),
        number(channel.unreadMessages()),
        bytes(channel.unreadBytes()),
        bytes(channel.unsentBytes()));
  }

  private static List<String> cells(ConnectionStatus connection) {
    return List.of(
        connection.node(),
        connection.address(),
        connection.opened() ? "here" : "there",
        time(connection.uptime()),
        number(connection.channels()),
        bytes(connection.unsentBytes()),
        bytes(connection.inFlightBytes()),
        bytes(connection.unreadBytes()));
  }

  private <T> void table(
      String title, Table<T> table, List<String> header, Function<T, List<String>> cells) {
    lines.add("");
    lines.add(title + ": " + (table.rows().size() + table.more()));
    if (table.rows().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(header);
    table.rows().forEach(row -> rows.add(cells.apply(row)));
    int[] widths = new int[header.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    rows.forEach(row -> lines.add(line(row, widths)));
    if (table.more() > 0) {
      lines.add("  and %d more".formatted(table.more()));
    }
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append("  ").append(cell).repeat(' ', widths[i] - width(cell));
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String number(long number) {
    return Long.toString(number);
  }

  /** As "512", "12.5 KiB", "3.0 GiB". */
  static String bytes(long count) {
    if (count < FEW_BYTES) {
      return Long.toString(count);
    }
    double shown = (double) count / BYTES_A_KIB;
    int unit = 0;
    while (shown >= BYTES_A_KIB && unit < "KMG".length() - 1) {
      shown /= BYTES_A_KIB;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", shown, "KMG".charAt(unit));
  }

  /** The two largest units, as "3 d 4 h", "5 min 0 s", "12 s". */
  static String time(Duration time) {
    if (time.toDays() > 0) {
      return "%d d %d h".formatted(time.toDays(), time.toHoursPart());
    }
    if (time.toHours() > 0) {
      return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
    if (time.toMinutes() > 0) {
      return "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
    }
    return "%d s".formatted(time.toSeconds());
  }
}
