package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceBody;
import io.places.place.Spawn;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The standard streams of places. */
class StreamsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Node node;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    node = Node.start();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  static void prints(PlaceChannel<Void, Void> creator, Integer lines) throws IOException {
    System.out.print("got: " + new String(System.in.readAllBytes(), StandardCharsets.UTF_8) + "\n\n");
    System.err.println("größer");
    for (int i = 0; i < lines; i++) {
      System.out.println("line " + i);
    }
    System.out.print("x".repeat(40_000) + "no end");
  }

  @ParameterizedTest
  @EnumSource
  void allThatAPlacePrintsIsThereWhenItIsOver(Isolation isolation) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Spawn spawn = Spawn.isolated(isolation).in(input("from\nthe creator")).out(out).err(err);
    int lines = 2_000;
    assertThat(node.place(spawn, StreamsTest::prints, lines).join(SOON)).isZero();

    var expected = new StringBuilder("got: from\nthe creator\n\n");
    for (int i = 0; i < lines; i++) {
      expected.append("line ").append(i).append(System.lineSeparator());
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(expected.append("x".repeat(40_000)).append("no end").toString());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("größer" + System.lineSeparator());
  }

  static void answersLines(PlaceChannel<Void, Void> creator) {
    try (var lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
      while (lines.hasNextLine()) {
        System.out.println("<" + lines.nextLine() + ">");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCreatorMayTalkToAPlaceByPipes(Isolation isolation) throws Exception {
    try (var toPlace = new PipedOutputStream();
        var in = new PipedInputStream(toPlace);
        var fromPlace = new PipedInputStream();
        var out = new PipedOutputStream(fromPlace);
        var answers =
            new BufferedReader(new InputStreamReader(fromPlace, StandardCharsets.UTF_8))) {
      var questions = new PrintStream(toPlace, true, StandardCharsets.UTF_8);
      Place<Void, Void> place =
          node.place(Spawn.isolated(isolation).in(in).out(out), StreamsTest::answersLines);
      for (String line : new String[] {"one", "zwei", "три"}) {
        questions.println(line);
        assertThat(answers.readLine()).isEqualTo("<" + line + ">");
      }
      questions.close();
      assertThat(place.join(SOON)).isZero();
    }
  }

  static void closesAll(PlaceChannel<String, Void> creator) throws IOException {
    System.out.print("before");
    System.out.close();
    System.out.print("after");
    System.err.close();
    System.in.close();
    String read;
    try {
      read = "read " + System.in.read();
    } catch (IOException e) {
      read = String.valueOf(e.getMessage());
    }
    creator.put(read);
  }

  static void printsTwice(PlaceChannel<String, String> creator) {
    System.out.println("first");
    creator.put("printed");
    creator.get();
    System.out.println("second");
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBePrintedForOnePlaceIsNotPrintedForAnother(Isolation isolation) {
    var broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
              throw new IOException("broken");
            }
          }
        };
    var whole = new ByteArrayOutputStream();
    Spawn spawn = Spawn.isolated(isolation);
    Place<String, String> one = node.place(spawn.out(broken), StreamsTest::printsTwice);
    assertThat(one.get(SOON)).isEqualTo("printed");
    Place<String, String> other = node.place(spawn.out(whole), StreamsTest::printsTwice);
    assertThat(other.get(SOON)).isEqualTo("printed");
    for (Place<String, String> place : List.of(one, other)) {
      place.put("go on");
      assertThat(place.join(SOON)).isZero();
    }
    assertThat(whole.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines("first\nsecond\n");
  }

  @ParameterizedTest
  @EnumSource
  void whatAPlaceClosesIsClosedForItAlone(Isolation isolation) throws IOException {
    var out = new ClosableOutput();
    InputStream in = input("still to be read");
    Spawn spawn = Spawn.isolated(isolation).in(in).out(out).err(out);
    Place<Void, String> place = node.place(spawn, StreamsTest::closesAll);
    assertThat(place.get(SOON)).isEqualTo("Stream closed");
    assertThat(place.join(SOON)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before");
    assertThat(out.closed).isFalse();
  }

  @Test
  void aPlaceThatClosesWhatItWasNotGivenLeavesItsCreatorsOpen() {
    PrintStream own = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Place<Void, String> place = node.place(StreamsTest::closesAll);
      assertThat(place.join(SOON)).isZero();
      System.out.print(" and the creator goes on");
      System.out.flush();
    } finally {
      System.setOut(own);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("before and the creator goes on");
    assertThat(System.out.checkError()).isFalse();
  }

  static void printsAndAsks(PlaceChannel<Boolean, Void> creator) {
    System.out.println("lost");
    creator.put(System.out.checkError());
  }

  @ParameterizedTest
  @EnumSource(names = "PROCESS", mode = EnumSource.Mode.EXCLUDE) // there it is another JVM's stream
  void whoPrintsOnAStreamThatCannotBeWrittenIsToldByCheckError(Isolation isolation) {
    PrintStream own = System.out;
    System.setOut(new PrintStream(new FullOutput(), true, StandardCharsets.UTF_8));
    try {
      Place<Void, Boolean> failing = node.place(Spawn.isolated(isolation), StreamsTest::printsAndAsks);
      Spawn elsewhere = Spawn.isolated(isolation).out(new ByteArrayOutputStream());
      Place<Void, Boolean> printing = node.place(elsewhere, StreamsTest::printsAndAsks);
      assertThat(failing.get(SOON)).isTrue();
      assertThat(printing.get(SOON)).isFalse();
      assertThat(System.out.checkError()).isTrue();
    } finally {
      System.setOut(own);
    }
    assertThat(System.out.checkError()).isFalse();
  }

  static void readsAll(PlaceChannel<Integer, Void> creator) throws IOException {
    creator.put(System.in.readAllBytes().length);
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceThatWasGivenNoInputHasAnEmptyOne(Isolation isolation) {
    Place<Void, Integer> place = node.place(Spawn.isolated(isolation), StreamsTest::readsAll);
    assertThat(place.get(SOON)).isZero();
    assertThat(place.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aClosedStreamIsRefusedWhenThePlaceIsStarted(Isolation isolation) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    var in = new FileInputStream(file.toFile());
    var out = new FileOutputStream(file.toFile());
    OutputStream nowhere = OutputStream.nullOutputStream();
    in.close();
    out.close();
    nowhere.close();
    PlaceBody<Integer, Void> body = StreamsTest::readsAll;
    Spawn spawn = Spawn.isolated(isolation);
    assertThatThrownBy(() -> node.place(spawn.in(in), body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a place cannot be started with a closed stream; 'in' says: Stream Closed");
    assertThatThrownBy(() -> node.place(spawn.out(out), body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a place cannot be started with a closed stream; 'out' says: Stream Closed");
    assertThatThrownBy(() -> node.place(spawn.err(nowhere), body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a place cannot be started with a closed stream; 'err' says: Stream closed");
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static final class FullOutput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  private static final class ClosableOutput extends ByteArrayOutputStream {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }
}
