package io.places.rpc;

import io.places.channel.PlaceChannel;
import io.places.message.Field;
import io.places.node.Node;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server that does what tests need. What is static is seen by tests in the same JVM. */
final class Probe {
  static final Semaphore BEGUN = new Semaphore(0);
  static final Semaphore GO_ON = new Semaphore(0);
  static final Semaphore INTERRUPTED = new Semaphore(0);
  static final Semaphore NOTED = new Semaphore(0);
  static final CyclicBarrier TOGETHER = new CyclicBarrier(2);
  static final AtomicInteger LIVES = new AtomicInteger();
  static volatile @Nullable Object lastArgument;
  static volatile @Nullable Duration nestedTime;
  static volatile String unreadable = "";

  /** Calls; what they do is in their first argument. */
  sealed interface Call extends RpcCall {}

  @Field(1)
  record Run(@Field(1) String what, @Field(2) String text) implements Call {
    Run {
      if (what.equals(unreadable)) {
        throw new IllegalArgumentException("a call of the future");
      }
    }

    @Override
    public String method() {
      return "run";
    }

    @Override
    public boolean declares(RpcError error) {
      return error instanceof TooMuch;
    }
  }

  @Field(2)
  record Look(@Field(1) String what, @Field(2) String text) implements Call {
    @Override
    public String method() {
      return "look";
    }

    @Override
    public boolean isConcurrent() {
      return true;
    }
  }

  @Field(3)
  record Note(@Field(1) String what, @Field(2) String text) implements Call {
    @Override
    public String method() {
      return "note";
    }
  }

  record Request(@Field(1) CallHeader header, @Field(2) Optional<Call> call)
      implements RpcRequest<Call> {}

  sealed interface Reply extends RpcReply {}

  @Field(1)
  record Failed(@Field(1) RpcFailure failure) implements Reply, RpcReply.Failed {}

  @Field(2)
  record Said(@Field(1) @Nullable String text) implements Reply {}

  @Field(3)
  record TooMuchError(@Field(1) TooMuch error) implements Reply, RpcReply.Declared {}

  @Field(4)
  record Listed(@Field(1) List<String> texts) implements Reply {}

  record TooMuch(String what, long bound) implements RpcError {}

  record Undeclared(String what) implements RpcError {}

  static final RpcProtocol<Call, Request, Reply> PROTOCOL =
      new RpcProtocol<>(
          "probe",
          Request.class,
          Reply.class,
          Request::new,
          Failed::new,
          error ->
              error instanceof TooMuch declared
                  ? Optional.of(new TooMuchError(declared))
                  : Optional.empty());

  /** A client. */
  record Client(RpcClient<Call, Request, Reply> rpc) implements AutoCloseable {
    static Client connect(PlaceLocation at) {
      return connect(at, ClientOptions.standard());
    }

    static Client connect(PlaceLocation at, ClientOptions options) {
      return connect(() -> at, options);
    }

    static Client connect(Supplier<? extends PlaceLocation> at, ClientOptions options) {
      return new Client(RpcClient.connect(PROTOCOL, at, options));
    }

    Client within(Duration deadline) {
      return new Client(rpc.withDeadline(deadline));
    }

    String run(String what, String text) {
      return said(rpc.call(new Run(what, text)));
    }

    String run(String what) {
      return run(what, "");
    }

    CompletableFuture<String> runAsync(String what, String text) {
      return rpc.callAsync(new Run(what, text), Client::said);
    }

    String look(String what) {
      return said(rpc.call(new Look(what, "")));
    }

    CompletableFuture<String> lookAsync(String what) {
      return rpc.callAsync(new Look(what, ""), Client::said);
    }

    void note(String what, String text) {
      rpc.cast(new Note(what, text));
    }

    private static String said(Reply reply) {
      if (reply instanceof Said(String text) && text != null) {
        return text;
      }
      throw RpcClient.unexpected(reply);
    }

    @Override
    public void close() {
      rpc.close();
    }
  }

  private long count;
  private boolean alone = true;
  private final StringBuilder notes = new StringBuilder();
  private final AtomicInteger sleepsBegun = new AtomicInteger();
  private final AtomicInteger sleepsInterrupted = new AtomicInteger();
  private final AtomicInteger sleepers = new AtomicInteger();

  private Probe() {
    LIVES.incrementAndGet();
  }

  static Place<?, ?> start(PlaceLocation at) {
    return start(at, "probe");
  }

  static Place<?, ?> start(PlaceLocation at, String name) {
    return at.place(Spawn.named(name), Probe::body);
  }

  static void body(PlaceChannel<Void, PlaceChannel<Reply, Request>> clients) throws Exception {
    RpcService.serve(clients, PROTOCOL, Probe::new, Probe::dispatch, List.of());
  }

  /** As {@link #body}, with interceptors. */
  static void watched(PlaceChannel<Void, PlaceChannel<Reply, Request>> clients) throws Exception {
    RpcService.serve(
        clients, PROTOCOL, Probe::new, Probe::dispatch, List.of(InterceptorTest.AT_SERVER));
  }

