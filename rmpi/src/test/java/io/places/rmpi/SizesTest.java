package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/*
 * Nine ranks are started once for each kind of them, and go through all that is promised, first all nine, then the first
 * eight, and so on to two. Each counts what was as it should be, and each test looks at one of the sums.
 *
 * To start nine JVMs takes long. So all that more than five ranks do that are a JVM each is in this class, what is described in
 * others too: of the JVMs that run tests side by side only one starts as many.
 */
/** What is promised about messages, operations of all and communicators, among 2 to 9 ranks. */
@Timeout(value = 3, unit = TimeUnit.MINUTES) // nine JVMs may have to be started, on a machine that may be busy
class SizesTest {
  private static final int MOST = 9;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Of all communicators together: 2 + 3 + ... + 9. */
  private static final int RANKS = (MOST + 2) * (MOST - 1) / 2;

  /** Of all but the first of each. */
  private static final int OTHERS = RANKS - (MOST - 1);

  /** For every operator: the extremes of a type among them. */
  private static final int FEW_ELEMENTS = 8;

  /** Among these many ranks their order is seen: a power of two, and one more, and some more than such a one. */
  private static final Set<Integer> ORDERED = Set.of(2, 5, 7);

  private static final int GO = 1;
  private static final int DONE = 2;

  private static final Map<Ranks, List<Kept>> KEPT = new EnumMap<>(Ranks.class);

  enum Promise {
    SIZES,
    BOUND,
    UNEXPECTED,
    ITSELF,
    NOBODY,
    BESIDE,
    RING,
    GRIDS,
    OPERATORS,
    PRODUCTS,
    APART,
    ORDER,
    POSTED,
    TAKEN,
    CLAIMED,
    REFUSED,
    FAILED,
    ENDED,
    MADE,
    GROUPS
  }

  /**
   * Of one rank.
   *
   * @param times how often it found a promise kept
   * @param fractions what it has of sums that would be others in another order
   */
  record Kept(Map<String, Integer> times, List<Integer> fractions) {}

  static final class All implements RmpiFunction<Kept> {
    private final Map<String, Integer> times = new LinkedHashMap<>();
    private final List<Integer> fractions = new ArrayList<>();

    @Override
    public Kept call(Comm comm, String[] arguments) throws Exception {
      long seed = Long.parseLong(arguments[0]);
      ElementType[] types = ElementType.values(); // each among some number of ranks
      Comm allButTheLast = comm;
      for (int size = MOST; size >= 2; size--) {
        Optional<Comm> some = comm.split(comm.rank() < size ? 0 : Comm.UNDEFINED, 0);
        if (some.isPresent()) {
          Comm part = some.get();
          count(part, Promise.SIZES, Around.ofEverySize(part));
          count(part, Promise.BOUND, Around.aboutTheBound(part));
          count(part, Promise.UNEXPECTED, Around.unexpected(part));
          count(part, Promise.ITSELF, Around.toItself(part));
          count(part, Promise.NOBODY, Around.toNobody(part));
          count(part, Promise.BESIDE, Around.besideOperations(part));
          count(part, Promise.RING, Around.ringOfLong(part));
          count(part, Promise.GRIDS, Grids.shifted(part));
          ElementType type = types[size % types.length];
          count(part, Promise.OPERATORS, none(part, OperatorsTest.Everything.wrongOf(part, type, FEW_ELEMENTS)));
          if (ORDERED.contains(size)) {
            count(part, Promise.PRODUCTS, none(part, OperatorsTest.Products.wrongOf(part)));
          }
          count(part, Promise.APART, none(part, Strided.wrongOf(part)));
          fractions.addAll(Fractions.hashes(part));
          count(part, Promise.ORDER, ordered(part));
          count(part, Promise.POSTED, posted(part, new Random(seed + size)));
          count(part, Promise.TAKEN, taken(part, new Random(seed + size)));
          count(part, Promise.CLAIMED, claimed(part));
          count(part, Promise.REFUSED, refused(part));
          count(part, Promise.FAILED, failed(part));
          count(part, Promise.MADE, made(part));
          count(part, Promise.GROUPS, groups(part));
          allButTheLast = size == MOST - 1 ? part : allButTheLast;
        }
      }
      if (comm.rank() < MOST - 1) { // the last one ends here
        count(allButTheLast, Promise.ENDED, ended(comm, allButTheLast));
      }
      return new Kept(times, fractions);
    }

