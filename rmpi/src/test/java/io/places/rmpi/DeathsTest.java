package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.cluster.LocalCluster;
import io.places.launch.LaunchedProcess;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the other ranks are told when one dies or falls silent. */
class DeathsTest {
  private static final int RANKS = 3;
  private static final int VICTIM = 2;

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /**
   * A busy machine is late by itself now and then: the first attempt in which all are told at once counts. Who has not
   * written down what it is told when the grace of its job is over is ended.
   */
  private static final int ATTEMPTS = 3;

  /** When a rank dies, in relation to an operation of all. */
  enum Moment {
    BEFORE,
    INSIDE,
    AFTER
  }

  /** One rank dies. The others write down what they are told, and what of the call after that. */
  static final class Survivors implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      try {
        operate(comm, folder, Moment.valueOf(arguments[1]));
      } catch (RankFailedException e) {
        tell(folder, "told-" + comm.rank(), e.getMessage() + "\n" + failureOf(comm::barrier));
        throw e;
      }
    }

    private static void operate(Comm comm, Path folder, Moment moment) throws Exception {
      comm.barrier();
      boolean dies = comm.rank() == comm.size() - 1;
      if (moment == Moment.INSIDE) {
        for (int turn = 0; ; turn++) {
          sum(comm);
          if (turn == 10) {
            tell(folder, "ready-" + comm.rank(), "");
          }
        }
      }
      if (moment == Moment.AFTER) {
        sum(comm);
      }
      tell(folder, "ready-" + comm.rank(), "");
      if (dies) {
        boolean never = new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        throw new AssertionError("it was to be killed " + never);
      }
      if (moment == Moment.AFTER) {
        await(folder.resolve("dead"));
      }
      sum(comm);
    }

    private static void sum(Comm comm) {
      comm.allreduce(Slice.of(new double[10_000]), ArrayOp.SUM);
    }

    private static String failureOf(Runnable call) {
      try {
        call.run();
        return "none";
      } catch (RankFailedException e) {
        return "and again";
      }
    }

    private static void tell(Path folder, String name, String text) throws IOException {
      Path part = Files.writeString(folder.resolve("part-" + name), text);
      Files.move(part, folder.resolve(name));
    }
  }

  /** Everywhere but among threads of one node, which die together: there a rank ends by an exception. */
  static Stream<Arguments> deaths() {
    Stream<Arguments> everyMoment =
        Stream.of(Ranks.values())
            .filter(ranks -> ranks != Ranks.ONE_NODE)
            .flatMap(ranks -> Stream.of(Moment.values()).map(moment -> Arguments.of(ranks, moment, RANKS)));
    Stream<Arguments> fewAndMany =
        Stream.of(Ranks.NODES_MEMORY, Ranks.NODES_TCP, Ranks.NODES_CHANNEL)
            .flatMap(
                ranks ->
                    Stream.of(
                        Arguments.of(ranks, Moment.INSIDE, 2),
                        Arguments.of(ranks, Moment.INSIDE, 5),
                        Arguments.of(ranks, Moment.BEFORE, 9)));
    Stream<Arguments> others =
        Stream.of(
            Arguments.of(Ranks.PAIRS, Moment.BEFORE, 9), // the last one is alone on its node
            Arguments.of(Ranks.PROCESSES_MEMORY, Moment.BEFORE, 5),
            Arguments.of(Ranks.PROCESSES_TCP, Moment.BEFORE, 2));
    return Stream.of(everyMoment, fewAndMany, others).flatMap(each -> each);
  }

  @ParameterizedTest
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // for all attempts, on a machine that may be busy
  @MethodSource("deaths")
  void whenARankIsKilledTheCallThatWaitsAndTheNextFailAtOnceAndNameIt(
      Ranks ranks, Moment moment, int size, @TempDir Path folder) throws Exception {
    Duration took = AT_ONCE;
    for (int attempt = 0; attempt < ATTEMPTS && took.compareTo(AT_ONCE) >= 0; attempt++) {
      Path its = Files.createDirectory(folder.resolve("attempt-" + attempt));
      took = fromTheKillUntilAllAreTold(ranks, moment, size, its);
    }
    assertThat(took).isLessThan(AT_ONCE);
  }

  private static Duration fromTheKillUntilAllAreTold(
      Ranks ranks, Moment moment, int size, Path folder) throws IOException {
    int victim = size - 1;
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, size);
      CompletableFuture<Void> job =
          launch(ranks.options(), locations, folder.toString(), moment.name());
      for (int rank = 0; rank < size; rank++) {
        await(folder.resolve("ready-" + rank));
      }
      Ranks.kill(locations.get(victim));
      long killed = System.nanoTime();
      if (moment == Moment.AFTER) {
        Files.writeString(folder.resolve("dead"), "");
      }
      for (int rank = 0; rank < victim; rank++) {
        Path told = folder.resolve("told-" + rank);
        await(told);
        assertThat(told).content().startsWith("rank %d is lost".formatted(victim)).endsWith("and again");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - killed);
      assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank %d is lost: its node is gone".formatted(victim));
      return took;
    }
  }

  /** The last rank throws when all others are about to wait, each for something else. They write down what they are told. */
  static final class BesideOneThatThrows implements RmpiProgram {
    private static final int WAITS = 1;

    @Override
    public void run(Comm comm, String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      int last = comm.size() - 1;
      if (comm.rank() == last) {
        for (int others = 0; others < last; others++) {
          comm.recv(Integer.class, Comm.ANY_SOURCE, WAITS);
        }
        Survivors.tell(folder, "thrown", Long.toString(System.nanoTime()));
        throw new IllegalStateException("no flour");
      }
      comm.send(comm.rank(), last, WAITS);
      try {
        switch (comm.rank() % 3) {
          case 0 -> Survivors.sum(comm);
          case 1 -> comm.recv(String.class, last, 0);
          default -> comm.recv(String.class, Comm.ANY_SOURCE, 0);
        }
      } catch (RankFailedException e) {
        String next = Survivors.failureOf(comm::barrier);
        long now = System.nanoTime(); // of the system's clock, the same for all its processes
        Survivors.tell(folder, "told-" + comm.rank(), "%d %s, %s".formatted(now, e.getMessage(), next));
        throw e;
      }
    }
  }

  static Stream<Arguments> exceptions() {
    Stream<Arguments> everySize = IntStream.rangeClosed(2, 9).mapToObj(size -> Arguments.of(Ranks.ONE_NODE, size));
    Stream<Arguments> elsewhere =
        Stream.of(Ranks.values()).filter(ranks -> ranks != Ranks.ONE_NODE).map(ranks -> Arguments.of(ranks, 5));
    return Stream.concat(everySize, elsewhere);
  }

  @ParameterizedTest
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // for all attempts, on a machine that may be busy
  @MethodSource("exceptions")
  void whenARankThrowsTheCallsThatWaitAndTheNextFailWithinASecondAndNameIt(
      Ranks ranks, int size, @TempDir Path folder) throws IOException {
    int last = size - 1;
    String why = "rank %d has failed: java.lang.IllegalStateException: no flour".formatted(last);
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, size);
      Path told = folder;
      for (int attempt = 0; attempt < ATTEMPTS && !wereToldAtOnce(told, last); attempt++) {
        told = Files.createDirectory(folder.resolve("attempt-" + attempt));
        String where = told.toString();
        assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, BesideOneThatThrows.class, where))
            .isInstanceOf(JobFailedException.class)
            .hasMessage(why);
        for (int rank = 0; rank < last; rank++) {
          Path file = told.resolve("told-" + rank);
          if (Files.exists(file)) { // that is right in each attempt, soon or late
            assertThat(file).content().endsWith(" " + why + ", and again");
          }
        }
      }
      for (int rank = 0; rank < last; rank++) {
        assertThat(told.resolve("told-" + rank)).exists();
        assertThat(sinceTheException(told, rank)).isLessThan(AT_ONCE);
      }
    }
  }

  private static boolean wereToldAtOnce(Path folder, int ranks) throws IOException {
    for (int rank = 0; rank < ranks; rank++) {
      if (!Files.exists(folder.resolve("told-" + rank)) || sinceTheException(folder, rank).compareTo(AT_ONCE) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static Duration sinceTheException(Path folder, int rank) throws IOException {
    long thrown = Long.parseLong(Files.readString(folder.resolve("thrown")));
    String told = Files.readString(folder.resolve("told-" + rank));
    return Duration.ofNanos(Long.parseLong(told.substring(0, told.indexOf(' '))) - thrown);
  }

  /** As if it were still running whenever one asks what it has ended with, which takes a wait each time. */
  private record Lingering(LaunchedProcess process, AtomicInteger asked) implements LaunchedProcess {
    @Override
    public InetSocketAddress address() {
      return process.address();
    }

    @Override
    public long processId() {
      return process.processId();
    }

    @Override
    public void end(Duration limit) {
      process.end(limit);
    }

    @Override
    public void kill() {
      process.kill();
    }

    @Override
    public String fate() {
      return process.fate();
    }

    @Override
    public OptionalInt exitCode() {
      asked.incrementAndGet();
      return OptionalInt.empty();
    }
  }

  @Test
  void aProcessThatOutlivesItsNodeIsAskedOnceWhatItHasEndedWith(@TempDir Path folder) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Node node = Ranks.start()) {
      List<RemoteNode> locations =
          node.launch(RANKS, process -> new Lingering(Node.inThisJvm().launch(process), asked));
      CompletableFuture<Void> job =
          launch(JobOptions.standard().link(LinkKind.TCP), locations, folder.toString(), Moment.BEFORE.name());
      for (int rank = 0; rank < RANKS; rank++) {
        await(folder.resolve("ready-" + rank));
      }
      Ranks.kill(locations.get(VICTIM));
      assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(JobFailedException.class)
          .hasMessageEndingWith("rank 2 is lost: its node is gone");
      assertThat(asked).hasValue(1);
    }
  }

  /** Over every way that leads from one JVM to another, at the same time: it takes long to be sure of a silence. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // the tests beside it take the processors
  @Execution(ExecutionMode.CONCURRENT)
  void aRankThatFallsSilentFailsAllOthersWithinEightSecondsAndIsNamed(@TempDir Path folder)
      throws Exception {
    List<LinkKind> links = List.of(LinkKind.MEMORY, LinkKind.TCP, LinkKind.CHANNEL);
    try (LocalCluster cluster = LocalCluster.processes(RANKS)) {
      List<RemoteNode> nodes = cluster.nodes();
      List<CompletableFuture<Void>> jobs = new ArrayList<>();
      for (LinkKind link : links) {
        Path its = Files.createDirectory(folder.resolve(link.name()));
        jobs.add(
            launch(
                JobOptions.standard().link(link), nodes, its.toString(), Moment.INSIDE.name()));
      }
      for (LinkKind link : links) {
        for (int rank = 0; rank < RANKS; rank++) {
          await(folder.resolve(link.name()).resolve("ready-" + rank));
        }
      }
      cluster.pause(VICTIM + 1);
      long silent = System.nanoTime();
      try {
        for (LinkKind link : links) {
          for (int rank = 0; rank < VICTIM; rank++) {
            Path told = folder.resolve(link.name()).resolve("told-" + rank);
            await(told);
            assertThat(told).content().startsWith("rank 2 is lost").endsWith("and again");
          }
        }
        assertThat(System.nanoTime() - silent).isLessThan(TimeUnit.SECONDS.toNanos(8));
        for (CompletableFuture<Void> job : jobs) {
          assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
              .hasCauseInstanceOf(JobFailedException.class)
              .hasMessageContaining("rank 2 is lost");
        }
      } finally {
        cluster.resume(VICTIM + 1);
      }
    }
  }

  private static CompletableFuture<Void> launch(
      JobOptions options, List<? extends PlaceLocation> locations, String... arguments) {
    Executor threads = task -> Thread.ofPlatform().daemon().start(task);
    return CompletableFuture.runAsync(
        () -> Rmpi.launch(options, locations, Survivors.class, arguments), threads);
  }

  private static void await(Path file) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s comes", file.getFileName()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }
}
