package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.places.node.Node;
import io.places.place.PlaceLocation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages between ranks of one host through memory that both have mapped. */
class MemoryLinkTest {
  private static final JobOptions MEMORY = JobOptions.standard().link(LinkKind.MEMORY);

  private static <T> List<T> call(
      int ranks, Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    try (Node node = Ranks.start()) {
      return Rmpi.call(MEMORY, Ranks.NODES_MEMORY.locations(node, ranks), function, type, arguments);
    }
  }

  static final class AroundTheThresholds implements RmpiFunction<Integer> {
    private static final int[] EDGES = {0, 56, 72, 128, 4 << 10, 64 << 10, 128 << 10, 1 << 20};

    @Override
    public Integer call(Comm comm, String[] arguments) {
      int good = 0;
      for (int edge : EDGES) {
        for (int bytes = Math.max(0, edge - 9); bytes <= edge + 9; bytes++) {
          good += exchange(comm, bytes) ? 1 : 0;
        }
      }
      return good;
    }

    private static boolean exchange(Comm comm, int bytes) {
      byte[] pattern = new byte[bytes];
      new Random(bytes).nextBytes(pattern);
      if (comm.rank() == 0) {
        comm.send(pattern, 1, bytes);
        return Arrays.equals(comm.recv(byte[].class, 1, bytes), pattern);
      }
      byte[] got = new byte[bytes + 1];
      Status status = comm.recv(Slice.of(got), 0, bytes);
      comm.send(Slice.of(got, 0, status.count()), 0, bytes);
      return Arrays.equals(Arrays.copyOf(got, status.count()), pattern);
    }
  }

  @Test
  void messagesOfAllSizesAroundEveryThresholdArriveAsTheyWereSent() {
    int sizes = 10 + 7 * 19;
    assertThat(call(2, AroundTheThresholds.class, Integer.class)).containsExactly(sizes, sizes);
  }

  /** Rank 0 has queued, behind more than there is room for, a message whose memory is free by now. */
  static final class QueuesWhatIsFree implements RmpiFunction<String> {
    private static final CountDownLatch QUEUED = new CountDownLatch(1);
    private static final int LENGTH = 60_000;
    private static final int GOOD = PairMemory.LONG_SLOTS / 2 + 8;

    @Override
    public String call(Comm comm, String[] arguments) throws InterruptedException {
      if (comm.rank() == 2) {
        comm.send("of another", 0, 0);
        return "";
      }
      if (comm.rank() == 1) {
        QUEUED.await(); // nothing is read before
        for (int i = 0; i < GOOD; i++) {
          comm.recv(byte[].class, 0, 0);
        }
        return comm.recv(String.class, 0, 0);
      }
      List<Request<Status>> good = new ArrayList<>();
      for (int i = 0; i < GOOD; i++) {
        good.add(comm.isend(new byte[LENGTH], 1, 0));
      }
      Request<Status> free;
      try (Arena arena = Arena.ofShared()) {
        free = comm.isend(Slice.of(arena.allocate(LENGTH), ElementType.BYTE), 1, 0);
      }
      good.add(comm.isend("behind it", 1, 0));
      QUEUED.countDown();
      String came = comm.recv(String.class, 2, 0); // whose link is looked at behind that to rank 1
      assertThatThrownBy(free::await)
          .isInstanceOf(RmpiException.class)
          .hasMessage("rank 0 cannot send to rank 1: java.lang.IllegalStateException: Already closed");
      good.forEach(Request::await);
      return came;
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void aQueuedMessageThatCannotBeSentIsToldToWhoWaitsForItAndHarmsNothingElse() {
    assertThat(call(3, QueuesWhatIsFree.class, String.class)).containsExactly("of another", "behind it", "");
  }

  /** Sends from and to shared memory: its whole, parts, every other element, and sums of it. */
  static final class Shared implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int count = 300_000;
      int peer = 1 - comm.rank();
      Slice mine = comm.allocateShared(ElementType.INT, count);
      int[] want = new int[count];
      boolean good = true;
      for (int number : new int[] {0, 1, 1000, 4095, 4096, 16_384, 100_000, count}) {
        for (int turn = 0; turn < 3; turn++) {
          Slice part = mine.slice(count - number, number);
          if (comm.rank() == 0) {
            Arrays.setAll(want, i -> i * 3 + number);
            MemorySegment.copy(
                want, 0, part.memory(), ValueLayout.JAVA_INT, 0, number);
            comm.send(part, peer, turn);
            good &= Arrays.equals(comm.recv(int[].class, peer, turn), Arrays.copyOf(want, number));
          } else {
            Slice got = turn == 0 ? part : Slice.of(new int[number]);
            comm.recv(got, peer, turn);
            comm.send(got, peer, turn);
          }
        }
      }
      if (comm.rank() == 0) {
        comm.send(mine.slice(0, count / 2, 2), peer, 9);
      } else {
        comm.recv(mine.slice(1, count / 2, 2), peer, 9);
        good &= mine.memory().getAtIndex(ValueLayout.JAVA_INT, 3) == 2 * 3 + count;
      }
      mine.memory().fill((byte) 0);
      mine.memory().setAtIndex(ValueLayout.JAVA_INT, 7, comm.rank() + 1);
      comm.allreduce(mine, ArrayOp.SUM);
      return good && mine.memory().getAtIndex(ValueLayout.JAVA_INT, 7) == 3;
    }
  }

