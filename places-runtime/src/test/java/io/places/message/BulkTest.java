package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkTest {

  @SuppressWarnings("ArrayRecordComponent") // what is tested here
  record Block(int row, double[] doubles, long[] longs, int[] ints, float[] floats, byte[] bytes) {}

  @Test
  void arraysInRecordsAreCopiedAndReadBack() {
    double[] large = new double[100_000];
    Arrays.setAll(large, i -> i / 3.0);
    Block block =
        new Block(5, large, new long[] {Long.MIN_VALUE, 1}, new int[] {-1}, new float[] {0.5f}, new byte[5_000]);
    MessageType<Block> type = MessageType.of(Block.class);

    Block copy = type.copy(block);
    Block read = RecordsTest.roundTrip(type, block);
    large[0] = 99;

    assertThat(copy.doubles()).hasSize(100_000).startsWith(0.0, 1 / 3.0);
    assertThat(RandomMessages.same(copy, read)).isTrue();
    assertThat(type.weight(block)).isEqualTo(8 * 100_000 + 16 + 4 + 4 + 5_000);
  }

  @Test
  void aBlockThatIsNoWholeNumberOfElementsIsRefused() {
    byte[] bytes = {10, 3, 1, 2, 3};
    assertThatThrownBy(() -> MessageType.of(double[].class).decode(bytes, 0, bytes.length))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("5 bytes are no [D: 3 bytes of packed double, each of which takes 8");
  }

  @Test
  void slicesOfMemoryTravelAsBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1_000, 8);
      memory.set(ValueLayout.JAVA_LONG, 16, 42);
      MessageType<MemorySegment> type = MessageType.of(MemorySegment.class);
      MemorySegment slice = memory.asSlice(8, 801);

      MemorySegment copy = type.copy(slice);
      MemorySegment read = RecordsTest.roundTrip(type, slice);
      memory.fill((byte) 0);

      assertThat(read.byteSize()).isEqualTo(801);
      assertThat(read.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
      assertThat(copy.mismatch(read)).isEqualTo(-1);
    }
  }

  record Work(String name, Transfer<double[]> block) {}

  @Test
  void aMovedArrayIsTheVeryOneAndMovesOnce() {
    double[] array = {1, 2, 3};
    Work work = new Work("sum", Transfer.move(array));
    MessageType<Work> type = MessageType.of(Work.class);

    Work got = type.copy(type.check(work));

    assertThat(got.block().take()).isSameAs(array);
    String movedBefore =
        "Work.block: its array was moved or taken before; only its receiver has it, so it cannot be"
            + " sent again";
    assertThatThrownBy(() -> type.check(work))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(movedBefore);
    assertThatThrownBy(() -> type.encode(work))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(movedBefore);
    assertThatThrownBy(() -> work.block().take())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the array of this transfer was moved or taken before; only its receiver has it");
    assertThatThrownBy(() -> got.block().take()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anArrayMovedToAnotherNodeIsWrittenAndGivenUp() {
    Work work = new Work("sum", Transfer.move(new double[] {1, 2, 3}));

    Work read = RecordsTest.roundTrip(MessageType.of(Work.class), work);

    assertThat(read.block().take()).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> work.block().take()).isInstanceOf(IllegalStateException.class);
  }

  record Works(List<Transfer<double[]>> blocks, List<String> notes) {}

  @Test
  void aRefusedMessageGivesNothingUp() {
    double[] array = {1};
    Transfer<double[]> transfer = Transfer.move(array);
    MessageType<Works> type = MessageType.of(Works.class);
    Works bad = new Works(List.of(transfer), List.of("\uD800"));

    assertThatThrownBy(() -> type.copy(bad)).isInstanceOf(MessageNotAllowedException.class);
    assertThatThrownBy(() -> type.encode(bad)).isInstanceOf(MessageNotAllowedException.class);
    assertThatThrownBy(() -> type.copy(new Works(List.of(transfer, transfer), List.of())))
        .isInstanceOf(MessageNotAllowedException.class);

    assertThat(type.copy(new Works(List.of(transfer), List.of())).blocks().getFirst().take())
        .isSameAs(array);
  }

  @Test
  void onlyArraysOfNumbersCanBeMoved() {
    assertThatThrownBy(() -> Transfer.move(new String[0]))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "a java.lang.String[] cannot be moved; what can: double[], long[], int[], float[] and byte[]");
  }

  record Vectors(SharedBytes bytes, SharedLongs longs, SharedDoubles doubles) {}

  @Test
  void sharedVectorsAreOneForAllPlacesOfANode() {
    Vectors vectors =
        new Vectors(
            SharedBytes.ofLength(3), SharedLongs.copyOf(new long[] {1, 2}), SharedDoubles.ofLength(4));

    Vectors got = MessageType.of(Vectors.class).copy(vectors);
    got.doubles().set(2, 2.5);
    got.bytes().setVolatile(0, (byte) 7);

    assertThat(got).isSameAs(vectors);
    assertThat(vectors.doubles().toArray()).containsExactly(0, 0, 2.5, 0);
    assertThat(vectors.bytes().getVolatile(0)).isEqualTo((byte) 7);
    assertThat(vectors.longs().getAndAdd(1, 40)).isEqualTo(2);
    assertThat(vectors.longs().compareAndSet(1, 42, -1)).isTrue();
    assertThat(vectors.doubles().getAndAdd(2, 1)).isEqualTo(2.5);
    assertThat(vectors.doubles().get(2)).isEqualTo(3.5);
    assertThatThrownBy(() -> vectors.longs().get(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void sharedVectorsDoNotTravelToAnotherNode() {
    Vectors vectors =
        new Vectors(SharedBytes.ofLength(0), SharedLongs.ofLength(0), SharedDoubles.ofLength(1_000));
    assertThatThrownBy(() -> MessageType.of(Vectors.class).encode(vectors))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Vectors.doubles: SharedDoubles[length=1000] is memory of this node and cannot travel to"
                + " another; send a copy of it (toArray) instead");
  }

  @Test
  void aSharedVectorHasALength() {
    assertThatThrownBy(() -> SharedLongs.ofLength(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a shared vector of length -1; it must be 0 or more");
  }
}
