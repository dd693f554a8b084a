package io.places.place;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.InterruptKind;
import io.places.Interrupts;
import io.places.LaunchException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.channel.ChannelEnd;
import io.places.channel.Timeouts;
import io.places.trace.Trace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs in this JVM, in a thread of its own.
 *
 * <p>The order of its end: the body, its exit actions (unless it was killed), its children, the news.
 */
public final class RunningPlace implements PlaceControl {
  private final CurrentPlace self;
  private final ResolvedBody body;
  private final ChannelEnd<?, ?> end;
  private final Supplier<List<?>> arguments;
  private final Consumer<PlaceEnd> ended;
  private final @Nullable ThreadGroup threads;
  private final long since;
  private volatile @Nullable Thread main; // set under the lock
  private @Nullable InterruptKind early; // guarded by this: the strongest of what came before its thread was known
  private volatile boolean killed;
  private volatile boolean over;

  /** Its node ends. */
  private volatile boolean nodeEnds;

  private RunningPlace(
      CurrentPlace self,
      ResolvedBody body,
      ChannelEnd<?, ?> end,
      Supplier<List<?>> arguments,
      Consumer<PlaceEnd> ended,
      @Nullable ThreadGroup threads,
      long since) {
    this.self = self;
    this.body = body;
    this.end = end;
    this.arguments = arguments;
    this.ended = ended;
    this.threads = threads;
    this.since = since;
  }

  /**
   * A place that is about to start.
   *
   * @param now by the clock's nanoseconds
   * @param isolation VIRTUAL for a virtual thread; all others run in a platform thread
   * @param end the body's end of the channel
   * @param arguments waits for the arguments, in the place's own thread
   * @param ended told once, in the place's thread, when all its code has run
   */
  public static RunningPlace of(
      long now,
      Isolation isolation,
      CurrentPlace self,
      ResolvedBody body,
      ChannelEnd<?, ?> end,
      Supplier<List<?>> arguments,
      Consumer<PlaceEnd> ended) {
    end.belongsToAPlace();
    ThreadGroup group =
        isolation == Isolation.VIRTUAL
            ? null
            : new ThreadGroup(Spawner.outermost(), "place-" + self.place()); // a child is told in its turn
    return new RunningPlace(self, body, end, arguments, ended, group, now);
  }

  /**
   * Starts the body, once. A place that was killed or interrupted before runs, and is so at once.
   *
   * @throws LaunchException if the system gives this process no further thread; {@code ended} was told then, too
   */
  public void start(Spawner spawner) {
    Thread thread = null;
    try {
      thread =
          threads == null
              ? spawner.virtual(self.place(), this::run) // of a hundred thousand: no string of its own
              : spawner.platform(threads, threads.getName(), this::run);
    } catch (OutOfMemoryError e) { // so the JDK says that there is no thread
      throw withoutThread(e);
    } finally {
      begun(thread);
    }
    if (killed) {
      kill(); // it was killed before its thread was known
    }
  }

  private void begun(@Nullable Thread thread) {
    InterruptKind kind;
    synchronized (this) {
      main = thread;
      kind = early;
      notifyAll();
    }
    if (kind != null) {
      interrupt(kind);
    }
  }

  /** Ends it before it has begun, so that nobody waits for it, and its name is free. */
  private LaunchException withoutThread(OutOfMemoryError cause) {
    var why =
        new LaunchException(
            "%s cannot start: the system gives this process no thread (%s); end other places first, raise the limit (ulimit -u, the pids of its cgroup), or start it as VIRTUAL"
                .formatted(self, cause.getMessage()),
            cause);
    over = true;
    leave(exception(why, stackOf(why)));
    return why;
  }

  /** Closes the channel and interrupts the threads; what they make of it is theirs. */
  @Override
  public void kill() {
    killed = true;
    end.close(new ChannelClosedException(self + " was killed"));
    Thread thread = main;
    if (over) {
      return; // what is left of it is ended by itself
    }
    closeEnds(PlaceEnd.killed());
    if (thread != null) {
      Interrupts.interrupt(thread, InterruptKind.TERMINATE);
    }
    ownThreads().forEach(Thread::interrupt);
  }

  /** Closes the ends that it was sent, or has made and sent the other of. */
  private void closeEnds(PlaceEnd how) {
    self.closeEnds(
        closedBecause(self.place(), self.location().name(), how).get(), how.isOrderly());
  }

  /** When it was started, by the clock's nanoseconds. */
  public long since() {
    return since;
  }

  /** The class and method of its body. */
  public String body() {
    return body.toString();
  }

  /** Its end of the channel. */
  public ChannelEnd<?, ?> end() {
    return end;
  }

  /** What separates it from others in this JVM. */
  public Isolation isolation() {
    if (threads == null) {
      return Isolation.VIRTUAL;
    }
    return body.classLoader() == null ? Isolation.THREAD : Isolation.CLASS_LOADER;
  }

