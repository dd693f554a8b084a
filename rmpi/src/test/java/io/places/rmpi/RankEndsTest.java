package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the end of a rank is to the others. */
class RankEndsTest {
  /** Rank 0 ends with much on its way to rank 1, which reads nothing until rank 2 knows of that end. */
  static final class EndsBesideASlowOne implements RmpiFunction<Boolean> {
    private static final int MESSAGES = 240; // of 60 KB: more than fits on the way, less than waits for a receive

    @Override
    public Boolean call(Comm comm, String[] arguments) throws IOException {
      Path told = Path.of(arguments[0]).resolve("told");
      comm.barrier();
      boolean good = true;
      switch (comm.rank()) {
        case 0 -> {
          for (int i = 0; i < MESSAGES; i++) {
            var _ = comm.isend(new byte[60_000], 1, 0);
          }
        }
        case 1 -> {
          good = exists(told); // computes, for all that the others know
          for (int i = 0; i < MESSAGES; i++) {
            good &= comm.recv(byte[].class, 0, 0).length == 60_000;
          }
        }
        default -> {
          try {
            comm.recv(String.class, 0, 0);
          } catch (RankFailedException e) {
            good = "rank 0 has ended, and rank 2 waits for a message from it".equals(e.getMessage());
          }
          Files.createFile(told);
        }
      }
      return good;
    }

    private static boolean exists(Path file) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!Files.exists(file) && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      return Files.exists(file);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForARankThatHasEndedIsToldThoughAnotherHoldsUpItsLastMessages(Ranks ranks, @TempDir Path folder) {
    assertThat(ranks.call(3, EndsBesideASlowOne.class, Boolean.class, folder.toString()))
        .containsExactly(true, true, true);
  }
}
