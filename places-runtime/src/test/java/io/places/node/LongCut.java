package io.places.node;

import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.launch.Launch;
import io.places.place.Place;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Nodes that live and cannot reach each other for 30 s, in one direction or in both: when each side knows, what it takes
 * the other for, and how soon they are connected again. A part of {@link Endure}.
 */
final class LongCut {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LASTING = Duration.ofSeconds(30);
  private static final Duration NOTICED = Duration.ofSeconds(8);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final String REASON = "UNREACHABLE";
  private static final int NUMBERS = 10;

  private enum Cut {
    THERE,
    BACK,
    BOTH
  }

  /** What was seen of one kind of cut; in seconds. */
  private static final class Seen {
    final DoubleSummaryStatistics near = new DoubleSummaryStatistics();
    final DoubleSummaryStatistics far = new DoubleSummaryStatistics();
    final DoubleSummaryStatistics again = new DoubleSummaryStatistics();
    final Set<String> reasons = new TreeSet<>();
  }

  /** Why a place on the other side was over, and when that was known. */
  private record Told(String reason, long at) {
    static CompletableFuture<Told> by(Supplier<String> waiting) {
      return CompletableFuture.supplyAsync(
          () -> new Told(waiting.get(), System.nanoTime()), Thread::startVirtualThread);
    }
  }

  private final NodeOptions options;
  private final RemoteNode far;
  private final Consumer<String> wrong;
  private final Map<Cut, Seen> seen = new EnumMap<>(Cut.class);

  private LongCut(NodeOptions options, RemoteNode far, Consumer<String> wrong) {
    this.options = options;
    this.far = far;
    this.wrong = wrong;
  }

  /** Cuts each way so many times, prints what was seen, and tells what was wrong. */
  static void run(NodeOptions options, int rounds, Consumer<String> wrong) {
    try (Node owner = Node.start(options.name("far-owner"))) {
      RemoteNode far = owner.launch(Launch.process());
      far.place(Spawn.named("echo"), PartitionBodies::serve);
      far.place(Spawn.named("ledger"), PartitionBodies::ledger);
      var cuts = new LongCut(options, far, wrong);
      for (int round = 1; round <= rounds; round++) {
        cuts.round(round);
      }
      cuts.seen.forEach(LongCut::print);
    }
  }

  private static void print(Cut cut, Seen seen) {
    System.out.printf(
        "cut off for %d s, %s, %d times: both sides were told %s, this one after %s s, the other after %s s; answered again %s s after the end%n",
        LASTING.toSeconds(),
        cut.name().toLowerCase(Locale.ROOT),
        seen.again.getCount(),
        String.join(" or ", seen.reasons),
        range(seen.near),
        range(seen.far),
        range(seen.again));
  }

  private static String range(DoubleSummaryStatistics seconds) {
    return "%.2f to %.2f".formatted(seconds.getMin(), seconds.getMax());
  }

  private void round(int number) {
    List<Way> ways = Arrays.stream(Cut.values()).map(cut -> new Way(cut, number)).toList();
    long start = System.nanoTime();
    ways.forEach(Way::cut);
    ways.forEach(way -> way.awaitNews(start));
    try {
      Thread.sleep(LASTING.minusNanos(System.nanoTime() - start));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ways.forEach(Way::healAndTryAgain);
    ways.forEach(Way::close);
  }

  /** A node that reaches the far one by a way of its own; each has a place on the other. */
  private final class Way {
    private final Cut cut;
    private final Relay relay = new Relay(far.address());
    private final Node near;
    private final PlaceChannel<String, String> ledger;
    private final CompletableFuture<Told> nearSide;
    private final CompletableFuture<Told> farSide;

    Way(Cut cut, int round) {
      this.cut = cut;
      near = Node.start(options.name("cut-%s-%d".formatted(cut, round)));
      RemoteNode there = near.connect(relay.address());
      Place<String, String> silent = there.place(Bodies::silent);
      Place<Void, String> owner =
          far.place(PartitionBodies::hasAPlaceThere, near.address().getPort());
      require(owner.get(SOON).equals("there"), "the other node has no place here");
      ledger = there.named("ledger", String.class, String.class);
      ledger.put(near.name());
      for (int number = 1; number <= NUMBERS; number++) {
        ledger.ask(Integer.toString(number), SOON);
      }
      nearSide = Told.by(() -> Event.sync(silent.deadEvent()).reason().name());
      farSide = Told.by(() -> owner.get(SOON));
    }

    void cut() {
      if (cut != Cut.BACK) {
        relay.cutThere();
      }
      if (cut != Cut.THERE) {
        relay.cutBack();
      }
      for (int number = NUMBERS + 1; number <= 2 * NUMBERS; number++) {
        ledger.put(Integer.toString(number)); // if at all, these arrive before the loss is known
      }
    }

    void awaitNews(long start) {
      note(nearSide.join(), seen(cut).near, start);
      note(farSide.join(), seen(cut).far, start);
    }

    private void note(Told told, DoubleSummaryStatistics seconds, long start) {
      seen(cut).reasons.add(told.reason());
      seconds.accept((told.at() - start) / 1e9);
      require(told.reason().equals(REASON), "told " + told.reason());
      require(told.at() - start <= NOTICED.toNanos(), "told too late");
    }

    void healAndTryAgain() {
      String arrived = arrived(far);
      long start = System.nanoTime();
      relay.heal();
      relay.awaitTheEndOfAll();
      RemoteNode there = near.connect(relay.address());
      PlaceChannel<String, String> echo = there.named("echo", String.class, String.class);
      require(echo.ask("again", SOON).equals("again"), "got the answer to another question");
      long took = System.nanoTime() - start;
      seen(cut).again.accept(took / 1e9);
      require(took <= AGAIN.toNanos(), "connected again too late");
      String after = arrived(there);
      require(
          after.equals(arrived) && after.endsWith(" in order"),
          "before the end of the cut there had come %s, then %s".formatted(arrived, after));
    }

    private String arrived(RemoteNode at) {
      return at.named("ledger", String.class, String.class).ask("tell " + near.name(), SOON);
    }

    private void require(boolean holds, String otherwise) {
      if (!holds) {
        wrong.accept("%s: %s".formatted(near.name(), otherwise));
      }
    }

    void close() {
      near.close();
      relay.close();
    }
  }

  private Seen seen(Cut cut) {
    return seen.computeIfAbsent(cut, each -> new Seen());
  }
}
