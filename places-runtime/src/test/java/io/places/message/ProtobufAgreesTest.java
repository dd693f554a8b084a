package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.places.message.readings.DoublesProto;
import io.places.message.readings.ReadingProto;
import io.places.message.readings.ReadingsProto;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** protobuf's own code reads what we write and the reverse, by the .proto that we print. */
class ProtobufAgreesTest {
  private static final int TYPES = 100;
  private static final int VALUES = 20;

  record Reading(
      long id, int sensor, String name, double value, boolean valid, long time, String unit,
      float quality, int flags, String note) {}

  record Readings(List<Reading> readings) {}

  @Test
  void protocCompilesEveryPrintedTypeAndDynamicMessagesReadAndWriteIt(@TempDir Path folder)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("test.seed=" + seed);
    RandomMessages random = new RandomMessages(seed);
    Protoc protoc = new Protoc(folder);
    for (int i = 0; i < TYPES; i++) {
      Type type = random.type(1 + i % 4);
      MessageType<?> messageType = MessageType.of(type);
      String proto = messageType.toProto();
      Descriptor descriptor = protoc.compile(proto);
      for (int j = 0; j < VALUES; j++) {
        agree(messageType, descriptor, random.value(type), proto);
      }
    }
  }

  private static <T> void agree(
      MessageType<T> type, Descriptor descriptor, Object value, String proto) throws Exception {
    T message = type.check(value);
    byte[] ours = type.encode(message);
    DynamicMessage dynamic = DynamicMessage.parseFrom(descriptor, ours);
    assertThat(hasUnknown(dynamic)).as("unknown fields in %s\n%s", dynamic, proto).isFalse();
    byte[] theirs = dynamic.toByteArray();

    assertThat(RandomMessages.same(type.decode(theirs, 0, theirs.length), value))
        .as("%s read back from protobuf's bytes\n%s", value, proto)
        .isTrue();
    assertThat(RandomMessages.same(type.copy(message), value)).as("copy of %s", value).isTrue();
  }

  private static boolean hasUnknown(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return true;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      List<?> values =
          field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
      for (Object value : values) {
        if (value instanceof Message inner && hasUnknown(inner)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void theClassesOfProtocReadWhatWeWriteAndTheReverse() throws InvalidProtocolBufferException {
    List<Reading> readings =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new Reading(
                        1_000_000L * i * i * i, -i, "sensor " + i, i / 3.0, i % 2 == 0, -1, "µ",
                        i / 7f, Integer.MAX_VALUE, ""))
            .toList();
    Readings all = new Readings(readings);
    MessageType<Readings> type = MessageType.of(Readings.class);

    byte[] ours = type.encode(all);
    ReadingsProto theirs = ReadingsProto.parseFrom(ours);

    assertThat(theirs.getReadings(7)).isEqualTo(proto(readings.get(7)));
    assertThat(theirs.toByteArray()).isEqualTo(ours);
    assertThat(type.decode(theirs.toByteArray(), 0, ours.length)).isEqualTo(all);
  }

  private static ReadingProto proto(Reading from) {
    return ReadingProto.newBuilder()
        .setId(from.id())
        .setSensor(from.sensor())
        .setName(from.name())
        .setValue(from.value())
        .setValid(from.valid())
        .setTime(from.time())
        .setUnit(from.unit())
        .setQuality(from.quality())
        .setFlags(from.flags())
        .setNote(from.note())
        .build();
  }

  record Envelope(ReadingProto reading, List<ReadingProto> more) {}

  @Test
  void generatedMessagesAreComponentsToo() {
    ReadingProto reading = ReadingProto.newBuilder().setId(4).setName("x".repeat(10_000)).build();
    Envelope envelope = new Envelope(reading, List.of(ReadingProto.getDefaultInstance(), reading));
    MessageType<Envelope> type = MessageType.of(Envelope.class);

    assertThat(RecordsTest.roundTrip(type, envelope)).isEqualTo(envelope);
    assertThat(type.copy(envelope)).isSameAs(envelope);
    assertThat(type.toProto())
        .isEqualTo(
            """
            syntax = "proto3";

            package io.places.message;

            import "readings.proto";

            message Envelope {
              .io.places.message.readings.ReadingProto reading = 1;
              repeated .io.places.message.readings.ReadingProto more = 2;
            }
            """);
  }

  @Test
  void aBlockOfDoublesIsAPackedField() throws InvalidProtocolBufferException {
    byte[] ours = MessageType.of(double[].class).encode(new double[] {1.5, -0.0, Double.NaN});
    DoublesProto theirs = DoublesProto.parseFrom(ours);

    assertThat(theirs.getValuesList()).containsExactly(1.5, -0.0, Double.NaN);
    assertThat(theirs.toByteArray()).isEqualTo(ours);
  }

  @SuppressWarnings("EnumConstantCase")
  enum Alike {
    a,
    A,
    a_
  }

  @Test
  void namesThatProtobufTakesForTheSameAreToldApart(@TempDir Path folder) throws Exception {
    String proto = MessageType.of(Alike.class).toProto();
    assertThat(proto).contains("ALIKE_A = 0;", "ALIKE_A_2 = 1;", "ALIKE_A__3 = 2;");
    assertThat(new Protoc(folder).compile(proto).getName()).isEqualTo("AlikeValue");
  }

  enum Mood {
    GOOD,
    BAD
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  @Field(9)
  record Polygon(List<double[]> corners) implements Shape {}

  record Drawing(
      String title, Mood mood, Shape frame, Set<String> tags, Map<Long, Shape> shapes,
      Map<Double, Mood> byArea) {}

  @Test
  void thePrintedFileReadsWell() {
    assertThat(MessageType.of(Drawing.class).toProto())
        .isEqualTo(
            """
            syntax = "proto3";

            package io.places.message;

            message Drawing {
              string title = 1;
              Mood mood = 2;
              Shape frame = 3;
              repeated string tags = 4;
              map<int64, Shape> shapes = 5;
              repeated EntryOfDoubleAndMood by_area = 6;
            }

            enum Mood {
              MOOD_GOOD = 0;
              MOOD_BAD = 1;
            }

            message Shape {
              oneof value {
                Circle circle = 1;
                Polygon polygon = 9;
              }
            }

            message Circle {
              double radius = 1;
            }

            message Polygon {
              repeated DoubleArrayValue corners = 1;
            }

            message DoubleArrayValue {
              repeated double value = 1;
            }

            message EntryOfDoubleAndMood {
              double key = 1;
              Mood value = 2;
            }
            """);
  }
}
