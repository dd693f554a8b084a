package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.mapreduce.proto.TaskKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which worker gets which task. */
class TaskListTest {
  private final Member home = member(1);
  private final Member idle = member(2);
  private final List<Member> working = List.of(home, idle);
  private final TaskList tasks = new TaskList(TaskKind.MAP, 4);

  @SuppressWarnings("NullAway") // a list of tasks says nothing to its workers
  private static Member member(int number) {
    return new Member(null, number);
  }

  private static long after(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  private void start(Member worker, long now) {
    tasks.take(worker, working, now).orElseThrow().start(worker, now);
  }

  @Test
  void aTaskWhoseRecordsAWorkerKeepsWaitsForItWhileThatGetsOn() {
    tasks.all().forEach(task -> task.prefer(home));
    start(home, 0);

    assertThat(tasks.take(idle, working, after(1))).isEmpty();
    assertThat(tasks.take(idle, working, after(1.1))).contains(tasks.get(1));
  }

  @Test
  void howLongAWorkerMayBeAtATaskIsToldByThoseThatAreDone() {
    tasks.all().forEach(task -> task.prefer(home));
    for (int done = 0; done < 2; done++) {
      long now = after(10 * done);
      Attempt attempt = tasks.take(home, working, now).orElseThrow().start(home, now);
      attempt.task().end(attempt);
      tasks.win(attempt, Counters.NONE, now + after(10));
    }
    start(home, after(20));

    assertThat(tasks.take(idle, working, after(40))).isEmpty();
    assertThat(tasks.take(idle, working, after(40.1))).contains(tasks.get(3));
  }
}
