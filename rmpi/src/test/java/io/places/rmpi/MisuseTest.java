package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a rank may not ask for is refused where it is asked for, with the value, the bound, and what to do. */
class MisuseTest {
  @SuppressWarnings("NullAway") // which not everybody has
  static final class Misuses implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      refused(
          () -> comm.mprobe(Comm.PROC_NULL, 0),
          "PROC_NULL sends no message that could be claimed; leave the probe out, or receive from it");
      refused(() -> comm.improbe(Comm.PROC_NULL, 0), "PROC_NULL sends no message that could be claimed");
      Cartesian grid = comm.cartesian(new int[] {1}, new boolean[] {true}).orElseThrow();
      refused(() -> grid.shift(9, 1), "dimension 9 of a grid of 1 dimensions: they are 0 to 0");
      refused(() -> grid.shift(-1, 1), "dimension -1 of a grid of 1 dimensions: they are 0 to 0");
      List<String> none = Collections.singletonList(null);
      refused(() -> comm.scatter(none, 0, String.class), "the value for rank 0 is null: null is no message");
      refused(() -> comm.alltoall(none, String.class), "the value for rank 0 is null: null is no message");
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(80);
        refused(() -> Slice.of(memory, ElementType.LONG), "a slice is of memory that any thread may access");
      }
      return "all";
    }

    private static void refused(ThrowingCallable asked, String why) {
      assertThatThrownBy(asked).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThat(Ranks.ONE_NODE.call(1, Misuses.class, String.class)).containsExactly("all");
  }

  static final class GivesNull implements RmpiFunction<String> {
    @Override
    @SuppressWarnings("NullAway") // which not everybody has
    public String call(Comm comm, String[] arguments) {
      return null;
    }
  }

  @Test
  void nullIsNoResult() {
    assertThatThrownBy(() -> Ranks.ONE_NODE.call(1, GivesNull.class, String.class))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("GivesNull has given null on rank 0: null is no result; an RmpiProgram gives none");
  }

  enum Animal {
    CAT,
    DOG {
      @Override
      String says() {
        return "woof";
      }
    };

    String says() {
      return "miaow";
    }
  }

  static final class GivesAnAnimal implements RmpiFunction<Animal> {
    @Override
    public Animal call(Comm comm, String[] arguments) {
      return comm.rank() == 0 ? Animal.CAT : Animal.DOG;
    }
  }

  @Test
  void aConstantWithMethodsOfItsOwnIsAResultAsTheOthersAre() {
    assertThat(Ranks.ONE_NODE.call(2, GivesAnAnimal.class, Animal.class)).containsExactly(Animal.CAT, Animal.DOG);
  }

  @Test
  @SuppressWarnings("restricted") // memory that is never touched
  void theLongestSliceHasSegmentsLikeAnyOther() {
    Slice longest = Slice.of(MemorySegment.NULL.reinterpret(Integer.MAX_VALUE), ElementType.BYTE);
    List<Slice> segments = Collectives.segments(longest);
    assertThat(segments.stream().mapToLong(Slice::bytes).sum()).isEqualTo(Integer.MAX_VALUE);
  }
}
