package io.places.mapreduce;

import io.places.Clock;
import io.places.FailureText;
import io.places.MessageNotAllowedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.TaskDone;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.TaskProgress;
import io.places.mapreduce.proto.ToWorker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task, in a thread of its own: reports to the controller what it reads, and how it
 * ends, which it does in any case.
 */
final class WorkerTask implements TaskListener, Runnable {
  /** Often enough for a progress bar, too rare to cost. */
  private static final Duration REPORT_PERIOD = Duration.ofMillis(100);

  /** The last words are waited for by nobody but the controller, which may read nothing for a while. */
  private static final Duration PATIENCE = Duration.ofDays(365);

  /** What somebody can read at a glance. */
  private static final int MOST_STATUS = 200;

  /** What it takes to describe a failure and to send that; with its header no more than half a region of the heap. */
  private static final int RESERVE = (1 << 20) - 64;

  private final long job;
  private final AttemptId id;
  private final PlaceChannel<FromWorker, ToWorker> controller;
  private final Clock clock;
  private final Work work;
  private final CountDownLatch over = new CountDownLatch(1);
  private long reported;

  /** Memory that is left for the last words when a class of the job has taken all other. */
  @SuppressWarnings("UnusedVariable") // that it is there is what it is for
  private byte @Nullable [] reserve;

  /** What is to be told with the next report; empty if nothing new. */
  private String status = "";

  private String lastStatus = "";

  /** Since the last report. */
  private long bytes;

  private long records;
  private long allBytes;
  private long allRecords;

  /** While it may be interrupted. Guarded by this. */
  private @Nullable Thread thread;

  /** Guarded by this. */
  private boolean stopped;

  /** What is to be done. */
  interface Work {
    Counters run(TaskListener listener);
  }

  WorkerTask(
      long job,
      AttemptId id,
      PlaceChannel<FromWorker, ToWorker> controller,
      Clock clock,
      Work work) {
    this.job = job;
    this.id = id;
    this.controller = controller;
    this.clock = clock;
    this.work = work;
    this.reported = clock.nanoTime();
  }

  AttemptId id() {
    return id;
  }

  @Override
  public void run() {
    try {
      tell(lastWords());
    } catch (PlacesException e) {
      // The controller is gone, and takes this node with it.
    } catch (Throwable e) { // there is no memory even to say so: then it must be heard that this worker is lost
      controller.close();
      throw e;
    } finally {
      over.countDown();
    }
  }

  private FromWorker lastWords() {
    try {
      begin();
      reserve = new byte[RESERVE];
      return done(work.run(this));
    } catch (OutOfMemoryError e) {
      return outOfMemory(e);
    } catch (RuntimeException | Error e) {
      return describable(e);
    } finally {
      end();
    }
  }

  private FromWorker describable(Throwable cause) {
    try {
      return failed(isStopped() ? cause : UserCode.explained(cause));
    } catch (OutOfMemoryError e) {
      return outOfMemory(e);
    }
  }

  private FromWorker outOfMemory(OutOfMemoryError cause) {
    reserve = null; // classes of the job may keep what they have taken
    return failed(
        new TaskFailedException(memoryRanOut(cause), cause));
  }

  /** With what to do. */
  static String memoryRanOut(OutOfMemoryError cause) {
    return "memory ran out, where the heap may have %d MiB: %s; give each worker more by its launcher's jvmOption(\"-Xmx...\"), or fewer tasks at a time by WorkerOptions"
        .formatted(Runtime.getRuntime().maxMemory() >> 20, cause);
  }

  private void tell(FromWorker lastWords) {
    try {
      controller.put(lastWords, PATIENCE);
    } catch (MessageNotAllowedException e) { // it has counted under so many names that no message holds them
      controller.put(failed(e), PATIENCE);
    }
  }

  /** Has it end soon; it may not have begun yet, or be over. */
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Waits until it is over. */
  void awaitEnd() throws InterruptedException {
    over.await();
  }

  @Override
  public void read(long moreBytes, long moreRecords) {
    bytes += moreBytes;
    records += moreRecords;
    allBytes += moreBytes;
    allRecords += moreRecords;
    reportIfDue();
  }

  @Override
  public void status(String text) {
    String line = begin(text, MOST_STATUS);
    boolean first = lastStatus.isEmpty();
    if (!line.equals(lastStatus)) {
      lastStatus = line;
      status = line;
    }
    if (first) { // nothing else may be reported for long
      report(clock.nanoTime());
    } else {
      reportIfDue();
    }
  }

  private void reportIfDue() {
    long now = clock.nanoTime();
    if (now - reported >= REPORT_PERIOD.toNanos()) {
      report(now);
    }
  }

  /** If the controller reads nothing now, it is told with the next report: the task goes on. */
  private void report(long now) {
    reported = now;
    boolean told =
        controller.offer(
            FromWorker.newBuilder()
                .setProgress(
                    TaskProgress.newBuilder()
                        .setJob(job)
                        .setKind(id.kind())
                        .setTask(id.task())
                        .setAttempt(id.attempt())
                        .setBytes(bytes)
                        .setRecords(records)
                        .setStatus(status))
                .build());
    if (told) {
      bytes = 0;
      records = 0;
      status = "";
    }
  }

  private synchronized void begin() {
    if (stopped) {
      throw new PlacesException(id + " was stopped before it began");
    }
    thread = Thread.currentThread();
  }

  /** Whether it was told to stop, which it may ignore. */
  synchronized boolean isStopped() {
    return stopped;
  }

  /** Nobody interrupts it any more, and whoever has, a class of the job too: its last words must get out. */
  private synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  private FromWorker done(Counters counters) {
    return FromWorker.newBuilder()
        .setDone(
            TaskDone.newBuilder()
                .setJob(job)
                .setKind(id.kind())
                .setTask(id.task())
                .setAttempt(id.attempt())
                .setCounters(counters.toMessage())
                .setBytes(allBytes)
                .setRecords(allRecords))
        .build();
  }

  private FromWorker failed(Throwable cause) {
    int unreachable = cause instanceof FetchFailedException fetch ? fetch.worker() : 0;
    return FromWorker.newBuilder()
        .setFailed(
            describe(cause)
                .setJob(job)
                .setKind(id.kind())
                .setTask(id.task())
                .setAttempt(id.attempt())
                .setUnreachable(unreachable))
        .build();
  }

  static TaskFailed.Builder describe(Throwable cause) {
    FailureText text = FailureText.of(cause);
    return TaskFailed.newBuilder()
        .setExceptionClass(text.className())
        .setMessage(text.message().isEmpty() ? text.toString() : text.message())
        .setStack(text.stack());
  }

  private static String begin(String text, int most) {
    return text.length() > most ? text.substring(0, most) + "..." : text;
  }
}