  /** Waits until its thread has started and ended, or the limit is over, or this thread is interrupted. */
  public void awaitEnd(Duration most) {
    if (!most.isPositive()) {
      return;
    }
    Duration limit = Duration.ofNanos(Timeouts.nanos(most));
    try {
      Thread thread = started(limit);
      if (thread != null) {
        thread.join(limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Between its being listed and its thread lie some microseconds. */
  private synchronized @Nullable Thread started(Duration limit) throws InterruptedException {
    long start = Clock.system().nanoTime();
    Duration left = limit;
    while (main == null && !over && left.isPositive()) {
      wait(left.toMillis() + 1);
      left = limit.minusNanos(Clock.system().nanoTime() - start);
    }
    return main;
  }

  @Override
  public void interrupt(InterruptKind kind) {
    Thread thread = mainOrLater(kind);
    if (thread != null && !over) {
      Interrupts.interrupt(thread, kind);
    }
  }

  /** Tells it to end, since its node does. That it was interrupted is then no failure for people to read of. */
  public void terminate() {
    nodeEnds = true;
    interrupt(InterruptKind.TERMINATE);
  }

  /** Its thread. If there is none yet, that will be interrupted when there is. */
  private synchronized @Nullable Thread mainOrLater(InterruptKind kind) {
    if (main == null && (early == null || early.compareTo(kind) < 0)) {
      early = kind;
    }
    return main;
  }

  /** Why the channel of an ended place is closed, for those who still use it. */
  public static Supplier<PlacesException> closedBecause(
      String place, String node, PlaceEnd end) {
    return () -> {
      String message = "place %s on node %s %s".formatted(place, node, end.clause());
      return end.isOrderly()
          ? ChannelClosedException.inOrder(message)
          : new ChannelClosedException(message, end.failure());
    };
  }

  private void run() {
    self.enter();
    Trace.placeStarted(self.location().name(), self.place(), body);
    if (body.classLoader() != null) {
      Thread.currentThread().setContextClassLoader(body.classLoader());
    }
    PlaceEnd how = runBody(() -> body.run(end, arguments.get()));
    if (!killed) {
      PlaceEnd after = runBody(self::runExitActions);
      how = after.exitCode() == 0 || how.failure() != null ? how : after;
    }
    boolean wasKilled = killed;
    over = true;
    Thread.interrupted(); // the clean-up below is the runtime's
    Interrupts.forget(Thread.currentThread());
    PlaceEnd told = wasKilled ? PlaceEnd.killed() : how;
    try {
      self.endChildren();
      endThreads(wasKilled);
    } finally {
      leave(told); // whatever happens: somebody may wait for it
    }
  }

  private void leave(PlaceEnd told) {
    try {
      closeEnds(told);
      self.streams().flush();
    } finally {
      self.over();
      Trace.placeEnded(
          self.location().name(), self.place(), told.reason(), told.exitCode());
      ended.accept(told);
    }
  }

  /** Threads that the body has left behind: told to stop; a killed place has ended when they have. */
  private void endThreads(boolean andWait) {
    List<Thread> left = ownThreads();
    left.remove(Thread.currentThread());
    left.forEach(Thread::interrupt);
    if (andWait) {
      left = ownThreads(); // one of them may have started another meanwhile
      left.remove(Thread.currentThread());
      left.forEach(RunningPlace::joinForSure);
    }
  }

  /** The threads of its group that are not the JVM's. */
  private List<Thread> ownThreads() {
    List<Thread> own = new ArrayList<>();
    if (threads != null) {
      Thread[] all = new Thread[threads.activeCount() + 1];
      int count = threads.enumerate(all);
      own.addAll(Arrays.asList(all).subList(0, count));
      own.removeIf(JvmThreads::isOne);
    }
    return own;
  }

  @SuppressWarnings("ThreadJoinLoop") // it is one
  private static void joinForSure(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        // Whoever kills again must wait, too.
      }
    }
  }

  private interface Code {
    void run() throws Throwable;
  }

  private PlaceEnd runBody(Code code) {
    try {
      code.run();
      return PlaceEnd.exit(0);
    } catch (PlaceExit exit) {
      return PlaceEnd.exit(exit.code());
    } catch (ChannelClosedException closed) {
      return closed.isOrderly() && end.isEndedInOrder()
          ? PlaceEnd.exit(0) // its creator has no more work for it
          : failed(closed);
    } catch (Throwable failure) {
      return failed(failure);
    }
  }

  private PlaceEnd failed(Throwable failure) {
    boolean creatorIsGone =
        end.isEnded()
            && (failure instanceof ChannelClosedException || failure instanceof NodeLostException);
    String stack = told(failure, () -> stackOf(failure));
    boolean asked =
        nodeEnds
            && (failure instanceof PlaceInterruptedException || failure instanceof InterruptedException);
    if (!killed && !creatorIsGone && !asked) {
      System.err.print(stack);
    }
    return exception(failure, stack);
  }

  private PlaceEnd exception(Throwable failure, String stack) {
    return PlaceEnd.exception(
        new PlaceFailedException(
            self.location().name(),
            self.place(),
            failure.getClass().getName(),
            told(failure, () -> Objects.requireNonNullElse(failure.getMessage(), "")),
            stack));
  }

  private static String stackOf(Throwable failure) {
    var stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack));
    return stack.toString();
  }

  /** What an exception tells of itself, in code of the user's, which may fail too. */
  private static String told(Throwable failure, Supplier<String> itself) {
    try {
      return itself.get();
    } catch (Throwable e) {
      return "%s, which cannot tell about itself: that throws %s%n"
          .formatted(failure.getClass().getName(), e.getClass().getName());
    }
  }
}
