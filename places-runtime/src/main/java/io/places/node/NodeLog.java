package io.places.node;

import io.places.Clock;
import io.places.LogContext;
import io.places.Surroundings;
import io.places.wire.PeerText;
import io.places.wire.proto.Control;
import io.places.wire.proto.LogText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/*
 * What is said goes to the owner's node, from there to that one's owner, and so on to the root, which gives
 * it to its log. On the way it has a lane of its own, which takes turns with the channels: a flood of it
 * delays a reply by a frame at most.
 *
 * Nobody waits for it, so it needs a bound of its own: each node sends up to RATE entries a second, whoever
 * said them, and the root holds up to HELD for a log that is slow. What is too much is dropped and counted,
 * and the count goes with the next entry.
 */
/** The way of {@code Node.log} to the root. Safe for use by many threads. */
final class NodeLog {
  /** In the outbox, among the lanes of channels, whose ids are positive. */
  private static final long LANE = -1;

  /** Entries a second, and at once: more is a mistake or an attack, and nobody reads it. */
  private static final int RATE = 500;

  /** Entries that wait for a slow log. */
  private static final int HELD = 5_000;

  /** Characters of an entry: with their escapes and UTF-8 it stays far below a control frame's size. */
  static final int MAX_TEXT = 4_000;

  private static final Logger LOG = LoggerFactory.getLogger("io.places.node.log");

  private final String node;
  private final Clock clock;
  private final Surroundings surroundings;
  private final Supplier<@Nullable Peer> owner;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<LogEntry> held = new ArrayDeque<>(); // guarded by the lock
  private long tokens = RATE; // guarded by the lock
  private long filled; // guarded by the lock: when tokens were added last
  private long lost; // guarded by the lock
  private boolean draining; // guarded by the lock
  private volatile Consumer<? super LogEntry> sink = NodeLog::toLogger;

  /**
   * @param node whose this is
   * @param owner the node to tell; null at the root
   */
  NodeLog(String node, Surroundings surroundings, Supplier<@Nullable Peer> owner) {
    this.node = node;
    this.clock = surroundings.clock();
    this.surroundings = surroundings;
    this.owner = owner;
    this.filled = clock.nanoTime();
  }

  /** Where the entries go that end here. */
  void sink(Consumer<? super LogEntry> to) {
    sink = to;
  }

  /** Somebody on this node says something. */
  void say(String node, String place, System.Logger.Level level, String text) {
    carry(new LogEntry(clock.now(), node, place, level, text, 0));
  }

  /** An entry came from a node below. */
  void received(LogText text) {
    carry(
        new LogEntry(
            Instant.ofEpochMilli(text.getTime()),
            PeerText.escape(text.getNode()),
            PeerText.escape(text.getPlace()),
            level(text.getLevel()),
            PeerText.escape(text.getText(), MAX_TEXT),
            text.getLost()));
  }

  private void carry(LogEntry entry) {
    Peer to = owner.get();
    lock.lock();
    try {
      boolean room = to == null ? held.size() < HELD : takeToken();
      if (!room) {
        lost += 1 + entry.lost();
        return;
      }
      LogEntry counted =
          new LogEntry(
              entry.time(),
              entry.node(),
              entry.place(),
              entry.level(),
              entry.text(),
              entry.lost() + lost);
      lost = 0;
      if (to != null) {
        send(to, counted);
        return;
      }
      held.add(counted);
      if (!draining) {
        draining = true;
        surroundings.spawner().virtual("places-log", this::drain);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean takeToken() {
    long now = clock.nanoTime();
    long since = now - filled;
    long more = since * RATE / Duration.ofSeconds(1).toNanos();
    if (since > Duration.ofSeconds(1).toNanos()) {
      tokens = RATE;
      filled = now;
    } else if (more > 0) {
      tokens = Math.min(RATE, tokens + more);
      filled += more * Duration.ofSeconds(1).toNanos() / RATE;
    }
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }

  private static void send(Peer to, LogEntry entry) {
    var text =
        LogText.newBuilder()
            .setTime(entry.time().toEpochMilli())
            .setNode(entry.node())
            .setPlace(entry.place())
            .setLevel(entry.level().getSeverity())
            .setText(Failures.cut(entry.text(), MAX_TEXT))
            .setLost(entry.lost());
    to.connection().control(LANE, Control.newBuilder().setLogText(text).build());
  }

  /** Gives what is held to the sink, in a thread of its own: that may take its time. */
  private void drain() {
    while (true) {
      LogEntry next;
      lock.lock();
      try {
        next = held.poll();
        if (next == null) {
          draining = false;
          return;
        }
      } finally {
        lock.unlock();
      }
      try {
        sink.accept(next);
      } catch (RuntimeException | Error e) { // the next entry needs this thread
        LogContext.of(node, () -> LOG.error("the receiver of log entries failed", e));
      }
    }
  }

  private static void toLogger(LogEntry entry) {
    org.slf4j.event.Level level =
        switch (entry.level()) {
          case ALL, TRACE -> org.slf4j.event.Level.TRACE;
          case DEBUG -> org.slf4j.event.Level.DEBUG;
          case INFO -> org.slf4j.event.Level.INFO;
          case WARNING -> org.slf4j.event.Level.WARN;
          case ERROR, OFF -> org.slf4j.event.Level.ERROR;
        };
    String where = entry.place().isEmpty() ? entry.node() : entry.node() + "/" + entry.place();
    String lost =
        entry.lost() == 0 ? "" : " (%d entries before this one were too many)".formatted(entry.lost());
    MDC.put("node", entry.node());
    MDC.put("place", entry.place());
    try {
      LOG.atLevel(level).log("{}: {}{}", where, PeerText.escape(entry.text(), MAX_TEXT), lost);
    } finally {
      MDC.remove("node");
      MDC.remove("place");
    }
  }

  /** Levels of another version count as the nearest one below. */
  private static System.Logger.Level level(int severity) {
    return Arrays.stream(System.Logger.Level.values())
        .filter(level -> level.getSeverity() <= severity)
        .max(Comparator.comparingInt(System.Logger.Level::getSeverity))
        .orElse(System.Logger.Level.TRACE);
  }
}
