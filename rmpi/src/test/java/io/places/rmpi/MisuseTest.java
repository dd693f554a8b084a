package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
      Slice two = Slice.of(new int[2]);
      int[] ofTwo = {2};
      int[] atFirst = {0};
      assertThatThrownBy(() -> comm.scatterv(two, ofTwo, atFirst, two.slice(0, 1), 0))
          .isInstanceOf(MismatchException.class)
          .hasMessageMatching(
              "rank 0's own part in call \\d+, scatterv\\(int\\[], root 0\\): int\\[] of 2 does not fit the room for it, int\\[] of 1");
      refused(
          () -> comm.create(new Group(List.of(0, 99))),
          "rank 99 of the job is not in this communicator, which has 1 ranks: ranks [0] of the job");
      missing(() -> comm.allreduce(1, (Op<Integer>) null), "the operator");
      missing(() -> comm.allreduce(two, (ArrayOp) null), "the operator");
      missing(() -> comm.scan((Slice) null, ArrayOp.SUM), "the elements");
      missing(() -> comm.bcast("", 0, null), "the class to receive");
      missing(() -> comm.gather(null, two, 0), "this rank's part");
      missing(() -> comm.allgather(two, null), "the room for the parts of all ranks");
      missing(() -> ArrayOp.ofDoubles(null), "combine");
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(80);
        refused(() -> Slice.of(memory, ElementType.LONG), "a slice is of memory that any thread may access");
      }
      return "all";
    }

    private static void missing(ThrowingCallable asked, String what) {
      assertThatThrownBy(asked).isInstanceOf(NullPointerException.class).hasMessage(what);
    }

    private static void refused(ThrowingCallable asked, String why) {
      assertThatThrownBy(asked).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThat(Ranks.ONE_NODE.call(1, Misuses.class, String.class)).containsExactly("all");
  }

  /** The root has room for what others send, but not apart; any order of the parts will do. */
  static final class Overlaps implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int[] part = {10 + comm.rank(), 20 + comm.rank()};
      int[] all = new int[4];
      Comm twin = comm.dup(); // in which rank 1's part stays where it came
      if (comm.rank() == 0) {
        assertThatThrownBy(
                () -> twin.gatherv(Slice.of(part), Slice.of(all), new int[] {2, 2}, new int[] {1, 0}, 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "the part of rank 0 is 2 elements from 1 on, that of rank 1 is 2 from 0 on: each needs room of its own");
      } else {
        twin.gatherv(Slice.of(part), null, null, null, 0);
      }
      comm.allgatherv(Slice.of(part), Slice.of(all), new int[] {2, 2}, new int[] {2, 0});
      return Arrays.toString(all);
    }
  }

  @Test
  void noElementIsGatheredFromTwoRanks() {
    assertThat(Ranks.ONE_NODE.call(2, Overlaps.class, String.class))
        .containsExactly("[11, 21, 10, 20]", "[11, 21, 10, 20]");
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