  @ParameterizedTest
  @EnumSource
  void sharedMemoryIsSentAndReceivedAsAnyArray(Ranks ranks) {
    assertThat(ranks.call(2, Shared.class, Boolean.class)).containsExactly(true, true);
  }

  /** How often shared memory is mapped in this JVM when a message has come out of it, and when it is collected. */
  static final class LetsGo implements RmpiFunction<String> {
    private static final int BYTES = 1_234_567;

    @Override
    public String call(Comm comm, String[] arguments) throws IOException {
      if (comm.rank() == 1) {
        comm.recv(byte[].class, 0, 0);
        while (comm.recv(Boolean.class, 0, 1)) {}
        return "";
      }
      long most = sendOutOfShared(comm);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      long left = most;
      while (left > 0 && System.nanoTime() < end) {
        System.gc();
        comm.ssend(true, 1, 1);
        left = mapped();
      }
      comm.send(false, 1, 1);
      return "%d, then %d".formatted(most, left);
    }

    private static long sendOutOfShared(Comm comm) throws IOException {
      Slice shared = comm.allocateShared(ElementType.BYTE, BYTES);
      try {
        comm.send(shared, 1, 0);
        return mapped();
      } finally {
        Reference.reachabilityFence(shared);
      }
    }

    private static long mapped() throws IOException {
      long page = 4096;
      long size = (SharedRegion.DATA_AT + BYTES + page - 1) / page * page;
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
        return lines.filter(line -> line.contains("places-rmpi-") && size(line) == size).count();
      }
    }

