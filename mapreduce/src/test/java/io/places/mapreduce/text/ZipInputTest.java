package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.InputException;
import io.places.mapreduce.proto.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipInputTest {
  private static final String TEXT = "to be or not to be, that is the question\n".repeat(40);

  @TempDir Path folder;
  private Path zip;

  @BeforeEach
  void chooseFile() {
    zip = folder.resolve("texts.zip");
  }

  @Test
  void entriesAreReadInTheirOrderAndFoldersPassedOver() throws IOException {
    Files.write(zip, zip("b/", "", "b/two.txt", "two\n", "one.txt", "one\n", "empty", ""));

    assertThat(read()).containsExactly("two\n", "one\n");
  }

  @Test
  void entriesThatAreOnlyStoredAreReadToo() throws IOException {
    Files.write(zip, stored("plain.txt", TEXT));

    assertThat(String.join("", read())).isEqualTo(TEXT);
  }

  @Test
  void aJarIsReadLikeAZip() throws IOException {
    zip = folder.resolve("texts.JAR");
    Files.write(zip, zip("a", TEXT));

    assertThat(String.join("", read())).isEqualTo(TEXT);
  }

  @Test
  void theKeyNamesZipAndEntry() throws IOException {
    Files.write(zip, zip("a/b.txt", TEXT));

    try (var reader = new TextBlocks().open(splits().getFirst())) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.key()).hasToString(zip + "!a/b.txt at byte 0");
    }
  }

  @Test
  void damagedPackedBytesNameEntryAndZip() throws IOException {
    byte[] bytes = zip("first", TEXT, "second", TEXT.toUpperCase(Locale.ROOT));
    int second = indexOf(bytes, "second") + "second".length();
    Arrays.fill(bytes, second + 2, second + 12, (byte) 0xFF);
    Files.write(zip, bytes);

    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("entry second of zip file " + zip + " is damaged: ")
        .hasMessageEndingWith("; get the file anew");
  }

  @Test
  void damageThatOnlyTheChecksumShowsIsFound() throws IOException {
    byte[] bytes = stored("plain.txt", "to be or not to be");
    bytes[indexOf(bytes, "not")] = 'N';
    Files.write(zip, bytes);

    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "entry plain.txt of zip file %s is damaged: its checksum is %08x and should be %08x; get the file anew"
                .formatted(zip, crc("to be or Not to be"), crc("to be or not to be")));
  }

  @Test
  void anEntryOfAnotherSizeThanItSaysIsFound() throws IOException {
    byte[] bytes = zip("a.txt", TEXT);
    int entry = lastIndexOf(bytes, "PK\001\002");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, TEXT.length() - 1);
    Files.write(zip, bytes);

    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("entry a.txt of zip file " + zip + " is damaged: ");

    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, TEXT.length() + 1);
    Files.write(zip, bytes);

    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("entry a.txt of zip file " + zip + " is damaged: ");
  }

  @Test
  void aZipThatWasCutOffIsRefusedBeforeAnythingRuns() throws IOException {
    byte[] bytes = zip("first", TEXT, "second", TEXT);
    Files.write(zip, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "cannot read %s as a zip file, which its name says it is: zip END header not found; get the file anew if it is damaged, unpack it first if it is encrypted or packed in a way that Java does not know, rename it if it is no zip"
                .formatted(zip));
  }

  @Test
  void anEmptyFileIsNoZip() throws IOException {
    Files.createFile(zip);

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot read " + zip + " as a zip file");
  }

  @Test
  void anEncryptedEntryIsRefusedBeforeAnythingRuns() throws IOException {
    byte[] bytes = zip("secret.txt", TEXT);
    bytes[lastIndexOf(bytes, "PK\001\002") + 8] |= 1;
    Files.write(zip, bytes);

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "cannot read %s as a zip file, which its name says it is: invalid CEN header (encrypted entry); get the file anew if it is damaged, unpack it first if it is encrypted or packed in a way that Java does not know, rename it if it is no zip"
                .formatted(zip));
  }

  @Test
  void anUnknownPackingIsRefusedBeforeAnythingRuns() throws IOException {
    byte[] bytes = zip("new.txt", TEXT);
    bytes[lastIndexOf(bytes, "PK\001\002") + 10] = 93;
    Files.write(zip, bytes);

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("invalid CEN header (bad compression method: 93)");
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    byte[] bytes = zip("one.txt", TEXT, "two.txt", TEXT);
    String renamed = new String(bytes, StandardCharsets.ISO_8859_1).replace("two.txt", "one.txt");
    Files.write(zip, renamed.getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "zip file %s has two entries named one.txt, of which only one can be read: make it again without the other"
                .formatted(zip));
  }

  @Test
  void aZipThatHasChangedIsNoticed() throws IOException {
    Files.write(zip, zip("old.txt", TEXT));
    List<Split> before = splits();
    Files.write(zip, zip("new.txt", TEXT));

    assertThatThrownBy(() -> Texts.blocks(before.getFirst(), 1000))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "zip file %s has changed since the job began: entry old.txt is now missing"
                .formatted(zip));
  }

  @Test
  void aZipWithoutEntriesIsNothingToRead() throws IOException {
    Files.write(zip, zip());

    assertThatThrownBy(this::splits)
        .isInstanceOf(InputException.class)
        .hasMessage("nothing to read: " + zip + " has no files in it");
  }

  private List<Split> splits() throws IOException {
    return TextBlocks.of(zip).splits(1);
  }

  private List<String> read() throws IOException {
    List<String> blocks = new ArrayList<>();
    for (Split split : splits()) {
      blocks.addAll(Texts.blocks(split, 1000));
    }
    return blocks;
  }

  private static byte[] zip(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        out.putNextEntry(new ZipEntry(namesAndTexts[i]));
        out.write(Texts.utf8(namesAndTexts[i + 1]));
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] stored(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(text.length());
      entry.setCrc(crc(text));
      out.putNextEntry(entry);
      out.write(Texts.utf8(text));
      out.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(Texts.utf8(text));
    return crc.getValue();
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static int lastIndexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
  }
}
