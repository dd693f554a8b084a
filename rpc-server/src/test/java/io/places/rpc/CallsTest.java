package io.places.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.InterruptKind;
import io.places.MessageNotAllowedException;
import io.places.PlaceStillRunningException;
import io.places.cluster.LocalCluster;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.rpc.Probe.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call does, whether its server is in the same JVM or beyond a wire. */
@ParameterizedClass(name = "over the wire: {0}")
@ValueSource(booleans = {false, true})
class CallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A deadline before which a call has begun, on a busy machine too. */
  private static final Duration BRIEF = Duration.ofMillis(500);

  private static final LocalCluster CLUSTER = LocalCluster.inJvm(1);

  @Parameter boolean remote;

  private Place<?, ?> place = Probe.start(CLUSTER.node(), "none");
  private Client client = Client.connect(CLUSTER.node(), ClientOptions.standard().named("none"));

  @AfterAll
  static void close() {
    CLUSTER.close();
  }

  @BeforeEach
  void start() {
    client.close();
    place.kill();
    for (var each : List.of(Probe.BEGUN, Probe.GO_ON, Probe.INTERRUPTED, Probe.NOTED)) {
      each.drainPermits();
    }
    place = Probe.start(at());
    client = Client.connect(at());
  }

  @AfterEach
  void end() {
    Probe.unreadable = "";
    Probe.GO_ON.release(1_000);
    client.close();
    place.kill();
  }

  private PlaceLocation at() {
    return remote ? CLUSTER.node(1) : CLUSTER.node();
  }

  private static void assertFails(Status status, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
              assertThat(List.of(words)).allSatisfy(w -> assertThat(e.getMessage()).contains(w));
            });
  }

  @Test
  void eachOf64CallersOnOneClientGetsItsOwnReplies() throws Exception {
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int caller = 0; caller < 64; caller++) {
      String name = "caller " + caller + ", call ";
      var done = new CompletableFuture<Void>();
      callers.add(done);
      Thread.startVirtualThread(
          () -> {
            try {
              for (int i = 0; i < 200; i++) {
                assertThat(client.run("echo", name + i)).isEqualTo(name + i);
              }
              done.complete(null);
            } catch (Throwable e) {
              done.completeExceptionally(e);
            }
          });
    }
    for (var each : callers) {
      each.get(50, TimeUnit.SECONDS);
    }
    assertThat(client.rpc().lateReplies()).isZero();
  }

  @Test
  void callsRunOneAfterAnotherSoThatStateNeedsNoLocks() throws Exception {
    List<Client> clients = IntStream.range(0, 4).mapToObj(i -> Client.connect(at())).toList();
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      for (Client each : clients) {
        calls.add(each.runAsync("add", ""));
        calls.add(each.lookAsync("count")); // concurrent ones in between
      }
    }
    for (var each : calls) {
      each.get(50, TimeUnit.SECONDS);
    }
    assertThat(client.run("count")).isEqualTo("1000");
    clients.forEach(Client::close);
  }

  @Test
  void concurrentCallsRunBesideEachOtherButNotBesideAnother() throws Exception {
    var one = client.lookAsync("together");
    var two = client.lookAsync("together");
    assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo("met");
    assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo("met");

    var serial = client.runAsync("wait", "");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    var other = Client.connect(at()).lookAsync("count");
    assertThatThrownBy(() -> other.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(Exception.class);
    assertThat(other).isNotDone();
    Probe.GO_ON.release();
    assertThat(serial.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
    assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("0");
  }

  @Test
  void theCallsOfOneClientRunInTheirOrder() throws Exception {
    for (int i = 0; i < 50; i++) {
      client.note("say", i + " ");
    }
    List<CompletableFuture<String>> counts =
        IntStream.range(0, 50).mapToObj(i -> client.runAsync("add", "")).toList();
    for (int i = 0; i < 50; i++) {
      assertThat(counts.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i + 1));
    }
    assertThat(client.run("notes"))
        .isEqualTo(String.join("", IntStream.range(0, 50).mapToObj(i -> i + " ").toList()));
  }

  @Test
  void aCallThatTakesTooLongFailsAtItsDeadlineAndItsServerIsInterrupted() throws Exception {
    client.run("echo", "warm");
    long start = System.nanoTime();
    assertFails(
        Status.DEADLINE_EXCEEDED,
        () -> client.within(BRIEF).run("sleep", "10000"),
        "call 'run' of server 'probe'",
        "PT0.5S");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(BRIEF, Duration.ofSeconds(2));
    assertThat(Probe.INTERRUPTED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client.run("echo", "next")).isEqualTo("next");
  }

  @Test
  void theDeadlineOfAFutureHoldsToo() {
    assertThatThrownBy(
            () ->
                client
                    .within(Duration.ofMillis(100))
                    .runAsync("sleep", "10000")
                    .get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED));
  }

  @Test
  void aNestedCallHasOnlyTheTimeThatIsLeft() throws Exception {
    Place<?, ?> sleeper = Probe.start(at(), "sleeper");
    client.run("call", "sleeper"); // warm
    long start = System.nanoTime();
    assertFails(
        Status.DEADLINE_EXCEEDED, () -> client.within(BRIEF).run("call sleeper", "sleeper"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(Probe.nestedTime).isLessThanOrEqualTo(BRIEF);
    assertThat(Probe.INTERRUPTED.tryAcquire(20, TimeUnit.SECONDS)).as("the inner one").isTrue();
    assertThat(client.run("echo", "next")).isEqualTo("next");
    sleeper.kill();
  }

  @Test
  void aReplyThatComesTooLateIsDroppedAndCounted() throws Exception {
    client.run("echo", "warm");
    CompletableFuture<String> late = client.within(Duration.ofSeconds(1)).runAsync("busy", "");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).as("before its deadline").isTrue();
    assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.status()).isEqualTo(Status.DEADLINE_EXCEEDED));
    assertThat(client.rpc().lateReplies()).isZero();
    Probe.GO_ON.release();
    assertThat(client.run("echo", "next")).isEqualTo("next");
    assertThat(client.rpc().lateReplies()).isEqualTo(1);
  }

  @Test
  void cancellingAFutureInterruptsTheServer() throws Exception {
    CompletableFuture<String> call = client.runAsync("sleep", "20000");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(call.cancel(true)).isTrue();
    assertThat(Probe.INTERRUPTED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.run("echo", "next")).isEqualTo("next");
  }

  @Test
  void aFutureThatEndsByItselfStopsItsCallAndIsToldOnce() throws Exception {
    var counts = new CallCounts();
    var told = new Semaphore(0);
    Interceptor last = call -> failure -> told.release(); // the first one is told last
    try (Client counted =
        Client.connect(at(), ClientOptions.standard().interceptors(last, counts))) {
      CompletableFuture<String> call = counted.runAsync("sleep", "20000");
      assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      var _ = call.orTimeout(1, TimeUnit.MILLISECONDS);
      assertThat(Probe.INTERRUPTED.tryAcquire(15, TimeUnit.SECONDS)).isTrue();
      assertThat(call).isCompletedExceptionally();
      assertThat(told.tryAcquire(15, TimeUnit.SECONDS)).as("by whoever ended the future").isTrue();
      call.cancel(true);
      assertThat(counted.run("echo", "next")).isEqualTo("next");
      assertThat(counts.of("run").calls()).isEqualTo(2);
      assertThat(counts.of("run").failures()).isEqualTo(1);
    }
  }

  @Test
  void aCallFromAnInterruptedThreadIsNotSent() {
    Thread.currentThread().interrupt();
    try {
      assertFails(Status.CANCELLED, () -> client.run("add"), "was not sent");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(client.run("count")).isEqualTo("0");
  }

  @Test
  void aCallWhoseClientGoesAwayIsStopped() throws Exception {
    Client leaves = Client.connect(at());
    CompletableFuture<String> call = leaves.runAsync("sleep", "20000");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    leaves.close();
    assertThat(Probe.INTERRUPTED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RpcException.class)
        .hasMessageContaining("was under way when this client was closed");
    assertThat(client.run("echo", "next")).isEqualTo("next");
  }

  @Test
  void cancellingACallAtAnyMomentHitsThatCallOnly() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<CompletableFuture<String>> cancelled = new ArrayList<>();
    List<CompletableFuture<String>> others = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      CompletableFuture<String> call = client.runAsync("undisturbed", "");
      cancelled.add(call);
      others.add(client.runAsync("undisturbed", ""));
      long when = random.nextLong(400_000);
      Thread.startVirtualThread(
          () -> {
            LockSupport.parkNanos(when);
            call.cancel(true);
          });
    }
    for (var each : others) {
      assertThat(each.get(50, TimeUnit.SECONDS)).isEqualTo("undisturbed");
    }
    for (var each : cancelled) {
      assertThat(each.handle((value, failure) -> 0).get(20, TimeUnit.SECONDS)).isZero(); // it ended
    }
    assertThat(client.run("undisturbed")).isEqualTo("undisturbed");
  }

  @Test
  void aCallThatIsCancelledBeforeItsTurnIsNotRun() throws Exception {
    CompletableFuture<String> first = client.runAsync("sleep", "20000");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<String> second = client.runAsync("add", "");
    second.cancel(true);
    first.cancel(true); // told after the other, so that its end shows that both were told
    assertThat(Probe.INTERRUPTED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client.run("count")).isEqualTo("0");
  }

  @Test
  void interruptingACallerCancelsItsCall() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    Thread caller =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    client.run("sleep", "20000");
                  } catch (RpcException e) {
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    thrown.complete(e);
                  }
                });
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    assertThat(thrown.get(20, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.CANCELLED));
    assertThat(Probe.INTERRUPTED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anExceptionOfTheServerReachesTheCallerWithItsStackAndTheServerLivesOn() {
    client.run("add");
    for (String what : List.of("throw", "assert", "deep")) {
      assertFails(Status.INTERNAL, () -> client.run(what), "call 'run' of server 'probe' failed");
    }
    assertThatThrownBy(() -> client.run("throw"))
        .hasMessage(
            "call 'run' of server 'probe' failed: java.lang.IllegalStateException: the kettle is empty")
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              var thrown = e.thrown().orElseThrow();
              assertThat(thrown.exceptionClass()).isEqualTo("java.lang.IllegalStateException");
              assertThat(thrown.message()).isEqualTo("the kettle is empty");
              assertThat(thrown.stack()).contains("at io.places.rpc.Probe.run(Probe.java:");
              assertThat(e.mayHaveRun()).isTrue();
            });
    assertThat(client.run("count")).isEqualTo("1");
  }

  @Test
  void whateverTheServersCodeThrowsItsClientAndItsServerGoOn() {
    client.run("add");
    for (String what :
        List.of(
            "a long chain",
            "a mute one",
            "a restless one",
            "a long message",
            "a full disk",
            "no service",
            "an error")) {
      assertFails(
          Status.INTERNAL,
          () -> client.within(SOON).run("fail", what),
          "call 'run' of server 'probe' failed");
      assertThat(client.within(SOON).run("count")).as("after %s", what).isEqualTo("1");
    }
    assertFails(
        Status.INTERNAL,
        () -> client.within(SOON).run("bad list"),
        "what it answered cannot travel");
    assertThat(client.within(SOON).run("count")).isEqualTo("1");
  }

  @Test
  void aVeryLongMessageOfAnExceptionIsCutAndSaysSo() {
    assertThatThrownBy(() -> client.run("fail", "a long message"))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.getMessage()).hasSizeLessThan(70_000);
              assertThat(e.thrown().orElseThrow().message())
                  .hasSizeLessThan(70_000)
                  .endsWith("(%d of %d characters are cut)".formatted((5 << 20) - 65_536, 5 << 20));
            });
  }

  @Test
  void aDeclaredErrorTravelsTypedAndAnotherOneAsInternal() {
    assertThatThrownBy(() -> client.run("too much", "tea"))
        .isInstanceOfSatisfying(
            RpcErrorException.class,
            e -> assertThat(e.error()).isEqualTo(new Probe.TooMuch("tea", 7)));
    assertFails(Status.INTERNAL, () -> client.run("undeclared", "x"), "Undeclared[what=x]");
    assertFails(Status.INTERNAL, () -> client.look("too much"), "TooMuch[what=too much, bound=7]");
  }

  @Test
  void aStatusThatTheServerGivesIsTheCallers() {
    assertFails(Status.NOT_FOUND, () -> client.run("not found", "x"), "no account 'x'");
    assertThatThrownBy(() -> new RpcException(Status.UNAVAILABLE, "I do not know"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatAnotherServerSaysOfItselfIsNotSaidOfThisOne() {
    assertFails(
        Status.INTERNAL, () -> client.run("call", "nobody"), "RpcException: no server 'nobody'");
  }

  @Test
  void aResultThatCannotTravelFailsTheCallAndNothingElse() {
    assertFails(Status.INTERNAL, () -> client.run("null"), "what it answered cannot travel", "null");
    assertThat(client.run("echo", "next")).isEqualTo("next");
  }

  @Test
  void anArgumentThatCannotTravelIsNotSent() {
    assertThatThrownBy(() -> client.run("echo", "half a character: \ud800"))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).isEqualTo(Status.INVALID_ARGUMENT);
              assertThat(e.mayHaveRun()).isFalse();
            })
        .hasCauseInstanceOf(MessageNotAllowedException.class);
    assertThat(client.run("echo", "next")).isEqualTo("next");
  }

  @Test
  void aCallThatComesBackToAServerThatWaitsForItIsRefusedAtOnce() {
    Place<?, ?> other = Probe.start(at(), "other");
    assertFails(
        Status.INTERNAL,
        () -> client.run("call back", "other"),
        "was called by a call that waits for it");
    assertFails(
        Status.INTERNAL, () -> client.run("call probe"), "was called by a call that waits for it");
    assertThat(client.run("call", "other")).isEqualTo("via probe");
    other.kill();
  }

  @Test
  void aCallThatTheServerCannotReadIsUnimplementedAndNothingElseIsLost() throws Exception {
    if (!remote) {
      return; // within a JVM calls are not read
    }
    CompletableFuture<String> first = client.runAsync("wait", "");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<String> second = client.runAsync("from the future", "");
    CompletableFuture<String> third = client.runAsync("echo", "third");
    Probe.unreadable = "from the future";
    Probe.GO_ON.release();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.UNIMPLEMENTED));
    assertThat(third.get(20, TimeUnit.SECONDS)).isEqualTo("third");
  }

  @Test
  void argumentsGoByReferenceWithinAJvm() {
    String argument = new String("a text of its own".toCharArray());
    client.run("echo", argument);
    if (remote) {
      assertThat(Probe.lastArgument).isEqualTo(argument).isNotSameAs(argument);
    } else {
      assertThat(Probe.lastArgument).isSameAs(argument);
    }
  }

  @Test
  void aCastRunsOnceAndNobodyHearsOfItsFailure() throws Exception {
    client.note("throw", "");
    client.note("say", "one");
    assertThat(Probe.NOTED.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client.run("notes")).isEqualTo("one");
  }

  @Test
  void aServerThatDoesNotExistIsNotFound() {
    assertFails(
        Status.NOT_FOUND,
        () -> Client.connect(at(), ClientOptions.standard().named("prope")),
        "no server 'prope'",
        "it has:",
        "probe");
  }

  @Test
  void aClosedClientMakesNoCalls() {
    client.close();
    assertThatThrownBy(() -> client.run("echo"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this client of server 'probe' was closed");
  }

  @Test
  void aServerThatExitsEndsWithItsCodeAndTheCallersAreTold() {
    assertFails(Status.UNKNOWN_OUTCOME, () -> client.run("exit", "3"));
    assertThat(place.join(SOON)).isEqualTo(3);
    assertThatThrownBy(() -> client.run("echo"))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).isEqualTo(Status.UNAVAILABLE);
              assertThat(e.mayHaveRun()).isFalse();
            });
  }

  @Test
  void whoWaitsWhenTheServerIsKilledIsToldAtOnce() throws Exception {
    CompletableFuture<String> call = client.runAsync("sleep", "20000");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    place.kill();
    assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RpcException.class);
  }

  @Test
  void aServerThatIsToldToEndFinishesItsCallAndRefusesThoseThatWait() throws Exception {
    if (remote) {
      return; // whether a call has come when the server ends depends on the wire
    }
    try (Client other = Client.connect(at())) {
      CompletableFuture<String> first = client.runAsync("wait", "");
      assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<String> behindIt = client.runAsync("add", "");
      CompletableFuture<String> beside = other.runAsync("add", "");
      place.interrupt(InterruptKind.TERMINATE);
      assertUnavailable(beside);
      assertThat(first).isNotDone();
      Probe.GO_ON.release();
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
      assertUnavailable(behindIt);
      assertThat(place.join(SOON)).isZero();
    }
  }

  @Test
  void aServerThatEndsRefusesAtOnceWhatComesWhileItsLastCallRuns() throws Exception {
    try (Client other = Client.connect(at())) {
      CompletableFuture<String> last = client.runAsync("wait", "");
      assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      place.interrupt(InterruptKind.TERMINATE);
      assertUnavailable(other.runAsync("add", ""));
      assertUnavailable(other.runAsync("add", ""));
      assertFails(Status.UNAVAILABLE, () -> Client.connect(at()).within(SOON).run("add"));
      assertThat(last).isNotDone();
      Probe.GO_ON.release();
      assertThat(last.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
      assertThat(place.join(SOON)).isZero();
    }
  }

  @Test
  void whenAServerIsKilledWhoseCallDoesNotEndNobodyWaitsForIt() throws Exception {
    try (Client other = Client.connect(at())) {
      CompletableFuture<String> endless = client.runAsync("busy", "");
      assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> place.kill(Duration.ofMillis(200)))
          .isInstanceOf(PlaceStillRunningException.class);
      assertThatThrownBy(() -> endless.get(20, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.UNKNOWN_OUTCOME));
      assertUnavailable(client.runAsync("add", ""));
      assertUnavailable(other.runAsync("add", ""));
      Probe.GO_ON.release();
    }
  }

  @Test
  void aCallThatAKillInterruptsHasAnUnknownOutcome() throws Exception {
    CompletableFuture<String> call = client.runAsync("sleep", "20000");
    assertThat(Probe.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    place.kill();
    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.UNKNOWN_OUTCOME));
  }

  private static void assertUnavailable(CompletableFuture<String> call) {
    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(Status.UNAVAILABLE));
  }
}
