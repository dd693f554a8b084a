package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final List<Pair> FRUIT =
      List.of(new Pair("", "none"), new Pair("apple", ""), new Pair("pear", "green"));

  @Test
  void pairsAreReadAsTheyWereWritten() {
    assertThat(Pair.all(Pair.reader(Pair.run(FRUIT)))).isEqualTo(FRUIT);
    assertThat(Pair.all(Pair.reader(Pair.run(List.of())))).isEmpty();
  }

  @Test
  void theEncodedFormIsTheSameInEveryRelease() {
    assertThat(bytes(Pair.run(List.of(new Pair("ab", "c"), new Pair("b", "")))))
        .containsExactly(3, 'a', 'b', 1, 'c', 2, 'b', 0, 0, 2);
  }

  @RepeatedTest(20)
  void chunksMayBeCutAnywhere() {
    Random random = Seeds.random();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      pairs.add(new Pair("k".repeat(random.nextInt(300)), "v".repeat(random.nextInt(300))));
    }
    assertThat(Pair.all(reader(cut(bytes(Pair.run(pairs)), random)))).isEqualTo(pairs);
    assertThat(Pair.all(packedReader(cut(bytes(Pair.run(true, pairs)), random)))).isEqualTo(pairs);
  }

  private static String readOrRefused(byte[] packed) {
    try {
      return Pair.all(packedReader(List.of(packed))).toString();
    } catch (ProtocolException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<byte[]> cut(byte[] bytes, Random random) {
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int size = random.nextInt(random.nextBoolean() ? 4 : 1000);
      chunks.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
      at += size;
    }
    return chunks;
  }

  @Test
  void aPackedRunIsShortAndItsChunksFillFrames() {
    Random random = Seeds.random();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      pairs.add(new Pair("key " + i, "value " + random.nextLong()));
    }
    MemoryRun packed = Pair.run(true, pairs);

    assertThat(packed.bytes())
        .isEqualTo(bytes(packed).length)
        .isLessThan(Pair.run(pairs).bytes() * 3 / 4);
    assertThat(packed.chunks()).hasSizeGreaterThan(2);
    assertThat(packed.chunks().subList(0, packed.chunks().size() - 1))
        .allSatisfy(chunk -> assertThat(chunk).hasSize(64 << 10));
    assertThat(Pair.all(packedReader(packed.chunks()))).isEqualTo(pairs);
  }

  @Test
  void aPackedRunThatWasCutOffOrChangedIsNoticedWherever() {
    byte[] bytes = bytes(Pair.run(true, FRUIT));
    for (int i = 0; i < bytes.length; i++) {
      List<byte[]> cut = List.of(Arrays.copyOf(bytes, i));
      byte[] changed = bytes.clone();
      changed[i] ^= 0x20;

      assertThatThrownBy(() -> Pair.all(packedReader(cut)))
          .isInstanceOf(ProtocolException.class)
          .hasMessage("the run under test is damaged: it was cut off within its packed form");
      assertThat(readOrRefused(changed))
          .satisfiesAnyOf( // some bits only fill up a byte
              answer -> assertThat(answer).isEqualTo(FRUIT.toString()),
              answer -> assertThat(answer).startsWith("the run under test is damaged: "));
    }
    assertThatThrownBy(() -> Pair.all(packedReader(List.of(bytes, new byte[] {1}))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("the run under test is damaged: it goes on after the end of its packed form");
  }

  @Test
  void aLargeRunHasChunksOfTheSizeOfAFrame() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pairs.add(new Pair("k" + i, "v".repeat(5000)));
    }
    MemoryRun run = Pair.run(pairs);

    assertThat(run.chunks()).hasSizeGreaterThan(7);
    assertThat(run.chunks().subList(0, run.chunks().size() - 1))
        .allSatisfy(chunk -> assertThat(chunk).hasSize(64 << 10));
    assertThat(run.entries()).isEqualTo(100);
    assertThat(run.bytes()).isEqualTo(bytes(run).length);
    assertThat(Pair.all(Pair.reader(run))).isEqualTo(pairs);
  }

  @Test
  void aRunThatWasCutOffIsNoticedWhereverTheCutFell() {
    byte[] bytes = bytes(Pair.run(FRUIT));
    for (int length = 0; length < bytes.length; length++) {
      List<byte[]> cut = List.of(Arrays.copyOf(bytes, length));

      assertThatThrownBy(() -> Pair.all(reader(cut)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageMatching("the run under test is damaged: it was cut off after [0-3] pairs");
    }
  }

  @Test
  void aRunThatLostPairsIsNoticed() {
    byte[] bytes = {2, 'a', 0, 0, 2};

    assertThatThrownBy(() -> Pair.all(reader(List.of(bytes))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("the run under test is damaged: it has 1 pairs and ends with a count of 2");
  }

  @Test
  void whatFollowsTheEndIsNoticed() {
    assertThatThrownBy(() -> Pair.all(reader(List.of(new byte[] {0, 0}, new byte[] {1}))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("the run under test is damaged: it goes on after its end");
  }

  @Test
  void anAbsurdLengthIsRefusedBeforeMemoryIsTaken() {
    byte[] bytes = {-1, -1, -1, -1, 7, 'a'};

    assertThatThrownBy(() -> Pair.all(reader(List.of(bytes))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "the run under test is damaged: it names a length of 2147483646; at most 67108864");
  }

  @Test
  void anEndlessLengthIsRefused() {
    byte[] bytes = new byte[20];
    Arrays.fill(bytes, (byte) -1);

    assertThatThrownBy(() -> Pair.all(reader(List.of(bytes))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("the run under test is damaged: a length takes more than 10 bytes");
  }

  private static RunReader reader(List<byte[]> chunks) {
    Iterator<byte[]> rest = chunks.iterator();
    return new RunReader(false, () -> rest.hasNext() ? rest.next() : null, "under test");
  }

  private static RunReader packedReader(List<byte[]> chunks) {
    Iterator<byte[]> rest = chunks.iterator();
    return new RunReader(true, () -> rest.hasNext() ? rest.next() : null, "under test");
  }

  private static byte[] bytes(MemoryRun run) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    run.chunks().forEach(all::writeBytes);
    return all.toByteArray();
  }
}
