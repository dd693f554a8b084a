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
  private TaskList tasks = new TaskList(TaskKind.MAP, 4);

  @SuppressWarnings("NullAway") // a list of tasks says nothing to its workers
  private static Member member(int number) {
    return new Member(null, number, 2);
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

  private Attempt takeNext(Member worker, long now) {
    return tasks.take(worker, working, now).orElseThrow().start(worker, now);
  }

  private void fail(Attempt attempt) {
    attempt.task().end(attempt);
    attempt.task().countFailure(attempt.worker());
    tasks.again(attempt.task());
  }

  @Test
  void aTaskThatFailedOnAWorkerGoesThereAgainIfAllOthersAreHeldUp() {
    tasks = new TaskList(TaskKind.MAP, 5);
    Attempt quick = takeNext(idle, 0);
    quick.task().end(quick);
    tasks.win(quick, Counters.NONE, after(0.5));
    takeNext(home, 0);
    Attempt last = takeNext(home, after(3));
    Attempt bad = takeNext(idle, after(3));
    fail(bad);

    assertThat(tasks.take(idle, working, after(4))).as("it may soon run elsewhere").contains(tasks.get(4));
    assertThat(tasks.take(idle, working, after(4))).isEmpty();
    assertThat(tasks.take(idle, working, after(4.1))).contains(bad.task());

    fail(bad.task().start(idle, after(4.1)));
    last.task().end(last);
    assertThat(tasks.take(idle, working, after(5.2))).as("there is room elsewhere").isEmpty();
    assertThat(tasks.take(home, working, after(5.2))).contains(bad.task());
  }

  @Test
  void aTaskThatFailedWaitsLongForAnotherWorkerWhileNobodyKnowsHowLongTasksTake() {
    takeNext(home, 0);
    takeNext(home, 0);
    takeNext(idle, 0);
    Attempt bad = takeNext(idle, 0);
    fail(bad);

    assertThat(tasks.take(idle, working, after(2))).isEmpty();
    assertThat(tasks.take(idle, working, after(30))).isEmpty();
    assertThat(tasks.take(idle, working, after(30.1))).contains(bad.task());
  }

  @Test
  void aTaskThatAWorkerDoesNotTakeDoesNotKeepItFromTryingASlowOne() {
    Attempt stuck = takeNext(home, 0);
    for (int done = 0; done < 2; done++) {
      Attempt attempt = takeNext(idle, 0);
      attempt.task().end(attempt);
      tasks.win(attempt, Counters.NONE, after(0.5));
    }
    fail(takeNext(idle, after(1)));

    assertThat(tasks.take(idle, working, after(2))).isEmpty();
    assertThat(tasks.slow(idle, working, after(2))).contains(stuck.task());
    assertThat(tasks.slow(home, working, after(2))).as("it has one to run").isEmpty();
  }
}
