package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.BytesOutput;
import io.places.mapreduce.text.FixedRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of 100 bytes, sorted by their first ten into parts that follow each other. */
class SortTest {
  private static final int LENGTH = 100;
  private static final int KEY = 10;

  @TempDir private Path folder;

  static final class CutKey implements Mapper<Long, byte[], byte[], byte[]> {
    @Override
    public void map(Long offset, byte[] record, Context<byte[], byte[]> context) {
      context.emit(Arrays.copyOf(record, KEY), Arrays.copyOfRange(record, KEY, LENGTH));
    }
  }

  static final class Emit implements Reducer<byte[], byte[], byte[], byte[]> {
    @Override
    public void reduce(byte[] key, Iterable<byte[]> values, Context<byte[], byte[]> context) {
      values.forEach(value -> context.emit(key, value));
    }
  }

  private Path records(int count) throws IOException {
    byte[] all = new byte[count * LENGTH];
    Random random = Seeds.random();
    random.nextBytes(all);
    for (int i = 0; i < 1_000; i++) { // some keys are there many times
      int at = random.nextInt(count) * LENGTH;
      Arrays.fill(all, at, at + KEY, (byte) 0);
    }
    return Files.write(folder.resolve("records"), all);
  }

  @Test
  void twoWorkersWithSmallHeapsSortRecordsIntoPartsThatFollowEachOther() throws IOException {
    int count = 300_000; // 30 MB, as much as a heap
    int reducers = 4;
    Path input = records(count);
    Path output = folder.resolve("out");
    try (Workers group =
        Workers.launch(
            2, Processes.launcher().jvmOption("-Xmx32m"), SortTest.class.getPackageName())) {
      group.run(
          Job.named("sort")
              .input(FixedRecords.of(LENGTH, input))
              .map(CutKey.class)
              .ranges()
              .reduce(Emit.class)
              .reducers(reducers)
              .output(BytesOutput.to(output)),
          JobListener.NONE);
    }

    byte[] last = {};
    long sum = 0;
    int found = 0;
    for (int part = 0; part < reducers; part++) {
      byte[] sorted = Files.readAllBytes(output.resolve("part-r-0000" + part));
      assertThat(sorted.length).isBetween(count * LENGTH / 8, count * LENGTH / 2);
      for (int at = 0; at < sorted.length; at += LENGTH) {
        byte[] key = Arrays.copyOfRange(sorted, at, at + KEY);
        if (Arrays.compareUnsigned(last, key) > 0) {
          throw new AssertionError("a lesser key at " + at + " of part " + part);
        }
        last = key;
      }
      found += sorted.length / LENGTH;
      sum += checksums(sorted);
    }
    assertThat(found).isEqualTo(count);
    assertThat(sum).isEqualTo(checksums(Files.readAllBytes(input)));
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 100, 300_000})
  void everyRecordIsReadOnceWhateverItsLength(int length) throws IOException {
    byte[] all = new byte[2_100_000];
    Seeds.random().nextBytes(all);
    Path file = Files.write(folder.resolve("records"), all);
    FixedRecords records = FixedRecords.of(length, file);
    int at = 0;
    for (var split : records.splits(3)) {
      try (RecordReader<Long, byte[]> reader = records.open(split)) {
        while (reader.next()) {
          assertThat(reader.key()).isEqualTo(at);
          if (!Arrays.equals(reader.value(), 0, length, all, at, at + length)) {
            throw new AssertionError("another record at " + at);
          }
          at += length;
        }
        assertThat(reader.bytesRead()).isEqualTo(split.getBytes());
      }
    }
    assertThat(at).isEqualTo(all.length);
  }

  @Test
  void aFileWithARestIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("records"), new byte[250]);

    assertThatThrownBy(() -> FixedRecords.of(LENGTH, file).splits(1))
        .isInstanceOf(InputException.class)
        .hasMessage(file + " at byte 0 has 250 bytes, which is no multiple of the record's length, 100");
    assertThatThrownBy(() -> FixedRecords.of(0, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a record has 1 to 16777216 bytes, not 0");
  }

  private static long checksums(byte[] records) {
    long sum = 0;
    CRC32 checksum = new CRC32();
    for (int at = 0; at < records.length; at += LENGTH) {
      checksum.reset();
      checksum.update(records, at, LENGTH);
      sum += checksum.getValue();
    }
    return sum;
  }
}
