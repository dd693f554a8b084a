package io.places.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Surroundings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How one thing is kept alive, at moments that a real one seldom meets. */
class KeeperTest {
  /** Its second life takes long to begin: until supervision is being closed, and a little longer. */
  private static final class Slow implements Keeper.Thing<Long> {
    final CompletableFuture<Keeper<Long>> keeper = new CompletableFuture<>();
    final CountDownLatch beginning = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    final CompletableFuture<Boolean> begunBehind = new CompletableFuture<>();
    final Set<Long> running = ConcurrentHashMap.newKeySet();

    @Override
    public String what() {
      return "a slow thing";
    }

    @Override
    public Long start(long epoch) {
      if (epoch == 2) {
        beginning.countDown();
        begunBehind.complete(isClosedMeanwhile());
      }
      running.add(epoch);
      return epoch;
    }

    private boolean isClosedMeanwhile() {
      try {
        assertThat(keeper.join().after(1, Long.MAX_VALUE).over()).isNotNull();
        return closed.await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public Keeper.End await(Long life) {
      running.remove(life);
      return new Keeper.End(true, "life %d has ended".formatted(life), null);
    }

    @Override
    public void stop(Long life) {
      running.remove(life);
    }
  }

  @Test
  void noLifeBeginsBehindTheBackOfWhoHasClosedSupervision() throws Exception {
    var thing = new Slow();
    Restart restart = Restart.always().backoff(Duration.ofMillis(1));
    var keeper = new Keeper<>(thing, restart, "main", Surroundings.system());
    thing.keeper.complete(keeper);
    assertThat(thing.beginning.await(20, TimeUnit.SECONDS)).isTrue();

    keeper.close();

    assertThat(thing.running).isEmpty();
    thing.closed.countDown();
    assertThat(thing.begunBehind.get(20, TimeUnit.SECONDS)).isFalse();
  }

  /** Its second life cannot begin: a class is missing. Nor can its end be awaited when it has. */
  private static final class Broken implements Keeper.Thing<Long> {
    private boolean tried;

    @Override
    public String what() {
      return "a broken thing";
    }

    @Override
    public Long start(long epoch) {
      if (epoch == 2 && !tried) {
        tried = true;
        throw new NoClassDefFoundError("Wheel");
      }
      return epoch;
    }

    @Override
    public Keeper.End await(Long life) {
      if (life == 2) {
        throw new StackOverflowError();
      }
      return new Keeper.End(true, "life %d has ended".formatted(life), null);
    }

    @Override
    public void stop(Long life) {}
  }

  @Test
  void anErrorAtABeginningIsAnEndAsAnyOtherAndOneOfSupervisionItselfIsToldToThoseWhoWait() throws Exception {
    Restart restart = Restart.always().within(ChronoUnit.FOREVER.getDuration()).backoff(Duration.ofMillis(1));
    try (var keeper = new Keeper<>(new Broken(), restart, "main", Surroundings.system())) {
      Lives.Now<Long> now = keeper.after(2, Duration.ofSeconds(20).toNanos());

      assertThat(now.epoch()).isEqualTo(2);
      assertThat(Objects.requireNonNull(now.over()).get())
          .hasMessageContaining("a broken thing is not kept alive any more")
          .hasRootCauseInstanceOf(StackOverflowError.class);
    }
  }
}
