package io.places.ndp;

import io.places.Spawner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Work stealing after Blumofe and Leiserson, "Scheduling multithreaded computations by work stealing" (J. ACM
 * 46(5), 1999). Each thread has a deque. It puts new tasks at one end and takes them from there, so that it works
 * depth first, on what its cache still holds. A thread that has nothing takes from the other end of somebody
 * else's: the oldest task, which in divide and conquer is the largest. What comes from outside goes into a deque
 * that is nobody's.
 *
 * A deque is guarded by its own lock. Tasks are to take microseconds at least, beside which that is little; and
 * thieves that choose, as those for other processes do, can then look through a deque.
 *
 * A thread that finds nothing sleeps. `sleepers` is raised before the last look, and read after a task was put:
 * one of the two sees the other, so no task is left lying.
 */
/** Threads that share their work. Safe for use by many threads. */
final class Pool implements AutoCloseable {
  /** What the threads run. Must not throw. */
  interface Task {
    void run();

    /** Whom it belongs to: see {@link Pool#interrupt}. */
    Object owner();
  }

  private static final class Deque {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();

    void push(Task task) {
      lock.lock();
      try {
        tasks.addLast(task);
      } finally {
        lock.unlock();
      }
    }

    @Nullable Task pop() {
      lock.lock();
      try {
        return tasks.pollLast();
      } finally {
        lock.unlock();
      }
    }

    @Nullable Task steal() {
      lock.lock();
      try {
        return tasks.pollFirst();
      } finally {
        lock.unlock();
      }
    }

    @Nullable Task steal(Predicate<Task> wanted) {
      lock.lock();
      try {
        for (var each = tasks.iterator(); each.hasNext(); ) {
          Task task = each.next();
          if (wanted.test(task)) {
            each.remove();
            return task;
          }
        }
        return null;
      } finally {
        lock.unlock();
      }
    }
  }

  private final class Worker {
    private final Deque deque = new Deque();
    private final ReentrantLock running = new ReentrantLock(); // guards what follows
    private @Nullable Object owner; // of what it runs
    private @Nullable Thread thread;
    private volatile boolean looks = true; // for a task; written by its thread

    void work() {
      CURRENT.set(this);
      running.lock();
      try {
        thread = Thread.currentThread();
      } finally {
        running.unlock();
      }
      while (true) {
        Task task = next(this, () -> false);
        if (task == null) {
          return; // the pool is closed
        }
        run(task);
      }
    }

    void run(Task task) {
      Object outer = begin(task.owner());
      try {
        task.run();
      } catch (Throwable e) { // a fault of this module, or no memory: the thread goes on, and nobody waits for the task
        if (task.owner() instanceof Running<?> running) {
          running.broken(e);
        }
      } finally {
        begin(outer);
      }
    }

    /** Says what the thread does from now on. An interrupt was meant for what it did before. */
    private @Nullable Object begin(@Nullable Object now) {
      running.lock();
      try {
        Object before = owner;
        owner = now;
        Thread.interrupted();
        return before;
      } finally {
        running.unlock();
      }
    }

    void interrupt(Object whose) {
      running.lock();
      try {
        if (thread != null && whose.equals(owner)) {
          thread.interrupt();
        }
      } finally {
        running.unlock();
      }
    }

    @Nullable Object owner() {
      running.lock();
      try {
        return owner;
      } finally {
        running.unlock();
      }
    }

    Pool pool() {
      return Pool.this;
    }
  }

  private static final ThreadLocal<@Nullable Worker> CURRENT = new ThreadLocal<>();

  private final List<Worker> workers = new ArrayList<>();
  private final Deque fromOutside = new Deque();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final AtomicInteger sleepers = new AtomicInteger();
  private volatile boolean closed;

  Pool(int threads, Spawner spawner) {
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker());
    }
    for (int i = 0; i < threads; i++) {
      Worker worker = workers.get(i);
      spawner.platform("ndp-" + (i + 1), worker::work);
    }
  }

  int threads() {
    return workers.size();
  }

  /** The pool whose thread calls this; null if none. */
  static @Nullable Pool current() {
    Worker worker = CURRENT.get();
    return worker == null ? null : worker.pool();
  }

  /** Whose task the calling thread runs; null if it is none of a pool. */
  static @Nullable Object currentOwner() {
    Worker worker = CURRENT.get();
    return worker == null ? null : worker.owner();
  }

  /** Has a task run, by the calling thread if it is one of the pool and nobody steals it. */
  void push(Task task) {
    Worker worker = CURRENT.get();
    (worker != null && worker.pool() == this ? worker.deque : fromOutside).push(task);
    wake();
  }

  /** Wakes whoever waits, to look again. */
  void wake() {
    if (sleepers.get() > 0) {
      lock.lock();
      try {
        news.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Runs tasks of the pool until something has come about. To be called by a thread of the pool. */
  void helpUntil(BooleanSupplier done) {
    Worker worker = CURRENT.get();
    if (worker == null || worker.pool() != this) {
      throw new IllegalStateException("only a thread of the pool can help it");
    }
    while (!done.getAsBoolean()) {
      Task task = next(worker, done);
      if (task != null) {
        worker.run(task);
      } else if (closed && !done.getAsBoolean()) {
        throw new IllegalStateException("the pool was closed");
      }
    }
  }

  /** Takes a task of a kind, the oldest of a thread first; null if there is none. For those who have it done elsewhere. */
  @Nullable Task steal(Predicate<Task> wanted) {
    Task task = fromOutside.steal(wanted);
    for (int i = 0; task == null && i < workers.size(); i++) {
      task = workers.get(i).deque.steal(wanted);
    }
    return task;
  }

  /** Interrupts the threads that run tasks of an owner. */
  void interrupt(Object owner) {
    workers.forEach(worker -> worker.interrupt(owner));
  }

  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether each thread has something to do, and none looks for it or is about to. */
  boolean isBusy() {
    for (Worker worker : workers) {
      if (worker.looks || (worker.owner() instanceof Running<?> last && last.hasSucceeded())) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Task next(Worker worker, BooleanSupplier enough) {
    Deque own = worker.deque;
    Task task = own.pop();
    if (task == null) {
      worker.looks = true;
      task = sleepUntil(() -> steal(own), enough);
    }
    if (worker.looks && (task != null || enough.getAsBoolean())) {
      worker.looks = false;
    }
    return task;
  }

  private @Nullable Task steal(Deque own) {
    Task task = fromOutside.steal();
    int start = workers.size() == 1 ? 0 : (int) (Thread.currentThread().threadId() % workers.size());
    for (int i = 0; task == null && i < workers.size(); i++) {
      Deque other = workers.get((start + i) % workers.size()).deque;
      task = other == own ? own.pop() : other.steal();
    }
    return task;
  }

  private interface Search {
    @Nullable Task find();
  }

  private @Nullable Task sleepUntil(Search search, BooleanSupplier enough) {
    Task task = search.find();
    while (task == null && !closed && !enough.getAsBoolean()) {
      lock.lock();
      try {
        sleepers.incrementAndGet();
        task = search.find();
        if (task == null && !closed && !enough.getAsBoolean()) {
          news.awaitUninterruptibly();
        }
        sleepers.decrementAndGet();
      } finally {
        lock.unlock();
      }
      if (task == null) {
        task = search.find();
      }
    }
    return task;
  }
}
