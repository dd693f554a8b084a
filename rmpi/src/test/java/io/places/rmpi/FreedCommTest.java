package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has been given back is not used by mistake. */
class FreedCommTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  static final class UsesWhatIsFree implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Comm twin = comm.dup();
      twin.free();
      List<Runnable> uses =
          List.of(
              () -> twin.send("late", 1 - twin.rank(), 0),
              () -> twin.send(Slice.of(new int[1]), 1 - twin.rank(), 0),
              () -> twin.irecv(String.class, Comm.ANY_SOURCE, 0),
              () -> twin.irecv(Slice.of(new int[1]), 1 - twin.rank(), 0),
              () -> twin.probe(Comm.ANY_SOURCE, Comm.ANY_TAG),
              () -> twin.iprobe(Comm.ANY_SOURCE, Comm.ANY_TAG),
              () -> twin.improbe(Comm.ANY_SOURCE, Comm.ANY_TAG),
              twin::barrier,
              twin::dup,
              twin::free,
              comm::free);
      List<Integer> wrong = new ArrayList<>();
      for (int i = 0; i < uses.size(); i++) {
        try {
          uses.get(i).run();
          wrong.add(i);
        } catch (IllegalStateException e) {
          if (!String.valueOf(e.getMessage()).contains("given")) {
            wrong.add(i);
          }
        }
      }
      comm.barrier();
      return wrong.toString();
    }
  }

  @Test
  void eachUseOfAFreedCommunicatorIsRefusedAndThatOfTheJobCannotBeFreed() {
    assertThat(Rmpi.call(2, UsesWhatIsFree.class, String.class)).containsExactly("[]", "[]");
  }

  static final class FreesWithReceivesOpen implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      Comm twin = comm.dup();
      List<Request<?>> open =
          List.of(
              twin.irecv(String.class, Comm.ANY_SOURCE, 0),
              twin.irecv(Slice.of(new int[1]), 1 - twin.rank(), 0));
      twin.free();
      List<String> told = new ArrayList<>();
      for (Request<?> each : open) {
        try {
          each.await(LIMIT);
        } catch (RmpiException e) {
          told.add(String.valueOf(e.getMessage()));
        }
      }
      comm.barrier();
      return String.join(", ", told);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY"})
  void receivesThatAreOpenFailWhenTheirCommunicatorIsGivenBack(Ranks ranks) {
    String told = "rank %d has given this communicator back: nothing can be sent or received in it";
    assertThat(ranks.call(2, FreesWithReceivesOpen.class, String.class))
        .containsExactly(
            String.join(", ", told.formatted(0), told.formatted(0)),
            String.join(", ", told.formatted(1), told.formatted(1)));
  }

  /** More than a rank may have sent and not received: of what comes too late nothing may count. */
  static final class SendsToWhoHasFreed implements RmpiFunction<Boolean> {
    private static final int MESSAGES = 300; // of 60 KB

    @Override
    public Boolean call(Comm comm, String[] arguments) {
      Comm twin = comm.dup();
      if (comm.rank() == 1) {
        twin.free();
        comm.send("freed", 0, 0);
        return comm.recv(byte[].class, 0, 0).length == 60_000;
      }
      comm.recv(String.class, 1, 0);
      for (int i = 0; i < MESSAGES; i++) {
        twin.isend(new byte[60_000], 1, 0).await(LIMIT);
      }
      comm.send(new byte[60_000], 1, 0);
      twin.free();
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY", "NODES_TCP", "NODES_CHANNEL"})
  void whatComesForACommunicatorThatWasGivenBackIsDroppedAndTakesNoRoom(Ranks ranks) {
    assertThat(ranks.call(2, SendsToWhoHasFreed.class, Boolean.class)).containsExactly(true, true);
  }
}
