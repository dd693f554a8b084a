package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has been given back is not used by mistake. */
class FreedCommTest {
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
}
