package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.OutputPart;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.RecordWriter;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelimitedMessagesTest {
  @TempDir private Path folder;

  record Visit(String user, long time) {}

  static final class Visits extends DelimitedMessages<Visit> {
    public Visits() {
      super(Visit.class);
    }
  }

  static final class Pieces extends DelimitedMessages<Piece> {
    public Pieces() {
      super(Piece.class);
    }
  }

  private static <V> List<V> read(DelimitedMessages<V> format) throws IOException {
    List<V> all = new ArrayList<>();
    for (Split split : format.splits(2)) {
      try (RecordReader<Origin, V> reader = format.open(split)) {
        while (reader.next()) {
          all.add(reader.value());
        }
      }
    }
    return all;
  }

  private static List<Visit> visits() {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      visits.add(new Visit("u".repeat(i % 200), i)); // lengths of one byte and of two
    }
    visits.add(new Visit("", 0)); // no bytes at all
    visits.add(new Visit("long".repeat(100_000), 1));
    return visits;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasWrittenIsRead(boolean gzip) throws IOException {
    Path output = folder.resolve("out");
    DelimitedOutput format = DelimitedOutput.to(output);
    DelimitedOutput packed = gzip ? format.gzip() : format;
    var committer = packed.committer();
    committer.begin();
    OutputPart part = new OutputPart(0, 0);
    try (RecordWriter<Object, Object> writer = packed.open(part)) {
      for (Visit visit : visits()) {
        writer.write("not written", visit);
      }
    }
    committer.commit(List.of(part));

    assertThat(output.resolve(gzip ? "part-r-00000.gz" : "part-r-00000")).exists();
    assertThat(read(new Visits().from(output))).isEqualTo(visits());
  }

  @Test
  void messagesOfGeneratedClassesAreReadAsTheyWriteThemselves() throws IOException {
    Path file = folder.resolve("pieces");
    List<Piece> pieces = new ArrayList<>();
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 300; i++) {
        Piece piece = Piece.newBuilder().setFile("f".repeat(i)).setLength(i).build();
        piece.writeDelimitedTo(out);
        pieces.add(piece);
      }
    }
    assertThat(read(new Pieces().from(file))).isEqualTo(pieces);
  }

  @Test
  void damagedMessagesAreRefusedWithTheirPlace() throws IOException {
    Path file = Files.write(folder.resolve("cut"), new byte[] {0, 5, 1, 2});
    assertThatThrownBy(() -> read(new Visits().from(file)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the message of " + file + " at byte 1 is damaged: it has 2 bytes, and 3 more should follow");
    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1});
    assertThatThrownBy(() -> read(new Visits().from(file)))
        .hasMessageContaining("at byte 0 is damaged: it has 536870911 bytes, at most");
    Files.write(file, new byte[] {(byte) 0x80});
    assertThatThrownBy(() -> read(new Visits().from(file)))
        .hasMessageContaining("its length is none");
    Files.write(file, new byte[] {2, 0x0A, 0x05});
    assertThatThrownBy(() -> read(new Visits().from(file)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at byte 0 is damaged: it is none of ");
  }
}