    private static long size(String line) {
      String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
      return Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
    }
  }

  @Test
  void sharedMemoryThatNothingRefersToIsGivenBackByThoseWhoHaveReceivedOutOfItToo() {
    assumeThat(Path.of("/proc/self/maps")).exists();
    assertThat(call(2, LetsGo.class, String.class)).containsExactly("2, then 0", "");
  }

  static final class Strided implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int rows = 30_000;
      double[] matrix = new double[rows * 3];
      if (comm.rank() == 0) {
        Arrays.setAll(matrix, i -> i);
        comm.send(Slice.of(matrix, 1, rows, 3), 1, 0);
        return true;
      }
      comm.recv(Slice.of(matrix, 2, rows, 3), 0, 0);
      return IntStream.range(0, matrix.length)
          .allMatch(i -> matrix[i] == (i % 3 == 2 ? i - 1 : 0));
    }
  }

  @Test
  void longMessagesGoFromEveryThirdElementIntoEveryThird() {
    assertThat(call(2, Strided.class, Boolean.class)).containsExactly(true, true);
  }

  /** Sends far more than fits into the memory before it receives anything. */
  static final class Flood implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int messages = Integer.parseInt(arguments[0]);
      int bytes = Integer.parseInt(arguments[1]);
      int peer = 1 - comm.rank();
      List<Request<?>> sent = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        byte[] body = new byte[bytes + i % 7];
        Arrays.fill(body, (byte) i);
        sent.add(comm.isend(body, peer, 0));
      }
      boolean good = true;
      for (int i = 0; i < messages; i++) {
        byte[] body = comm.recv(byte[].class, peer, 0);
        good &= body.length == bytes + i % 7 && body[body.length - 1] == (byte) i;
      }
      Request.awaitAll(sent);
      return good;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"20000 8", "3000 2000", "500 60000", "100 300000"})
  void ranksThatFillEachOthersRingsAndSlotsGetAllInOrder(String messagesAndBytes) {
    String[] arguments = messagesAndBytes.split(" ", -1);
    assertThat(call(2, Flood.class, Boolean.class, arguments)).containsExactly(true, true);
  }

  /** One way, so that slots have to be given back. */
  static final class OneWay implements RmpiFunction<Long> {
    @Override
    public Long call(Comm comm, String[] arguments) {
      long sum = 0;
      for (int i = 0; i < 400; i++) {
        long[] body = new long[40_000];
        if (comm.rank() == 0) {
          Arrays.fill(body, i);
          comm.send(body, 1, 0);
        } else {
          comm.recv(Slice.of(body), 0, 0);
          sum += Arrays.stream(body).sum();
        }
      }
      return sum;
    }
  }

  @Test
  void aStreamOfLongMessagesInOneDirectionArrives() {
    assertThat(call(2, OneWay.class, Long.class)).containsExactly(0L, 40_000L * (399 * 400 / 2));
  }

  /** Ranks that now and then pause longer than the others look on: so that all of them sleep often. */
  static final class Sleepers implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      var random = new Random(Long.parseLong(arguments[0]) + comm.rank());
      int size = comm.size();
      int token = 0;
      for (int turn = 0; turn < 300; turn++) {
        Slice in = Slice.of(new int[1]);
        Request<Status> came = comm.irecv(in, (comm.rank() + size - 1) % size, turn);
        if (random.nextInt(4) == 0) {
          pause(random.nextInt(300_000));
        }
        comm.send(new int[] {turn}, (comm.rank() + 1) % size, turn);
        came.await(Duration.ofSeconds(20));
        token += ((int[]) in.array())[0] == turn ? 1 : 0;
      }
      return token;
    }

    private static void pause(int nanos) {
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void noWakeUpIsLostWithMoreRanksThanProcessorsEither(int ranks) {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    long start = System.nanoTime();
    assertThat(call(ranks, Sleepers.class, Integer.class, Long.toString(seed)))
        .containsOnly(300)
        .hasSize(ranks);
    // One that is lost costs a second of sleep.
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
  }

  @Test
  void ranksInProcessesOfTheirOwnSleepOnTheMemoryThatTheyShare() {
    assertThat(Ranks.PROCESSES_MEMORY.call(3, Sleepers.class, Integer.class, "7"))
        .containsExactly(300, 300, 300);
  }

  /** How much of a processor a rank takes that waits for a second, in thousandths. */
  static final class Idle implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws Exception {
      comm.barrier();
      if (comm.rank() == 0) {
        TimeUnit.SECONDS.sleep(1); // the time is what is measured
        comm.send(1, 1, 0);
        return 0;
      }
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      comm.recv(Integer.class, 0, 0);
      return (int) ((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000);
    }
  }

  @Test
  void aRankThatWaitsTakesNoPartOfAProcessorWorthMentioning() {
    assertThat(Ranks.PROCESSES_MEMORY.call(2, Idle.class, Integer.class).get(1))
        .isLessThan(30); // some 3 when quiet; a rank that looks all the time takes 1000
  }

  /** One that the rank's own thread joins, one that a virtual thread does. */
  static final class Futures implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) throws Exception {
      int peer = 1 - comm.rank();
      CompletableFuture<String> got =
          comm.irecv(String.class, peer, 0).toFuture().thenApply(Received::message);
      CompletableFuture<Received<String>> more = comm.irecv(String.class, peer, 1).toFuture();
      CompletableFuture<String> joined = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> joined.complete(more.join().message()));
      comm.send("from " + comm.rank(), peer, 0);
      comm.send(", more", peer, 1);
      return got.get(20, TimeUnit.SECONDS) + joined.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFutureIsCompletedThoughNoThreadOfTheProgramWaitsInACall(Ranks ranks) {
    assertThat(ranks.call(2, Futures.class, String.class)).containsExactly("from 1, more", "from 0, more");
  }

  static final class Asks implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      int peer = 1 - comm.rank();
      Request<Received<Integer>> first = comm.irecv(Integer.class, peer, 1);
      comm.send(5, peer, 1);
      while (!first.isDone()) {
        Thread.onSpinWait();
      }
      comm.send(6, peer, 2);
      while (comm.iprobe(peer, 2).isEmpty()) {
        Thread.onSpinWait();
      }
      comm.send(7, peer, 3);
      Message claimed = comm.mprobe(peer, 3);
      return first.await().message() + comm.recv(Integer.class, peer, 2) + claimed.recv(Integer.class);
    }
  }

  @Test
  void whoOnlyAsksWhetherAMessageIsThereGetsItToo() {
    assertThat(call(2, Asks.class, Integer.class)).containsExactly(18, 18);
  }

  /** Several threads of each rank wait at once, for answers that come in another order. */
  static final class ManyThreads implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws Exception {
      int peer = 1 - comm.rank();
      int threads = 6;
      int turns = 200;
      List<CompletableFuture<Integer>> sums = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int tag = thread;
        CompletableFuture<Integer> sum = new CompletableFuture<>();
        sums.add(sum);
        Runnable work =
            () -> {
              int got = 0;
              for (int turn = 0; turn < turns; turn++) {
                comm.send(turn, peer, tag);
                got += comm.recv(Integer.class, peer, tag);
              }
              sum.complete(got);
            };
        if (thread % 2 == 0) {
          Thread.ofPlatform().daemon().start(work);
        } else {
          Thread.ofVirtual().start(work);
        }
      }
      int all = 0;
      for (CompletableFuture<Integer> sum : sums) {
        all += sum.get(40, TimeUnit.SECONDS);
      }
      return all;
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThreadOfARankLooksForAllThatWait(Ranks ranks) {
    int all = 6 * (199 * 200 / 2);
    assertThat(ranks.call(2, ManyThreads.class, Integer.class)).containsExactly(all, all);
  }

  static final class SendsAndEnds implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      int messages = 5000;
      if (comm.rank() == 0) {
        for (int i = 0; i < messages; i++) {
          comm.isend(new int[] {i}, 1, 0); // its end comes behind them
        }
        return 0;
      }
      int sum = 0;
      for (int i = 0; i < messages; i++) {
        sum += comm.recv(int[].class, 0, 0)[0] == i ? 1 : 0;
      }
      return sum;
    }
  }

  @Test
  void whatARankHasSentArrivesThoughItHasEndedMeanwhile() {
    assertThat(call(2, SendsAndEnds.class, Integer.class)).containsExactly(0, 5000);
  }

  static final class OffersAndEnds implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) {
      if (comm.rank() == 0) {
        comm.isend(new int[100_000], 1, 0);
        comm.send(1, 1, 1);
        return;
      }
      comm.recv(Integer.class, 0, 1);
      while (comm.iprobe(0, 2).isEmpty()) {
        comm.recv(int[].class, 0, 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLongMessageWhoseSenderHasEndedFailsTheReceive(Ranks ranks) {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      assertThatThrownBy(() -> Rmpi.launch(ranks.options(), locations, OffersAndEnds.class))
          .hasMessageContaining("rank 0 has ended");
    }
  }

  /** Sends and receives long messages for ever, and tells when it has begun. */
  static final class Streams implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Slice in = Slice.of(new double[300_000]);
      Slice out = Slice.of(new double[300_000]);
      int next = (comm.rank() + 1) % comm.size();
      int last = (comm.rank() + comm.size() - 1) % comm.size();
      try {
        for (int turn = 0; ; turn++) {
          comm.sendrecv(out, next, 0, in, last, 0);
          if (turn == 20) {
            Files.writeString(folder.resolve("runs-" + comm.rank()), "");
          }
        }
      } catch (RankFailedException e) {
        Files.writeString(folder.resolve("part-" + comm.rank()), String.valueOf(e.getMessage()));
        Files.move(folder.resolve("part-" + comm.rank()), folder.resolve("told-" + comm.rank()));
        throw e;
      }
    }
  }

  @Test
  void aRankThatIsKilledAmidLongMessagesFailsTheOthersAndLeavesNoFile(@TempDir Path folder)
      throws Exception {
    List<String> before = sharedFiles();
    try (Node node = Ranks.start()) {
      List<PlaceLocation> nodes = Ranks.PROCESSES_MEMORY.locations(node, 3);
      CompletableFuture<Void> job =
          CompletableFuture.runAsync(
              () -> Rmpi.launch(MEMORY, nodes, Streams.class, folder.toString()));
      for (int rank = 0; rank < 3; rank++) {
        await(folder.resolve("runs-" + rank));
      }
      awaitNoFileBut(before);
      Ranks.kill(nodes.get(2));
      for (int rank = 0; rank < 2; rank++) {
        Path told = folder.resolve("told-" + rank);
        await(told);
        assertThat(told).content().startsWith("rank 2 is lost");
      }
      assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 2 is lost: its node is gone");
    }
  }

  /** Other tests may make one meanwhile, which is gone at once. */
  private static void awaitNoFileBut(List<String> before) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!before.containsAll(sharedFiles())) {
      assertThat(System.nanoTime()).as("files while it runs: " + sharedFiles()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static List<String> sharedFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path folder : List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.map(Path::toString).filter(name -> name.contains("places-rmpi-")).forEach(names::add);
        }
      }
    }
    return names;
  }

  private static void await(Path file) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s comes", file.getFileName()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
