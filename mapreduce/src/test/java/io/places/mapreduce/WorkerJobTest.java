package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.BeginJob;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.ToWorker;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker holds of a job. */
class WorkerJobTest {
  private final MemoryBudget budget = new MemoryBudget(100);
  private final TaskMemory memory = new TaskMemory(budget, 0, 0, Path.of("/no/such/folder"));
  private final WorkerJob job =
      new WorkerJob(BeginJob.getDefaultInstance(), ClassPath.CLASSES, memory, new KeptSplits());
  private final PlaceChannel.Pair<FromWorker, ToWorker> channel =
      PlaceChannel.pair(FromWorker.class, ToWorker.class);

  private MapOutput output(long bytes) {
    RunStore held = memory.newStore();
    assertThat(held.takeMemory(bytes)).isTrue();
    return new MapOutput(List.of(), Counters.NONE, held);
  }

  @Test
  void whatAnAttemptMakesThatWasStoppedReplacesNothing() {
    var stopped = new AttemptId(TaskKind.MAP, 0, 0);
    job.register(
        new WorkerTask(
            job.id(), stopped, channel.first(), Clock.system(), listener -> Counters.NONE));
    job.add(new AttemptId(TaskKind.MAP, 0, 1), output(60));
    job.stop(stopped);

    job.add(stopped, output(40));

    assertThat(budget.take(40)).as("the one that was stopped is dropped").isTrue();
    assertThat(budget.take(1)).as("the other one is not").isFalse();
  }

  @Test
  @Timeout(20)
  void theEndOfAJobGivesBackItsMapOutputThoughATaskCannotBeStopped() throws InterruptedException {
    job.add(new AttemptId(TaskKind.MAP, 0, 0), output(100));

    var started = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var stuck =
        new WorkerTask(
            job.id(),
            new AttemptId(TaskKind.MAP, 1, 0),
            channel.first(),
            Clock.system(),
            listener -> {
              started.countDown();
              awaitWhateverComes(released);
              return Counters.NONE;
            });
    job.register(stuck);
    Thread runs = Thread.startVirtualThread(() -> job.run(stuck));
    started.await();
    Thread ends = Thread.startVirtualThread(job::end);

    while (!budget.take(100)) { // or the time is over
      Thread.onSpinWait();
    }
    assertThat(ends.isAlive()).as("it waits for the task").isTrue();
    released.countDown();
    ends.join();
    runs.join();
    assertThat(channel.second().get().hasDone()).isTrue();
  }

  private static void awaitWhateverComes(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // As a class that ignores it.
      }
    }
  }
}
