package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.ToWorker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an attempt says to its controller. */
class WorkerTaskTest {
  private final List<FromWorker> got = new ArrayList<>();

  /** To a controller that reads nothing for a minute. */
  @SuppressWarnings("unchecked") // there are no other channels
  private PlaceChannel<FromWorker, ToWorker> unread() {
    return (PlaceChannel<FromWorker, ToWorker>)
        Proxy.newProxyInstance(
            PlaceChannel.class.getClassLoader(),
            new Class<?>[] {PlaceChannel.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "offer" -> false;
                  case "put" -> {
                    Duration limit =
                        arguments.length > 1 ? (Duration) arguments[1] : PlaceChannel.PUT_LIMIT;
                    if (limit.compareTo(Duration.ofMinutes(1)) < 0) {
                      throw new PutTimeoutException("as if");
                    }
                    got.add((FromWorker) arguments[0]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @Test
  void anAttemptWhoseControllerDoesNotReadGoesOnAndWaitsWithItsLastWords() {
    new WorkerTask(
            7,
            new AttemptId(TaskKind.MAP, 3, 1),
            unread(),
            Clock.system(),
            listener -> {
              listener.status("reading");
              listener.read(100, 2);
              return Counters.NONE;
            })
        .run();

    assertThat(got).hasSize(1);
    assertThat(got.getFirst().hasDone()).isTrue();
    assertThat(got.getFirst().getDone().getBytes()).isEqualTo(100);
  }
}