    /** All are through before one sends what is of the next promise. */
    private void count(Comm part, Promise promise, int kept) {
      times.merge(promise.name(), kept, Integer::sum);
      part.barrier();
    }
  }

  /** What fails here is told by each test. */
  private static synchronized List<Kept> kept(Ranks ranks) {
    List<Kept> kept = KEPT.get(ranks);
    if (kept == null) {
      long seed = System.nanoTime();
      System.out.println("seed " + seed);
      kept = ranks.call(MOST, All.class, Kept.class, Long.toString(seed));
      KEPT.put(ranks, kept);
    }
    return kept;
  }

  /** All ranks together. */
  private static int kept(Ranks ranks, Promise promise) {
    return kept(ranks).stream().mapToInt(each -> each.times().getOrDefault(promise.name(), 0)).sum();
  }

  private static int next(Comm comm) {
    return Around.next(comm);
  }

  private static int previous(Comm comm) {
    return Around.previous(comm);
  }

  private static void require(boolean is, Comm comm, String what) {
    if (!is) {
      throw new IllegalStateException("%s: not so: %s".formatted(comm, what));
    }
  }

  /** Who reads the output finds there what was wrong. */
  private static int none(Comm comm, List<String> wrong) {
    if (!wrong.isEmpty()) {
      System.out.println(comm + ": wrong: " + wrong);
    }
    return wrong.isEmpty() ? 1 : 0;
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfEveryTypeAndSizeArriveAsTheyWereSentWhoeverIsThereFirst(Ranks ranks) {
    assertThat(kept(ranks, Promise.SIZES)).isEqualTo(RANKS * Around.OF_EVERY_SIZE);
  }

  @ParameterizedTest
  @EnumSource
  void whatHasUpTo65536BytesIsSentThoughNobodyReceivesAndOneElementMoreWaits(Ranks ranks) {
    assertThat(kept(ranks, Promise.BOUND)).isEqualTo(RANKS * Around.ABOUT_THE_BOUND);
  }

  @ParameterizedTest
  @EnumSource
  void whatAllOthersSendToOneThatExpectsNothingYetArrivesInOrder(Ranks ranks) {
    assertThat(kept(ranks, Promise.UNEXPECTED)).isEqualTo(OTHERS * Around.UNEXPECTED);
  }

  @ParameterizedTest
  @EnumSource
  void aRankMaySendToItselfInEachWay(Ranks ranks) {
    assertThat(kept(ranks, Promise.ITSELF)).isEqualTo(RANKS * Around.TO_ITSELF);
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesToNobodyAndComesFromNobodyIsDoneAtOnce(Ranks ranks) {
    assertThat(kept(ranks, Promise.NOBODY)).isEqualTo(RANKS * Around.TO_NOBODY);
  }

  @ParameterizedTest
  @EnumSource
  void aReceiveOfAnythingTakesNothingOfTheOperationsOfAllBesideIt(Ranks ranks) {
    assertThat(kept(ranks, Promise.BESIDE)).isEqualTo(RANKS * Around.BESIDE_OPERATIONS);
  }

  @ParameterizedTest
  @EnumSource
  void aRingOfLongSendrecvsDoesNotBlock(Ranks ranks) {
    assertThat(kept(ranks, Promise.RING)).isEqualTo(RANKS * Around.RING_OF_LONG);
  }

  @ParameterizedTest
  @EnumSource
  void onAGridTheNeighboursAreThoseOfItsDimensionsAndGetWhatIsShifted(Ranks ranks) {
    assertThat(kept(ranks, Promise.GRIDS)).isEqualTo(RANKS * Grids.SHIFTS);
  }

  @ParameterizedTest
  @EnumSource
  void everyOperatorCombinesElementsOfATypeThatIsAnotherForEachNumberOfRanks(Ranks ranks) {
    assertThat(kept(ranks, Promise.OPERATORS)).isEqualTo(RANKS);
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotCommuteIsCombinedInTheOrderOfRanks(Ranks ranks) {
    assertThat(kept(ranks, Promise.PRODUCTS)).isEqualTo(ORDERED.stream().mapToInt(size -> size).sum());
  }

  @ParameterizedTest
  @EnumSource
  void operationsOfAllTakeAndGiveElementsThatLieApartAndLeaveWhatIsBetweenThem(Ranks ranks) {
    assertThat(kept(ranks, Promise.APART)).isEqualTo(RANKS);
  }

  private static List<List<Integer>> fractions(Ranks ranks) {
    return kept(ranks).stream().map(Kept::fractions).toList();
  }

  @ParameterizedTest
  @EnumSource
  void sumsOfFractionsAreTheSameBitForBitByEveryReductionInEveryRunAndOverEveryLink(Ranks ranks) {
    assertThat(fractions(ranks)).isEqualTo(fractions(Ranks.ONE_NODE)).hasSize(MOST);
  }

  private static final int MESSAGES = 100;

  /** To both neighbours at once, all of it before anything is received. */
  private static int ordered(Comm comm) {
    int next = next(comm);
    int previous = previous(comm);
    int forth = 0;
    int back = comm.size() == 2 ? 1 : forth; // both neighbours are the same
    List<Request<?>> sent = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      sent.add(comm.isend(message(i, comm.rank()), next, forth));
      sent.add(comm.isend(message(i, comm.rank()), previous, back));
    }
    comm.barrier();
    int right = 0;
    for (int i = 0; i < MESSAGES; i++) {
      right += Arrays.equals(comm.recv(int[].class, previous, forth), message(i, previous)) ? 1 : 0;
      right += Arrays.equals(comm.recv(int[].class, next, back), message(i, next)) ? 1 : 0;
    }
    Request.awaitAll(sent);
    return right;
  }

  /** Every thirtieth is long enough to wait for its receive. */
  private static int[] message(int number, int from) {
    int[] message = new int[number % 30 == 0 ? 20_000 : 2 + number % 50];
    Arrays.fill(message, number);
    message[0] = from;
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfBothNeighboursWhichNobodyExpectedYetArriveWholeAndInOrder(Ranks ranks) {
    assertThat(kept(ranks, Promise.ORDER)).isEqualTo(RANKS * 2 * MESSAGES);
  }

  private record Pattern(int source, int tag) {
    /** One that matches. */
    static Pattern of(int source, int tag, Random random) {
      return new Pattern(random.nextBoolean() ? source : Comm.ANY_SOURCE, random.nextBoolean() ? tag : Comm.ANY_TAG);
    }

    boolean matches(int from, int with) {
      return (source == Comm.ANY_SOURCE || source == from) && (tag == Comm.ANY_TAG || tag == with);
    }
  }

  private static final int POSTED = 4; // messages of each sender

  /**
   * Rank 0 posts receives that overlap, in any order, then has the others send one message after the other: so it is
   * known which receive each is for, the first that matches and has none.
   *
   * @param random the same at all ranks
   */
  private static int posted(Comm comm, Random random) {
    Comm twin = comm.dup();
    int count = POSTED * (comm.size() - 1);
    int[] sources = random.ints(count, 1, comm.size()).toArray();
    int[] tags = random.ints(count, 0, 3).toArray();
    if (comm.rank() > 0) {
      for (int i = comm.recv(Integer.class, 0, GO); i >= 0; i = comm.recv(Integer.class, 0, GO)) {
        twin.ssend(i, 0, tags[i]);
        comm.send(i, 0, DONE);
      }
      twin.free();
      return 0;
    }
    List<Pattern> patterns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      patterns.add(Pattern.of(sources[i], tags[i], random));
    }
    Collections.shuffle(patterns, random);
    patterns.addAll(Collections.nCopies(count, new Pattern(Comm.ANY_SOURCE, Comm.ANY_TAG))); // for what none of those takes
    List<Request<Received<Integer>>> open = new ArrayList<>();
    patterns.forEach(each -> open.add(twin.irecv(Integer.class, each.source(), each.tag())));
    int right = 0;
    for (int i = 0; i < count; i++) {
      comm.send(i, sources[i], GO);
      comm.recv(Integer.class, sources[i], DONE);
      int first = 0;
      while (!patterns.get(first).matches(sources[i], tags[i])) {
        first++;
      }
      Received<Integer> got = open.remove(first).await(LIMIT);
      patterns.remove(first);
      boolean told = got.status().source() == sources[i] && got.status().tag() == tags[i];
      right += got.message() == i && told && open.stream().noneMatch(Request::isDone) ? 1 : 0;
    }
    for (int rank = 1; rank < comm.size(); rank++) {
      comm.send(-1, rank, GO);
    }
    twin.free();
    return right;
  }

  @ParameterizedTest
  @EnumSource
  void aMessageGoesToTheReceivePostedFirstOfThoseThatMatchWhoeverSendsIt(Ranks ranks) {
    assertThat(kept(ranks, Promise.POSTED)).isEqualTo(OTHERS * POSTED);
  }

  private static final int TAKEN = 16; // messages of each sender

  /**
   * All others send at once what rank 0 receives in any order, in different ways, of one and of any. Whose message it
   * gets is not said if it takes any, but of those the first.
   *
   * @param random the same at all ranks
   */
  private static int taken(Comm comm, Random random) {
    int[][] tags = new int[comm.size()][];
    Arrays.setAll(tags, rank -> random.ints(TAKEN, 0, 3).toArray());
    if (comm.rank() > 0) {
      List<Request<?>> sent = new ArrayList<>();
      for (int i = 0; i < TAKEN; i++) {
        int[] message = new int[i % 8 == 7 ? 20_000 : 1];
        message[0] = i;
        sent.add(comm.isend(message, 0, tags[comm.rank()][i]));
      }
      Request.awaitAll(sent);
      return 0;
    }
    List<List<Integer>> left = new ArrayList<>();
    for (int rank = 0; rank < comm.size(); rank++) {
      left.add(IntStream.range(0, rank == 0 ? 0 : TAKEN).boxed().collect(Collectors.toCollection(ArrayList::new)));
    }
    int right = 0;
    for (int i = 0; i < TAKEN * (comm.size() - 1); i++) {
      int[] senders = IntStream.range(0, comm.size()).filter(rank -> !left.get(rank).isEmpty()).toArray();
      int sender = senders[random.nextInt(senders.length)];
      int one = left.get(sender).get(random.nextInt(left.get(sender).size()));
      Pattern pattern = Pattern.of(sender, tags[sender][one], random); // there will be one that matches
      Received<int[]> got = received(comm, pattern, random.nextInt(3));
      int from = got.status().source();
      int number = got.message()[0];
      int first = left.get(from).stream().filter(each -> pattern.matches(from, tags[from][each])).findFirst().orElse(-1);
      right += number == first && got.status().tag() == tags[from][number] ? 1 : 0;
      left.get(from).removeIf(each -> each == number);
    }
    return right;
  }

  private static Received<int[]> received(Comm comm, Pattern pattern, int how) {
    return switch (how) {
      case 0 -> {
        Message message = comm.mprobe(pattern.source(), pattern.tag());
        yield new Received<>(message.recv(int[].class), message.status());
      }
      case 1 -> {
        Status status = comm.probe(pattern.source(), pattern.tag());
        int[] room = new int[status.count()];
        yield new Received<>(room, comm.recv(Slice.of(room), status.source(), status.tag()));
      }
      default -> comm.receive(int[].class, pattern.source(), pattern.tag());
    };
  }

  @ParameterizedTest
  @EnumSource
  void aReceiveOfOneOrOfAnyTakesTheFirstMessageOfItsSenderThatMatches(Ranks ranks) {
    assertThat(kept(ranks, Promise.TAKEN)).isEqualTo(OTHERS * TAKEN);
  }

  private static final int CLAIMED = 40; // messages of each sender

  /** Three threads of rank 0 ask for messages: of any with the tag, of any at all, and of one after the other. */
  private static int claimed(Comm comm) throws Exception {
    if (comm.rank() > 0) {
      for (int i = 0; i < CLAIMED; i++) {
        comm.send(new int[] {(comm.rank() - 1) * CLAIMED + i}, 0, 3);
      }
      return 0;
    }
    AtomicIntegerArray times = new AtomicIntegerArray(CLAIMED * (comm.size() - 1));
    AtomicInteger left = new AtomicInteger(times.length());
    List<Callable<Integer>> takers = new ArrayList<>();
    takers.add(() -> take(comm, Comm.ANY_SOURCE, 3, times, left));
    takers.add(() -> take(comm, Comm.ANY_SOURCE, Comm.ANY_TAG, times, left));
    takers.add(() -> take(comm, 1, Comm.ANY_TAG, times, left));
    int taken = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(takers.size())) {
      for (Future<Integer> each : threads.invokeAll(takers)) {
        taken += each.get();
      }
    }
    int once = 0;
    for (int i = 0; i < times.length(); i++) {
      once += times.get(i) == 1 ? 1 : 0;
    }
    require(taken == once, comm, "%d claims of %d messages".formatted(taken, once));
    return once;
  }

  private static int take(Comm comm, int first, int tag, AtomicIntegerArray times, AtomicInteger left) {
    long end = System.nanoTime() + LIMIT.toNanos();
    int taken = 0;
    for (int source = first; left.get() > 0 && System.nanoTime() < end; ) {
      Optional<Message> message = comm.improbe(source, tag);
      if (message.isPresent()) {
        int[] room = new int[message.get().status().count()];
        message.get().recv(Slice.of(room));
        times.incrementAndGet(room[0]);
        left.decrementAndGet();
        taken++;
      } else {
        LockSupport.parkNanos(10_000); // the senders need the processors, too
      }
      source = first == Comm.ANY_SOURCE ? first : 1 + source % (comm.size() - 1);
    }
    return taken;
  }

  @ParameterizedTest
  @EnumSource
  void eachMessageIsClaimedOnceThoughSeveralThreadsAskForIt(Ranks ranks) {
    assertThat(kept(ranks, Promise.CLAIMED)).isEqualTo(OTHERS * CLAIMED);
  }

  private static String told(Runnable call) {
    try {
      call.run();
      return "nothing";
    } catch (MismatchException | RankFailedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String dropped(Comm comm, String wanted, int tag, String sent) {
    return "rank %d receives %s from rank %d with tag %d, which has sent %s; the message is dropped"
        .formatted(comm.rank(), wanted, previous(comm), tag, sent);
  }

  private static final int REFUSED = 8;

  /** Around: rank 0 receives before it sends. */
  private static int refused(Comm comm) {
    int right = comm.rank() == 0 ? refusals(comm) : 0;
    int next = next(comm);
    for (boolean synchronous : new boolean[] {true, false}) {
      for (Object each : List.of(new double[3], new double[100_000], "text")) {
        if (synchronous) {
          comm.ssend(each, next, 1); // is over when it is refused
        } else {
          comm.send(each, next, 1);
        }
      }
    }
    comm.ssend(new double[3], next, 1);
    comm.ssend(new double[100_000], next, 1);
    comm.send("fits", next, 1);
    right += comm.rank() > 0 ? refusals(comm) : 0;
    int sum = comm.allreduce(1, Integer::sum);
    int around = comm.sendrecv(comm.rank(), next, 1, Integer.class, previous(comm), 1);
    require(sum == comm.size() && around == previous(comm), comm, "usable after refusals");
    return right;
  }

  private static int refusals(Comm comm) {
    int from = previous(comm);
    String few = dropped(comm, "at most double[] of 2", 1, "double[] of 3");
    String others = dropped(comm, "at most int[] of 100000", 1, "double[] of 100000");
    String number = dropped(comm, "java.lang.Integer", 1, "java.lang.String");
    Slice two = Slice.of(new double[2]);
    Slice ints = Slice.of(new int[100_000]);
    int right = told(() -> comm.recv(two, from, 1)).equals(few) ? 1 : 0;
    right += told(() -> comm.recv(ints, from, 1)).equals(others) ? 1 : 0;
    right += told(() -> comm.recv(Integer.class, from, 1)).equals(number) ? 1 : 0;
    right += told(() -> comm.mprobe(from, 1).recv(two)).equals(few) ? 1 : 0;
    right += told(() -> comm.mprobe(from, 1).recv(ints)).equals(others) ? 1 : 0;
    right += told(() -> comm.mprobe(from, 1).recv(Integer.class)).equals(number) ? 1 : 0;
    right += told(() -> comm.mprobe(from, 1).recv(two)).equals(few) ? 1 : 0; // which was sent synchronously
    right += told(() -> comm.mprobe(from, 1).recv(ints)).equals(others) ? 1 : 0;
    require(comm.recv(String.class, from, 1).equals("fits"), comm, "the next message arrives");
    return right;
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotFitIsRefusedWithBothSidesAlsoIfItsSenderWaitsOrItWasClaimed(Ranks ranks) {
    assertThat(kept(ranks, Promise.REFUSED)).isEqualTo(RANKS * REFUSED);
  }

  private static final int FAILED = 5;

  /** One of two receives gets what does not fit; the other gets its message later. */
  private static int failed(Comm comm) {
    Request<Received<Integer>> late = comm.irecv(Integer.class, previous(comm), 5);
    Request<Received<Integer>> wrong = comm.irecv(Integer.class, previous(comm), 4);
    comm.send("text", next(comm), 4);
    require(Request.awaitAny(late, wrong) == 1, comm, "awaitAny answers a request that has failed");
    require(Request.awaitSome(late, wrong).equals(List.of(1)), comm, "so does awaitSome");
    require(Request.doneOf(late, wrong).equals(List.of(1)) && wrong.isDone(), comm, "it is done");
    require(Request.allDone(wrong) && !Request.allDone(late, wrong), comm, "the other is not");
    String why = dropped(comm, "java.lang.Integer", 4, "java.lang.String");
    int right = told(wrong::await).equals(why) ? 1 : 0;
    right += told(wrong::test).equals(why) ? 1 : 0; // again
    right += told(wrong::status).equals(why) ? 1 : 0;
    comm.barrier();
    comm.send(comm.rank(), next(comm), 5);
    require(late.await(LIMIT).message() == previous(comm), comm, "the other gets its message");
    require(Request.awaitAny(late, wrong) == 0, comm, "then that is the first that is done");
    require(Request.awaitSome(late, wrong).equals(List.of(0, 1)), comm, "both are done");
    right += told(() -> Request.awaitAll(late, wrong)).equals(why) ? 1 : 0;
    right += told(() -> Request.awaitAll(List.of(wrong, late))).equals(why) ? 1 : 0;
    return right;
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatHasFailedIsDoneAndSaysWhyEachTimeAndTheOthersGoOn(Ranks ranks) {
    assertThat(kept(ranks, Promise.FAILED)).isEqualTo(RANKS * FAILED);
  }

  /** As {@link #failed}, where one receive is of a rank that has ended. */
  private static int ended(Comm comm, Comm others) {
    int last = comm.size() - 1;
    Request<Received<Integer>> late = others.irecv(Integer.class, previous(others), 5);
    Request<Received<Integer>> never = comm.irecv(Integer.class, last, 6);
    require(Request.awaitAny(late, never) == 1, comm, "awaitAny answers what will never come");
    require(Request.awaitSome(late, never).equals(List.of(1)), comm, "so does awaitSome");
    String why =
        "rank %d has ended, and rank %d waits for a message from it: recv(java.lang.Integer from rank %d, tag 6)"
            .formatted(last, comm.rank(), last);
    int right = told(never::await).equals(why) ? 1 : 0;
    others.barrier();
    others.send(comm.rank(), next(others), 5);
    right += late.await(LIMIT).message() == previous(others) ? 1 : 0;
    right += told(() -> Request.awaitAll(late, never)).equals(why) ? 1 : 0;
    return right;
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForOneOfSeveralIsToldOfARankThatHasEndedAndTheOthersGoOn(Ranks ranks) {
    assertThat(kept(ranks, Promise.ENDED)).isEqualTo((MOST - 1) * 3);
  }

  private static final int AT_ONCE = 3;
  private static final int MADE = AT_ONCE + 1;

  /** The even and the odd ranks make two each while all make a third one, in any order; then all make a fourth one. */
  private static int made(Comm comm) throws Exception {
    Group half = comm.group().range(comm.rank() % 2, comm.size() - 1, 2);
    List<Group> groups = List.of(half, half, comm.group(), comm.group());
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2)); // the tags
    Collections.rotate(order, comm.rank());
    Map<Integer, Future<Comm>> open = new TreeMap<>();
    List<Comm> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int tag : order) {
        open.put(tag, threads.submit(() -> comm.createGroup(groups.get(tag), tag)));
      }
      for (Future<Comm> each : open.values()) {
        made.add(each.get());
      }
    }
    made.add(comm.dup());
    for (int i = 0; i < MADE; i++) {
      made.get(i).send(i, next(made.get(i)), 0);
    }
    int right = 0;
    for (int i = MADE - 1; i >= 0; i--) { // what is of another communicator has come before
      Comm one = made.get(i);
      boolean own = one.recv(Integer.class, previous(one), 0) == i;
      right += own && one.allgather(comm.rank()).equals(groups.get(i).worldRanks()) ? 1 : 0;
    }
    made.forEach(Comm::free);
    return right;
  }

  @ParameterizedTest
  @EnumSource
  void theSameRanksAndOthersMakeCommunicatorsWithSeveralTagsAtOnceThatDoNotMix(Ranks ranks) {
    assertThat(kept(ranks, Promise.MADE)).isEqualTo(RANKS * MADE);
  }

  private static int groups(Comm comm) {
    Group all = comm.group();
    Group even = all.range(0, comm.size() - 1, 2);
    Group odd = all.range(1, comm.size() - 1, 2);
    Group nobody = even.intersection(odd);
    require(nobody.size() == 0 && nobody.equals(all.difference(even.union(odd))), comm, "there is a group of nobody");
    require(comm.create(nobody).isEmpty(), comm, "nobody is in a communicator of nobody");
    Group turned = odd.range(odd.size() - 1, 0, -1).union(all);
    Comm made = comm.create(turned).orElseThrow();
    boolean placed = made.rank() == all.translate(comm.rank(), turned);
    boolean ordered = made.allgather(comm.rank()).equals(turned.worldRanks());
    Comm backwards = comm.split(0, -comm.rank()).orElseThrow();
    ordered &= backwards.allgather(comm.rank()).equals(all.range(comm.size() - 1, 0, -1).worldRanks());
    ordered &= comm.split(3, 7).orElseThrow().rank() == comm.rank(); // equal keys: as before
    Optional<Comm> some = comm.create(all.difference(odd).union(nobody));
    boolean in = some.isPresent() == (comm.rank() % 2 == 0);
    boolean summed = some.isEmpty() || some.get().allreduce(1, Integer::sum) == even.size();
    return placed && ordered && in && summed ? 1 : 0;
  }

  @ParameterizedTest
  @EnumSource
  void groupsOfTheAlgebraAndThatOfNobodyBecomeCommunicators(Ranks ranks) {
    assertThat(kept(ranks, Promise.GROUPS)).isEqualTo(RANKS);
  }

  @ParameterizedTest
  @EnumSource
  void ranksOnAGridKnowTheirNeighbours(Ranks ranks) {
    assertThat(ranks.call(7, CollectivesTest.Grid.class, String.class))
        .containsExactly(
            "[0, 0] -2>3 2>1 3",
            "[0, 1] -2>4 0>2 3",
            "[0, 2] -2>5 1>0 3",
            "[1, 0] 0>-2 5>4 12",
            "[1, 1] 1>-2 3>5 12",
            "[1, 2] 2>-2 4>3 12",
            "out");
  }

  @ParameterizedTest
  @MethodSource("io.places.rmpi.CollectivesTest#amongProcesses")
  void everyOperationGivesWhatASingleThreadComputes(Ranks ranks, int size) {
    assertThat(ranks.call(size, CollectivesTest.Everything.class, Boolean.class)).hasSize(size);
  }

  @ParameterizedTest
  @EnumSource(names = "PROCESSES_.*", mode = EnumSource.Mode.MATCH_ALL)
  void nineRanksThatDifferInTheTypeAreBothNamedToAll(Ranks ranks, @TempDir Path folder) throws IOException {
    CollectivesTest.assertThatBothAreNamedToAll(ranks, "type", MOST, folder);
  }
}