  /** As {@link #body}, of a server that cannot be closed. */
  static void jammed(PlaceChannel<Void, PlaceChannel<Reply, Request>> clients) throws Exception {
    record Jammed(Probe probe) implements AutoCloseable {
      @Override
      public void close() {
        throw new IllegalStateException("the door is jammed");
      }
    }
    RpcService.serve(
        clients,
        PROTOCOL,
        () -> new Jammed(new Probe()),
        (server, call) -> dispatch(server.probe(), call),
        List.of());
  }

  private static @Nullable Reply dispatch(Probe server, Call call) throws Exception {
    return switch (call) {
      case Run(var what, var text) when what.equals("bad list") -> new Listed(new BadList());
      case Run(var what, var text) -> new Said(server.run(what, text));
      case Look(var what, var text) -> new Said(server.look(what));
      case Note(var what, var text) -> {
        server.note(what, text);
        yield null;
      }
    };
  }

  private @Nullable String run(String what, String text) throws Exception {
    lastArgument = text;
    return switch (what) {
      case "echo" -> text;
      case "add" -> add();
      case "count" -> Long.toString(count);
      case "sleep" -> sleep(text);
      case "sleepers" -> sleepers();
      case "busy" -> busy();
      case "wait" -> waits();
      case "throw" -> throw new IllegalStateException("the kettle is empty");
      case "assert" -> throw new AssertionError("this cannot be");
      case "fail" -> throw Failures.named(text);
      case "deep" -> Integer.toString(deep(1));
      case "exit" -> exit(text);
      case "too much" -> throw new TooMuch(text, 7).exception();
      case "undeclared" -> throw new Undeclared(text).exception();
      case "not found" -> throw new RpcException(Status.NOT_FOUND, "no account '%s'".formatted(text));
      case "null" -> null;
      case "metadata" -> CallContext.current().metadata().toString();
      case "call" -> call(text, "echo");
      case "call back" -> call(text, "call probe");
      case "call probe" -> call("probe", "echo");
      case "call sleeper" -> callSleeper(text);
      case "notes" -> notes.toString();
      case "undisturbed" -> undisturbed();
      default -> throw new IllegalArgumentException(what);
    };
  }

  /** Fails when it is copied. */
  private static final class BadList extends AbstractList<String> {
    @Override
    public String get(int index) {
      throw new AssertionError("no such text");
    }

    @Override
    public int size() {
      return 3;
    }
  }

  private String add() {
    long before = count;
    LockSupport.parkNanos(1); // whoever runs beside this one would be seen
    count = before + 1;
    return Long.toString(count);
  }

  private String sleep(String millis) throws InterruptedException {
    sleepsBegun.incrementAndGet();
    sleepers.incrementAndGet();
    BEGUN.release();
    try {
      new CountDownLatch(1).await(Long.parseLong(millis), TimeUnit.MILLISECONDS);
      return "slept";
    } catch (InterruptedException e) {
      if (CallContext.current().isCancelled()) {
        sleepsInterrupted.incrementAndGet();
        INTERRUPTED.release();
      }
      throw e;
    } finally {
      sleepers.decrementAndGet();
    }
  }

  private String sleepers() {
    return "%d begun, %d interrupted, %d sleep"
        .formatted(sleepsBegun.get(), sleepsInterrupted.get(), sleepers.get());
  }

  /** Takes no notice of interrupts. */
  private static String busy() {
    BEGUN.release();
    GO_ON.acquireUninterruptibly();
    return "done";
  }

  private static String waits() throws InterruptedException {
    BEGUN.release();
    return GO_ON.tryAcquire(30, TimeUnit.SECONDS) ? "went on" : "waited in vain";
  }

  /** Whether nothing interrupts it, which is meant for another call. */
  private static String undisturbed() {
    try {
      new CountDownLatch(1).await(100, TimeUnit.MICROSECONDS);
      return "undisturbed";
    } catch (InterruptedException e) {
      return "disturbed";
    }
  }

  private static int deep(int level) {
    return level < 0 ? level : deep(level + 1) + 1; // the stack ends before the numbers do
  }

  @SuppressWarnings("DoNotCall") // it does end the place
  private static String exit(String code) {
    Place.exit(Integer.parseInt(code));
    return "still here";
  }

  private static String call(String server, String what) {
    try (Client other =
        Client.connect(Node.current(), ClientOptions.standard().named(server))) {
      return other.run(what, "via " + CallContext.current().server());
    }
  }

  private static String callSleeper(String name) {
    nestedTime = CallContext.current().remaining().orElse(null);
    try (Client other = Client.connect(Node.current(), ClientOptions.standard().named(name))) {
      return other.run("sleep", "10000");
    }
  }

  private String look(String what) throws Exception {
    return switch (what) {
      case "together" -> {
        TOGETHER.await(20, TimeUnit.SECONDS);
        yield "met";
      }
      case "count" -> {
        alone &= count >= 0;
        yield Long.toString(count);
      }
      case "sleep" -> sleep("10000");
      case "wait" -> waits();
      case "too much" -> throw new TooMuch(what, 7).exception();
      default -> throw new IllegalArgumentException(what);
    };
  }

  private void note(String what, String text) {
    if (what.equals("throw")) {
      throw new IllegalStateException("nobody hears this");
    }
    notes.append(text);
    NOTED.release();
  }
}
