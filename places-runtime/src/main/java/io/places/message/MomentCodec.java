package io.places.message;

import com.google.protobuf.WireFormat;
import java.time.Duration;
import java.time.Instant;

/** Instants and durations as {@code google.protobuf.Timestamp} and {@code google.protobuf.Duration}. */
enum MomentCodec implements MessageCodec {
  TIMESTAMP(Instant.class) {
    @Override
    public void write(MessageWriter out, Object value) {
      Instant instant = (Instant) value;
      write(out, instant.getEpochSecond(), instant.getNano());
    }

    @Override
    Object of(long seconds, int nanos) {
      if (nanos < 0 || nanos >= NANOS) {
        throw new Refusal("%d nanoseconds; a Timestamp has 0 to %d".formatted(nanos, NANOS - 1));
      }
      return Instant.ofEpochSecond(seconds, nanos);
    }

    @Override
    public String protoName(ProtoFile file) {
      return file.imported("google/protobuf/timestamp.proto", "google.protobuf.Timestamp");
    }
  },
  DURATION(Duration.class) {
    @Override
    public void write(MessageWriter out, Object value) {
      Duration duration = (Duration) value;
      long seconds = duration.getSeconds();
      int nanos = duration.getNano();
      // Java's nanoseconds always count upwards, protobuf's have the sign of the seconds.
      if (seconds < 0 && nanos > 0) {
        write(out, seconds + 1, nanos - NANOS);
      } else {
        write(out, seconds, nanos);
      }
    }

    @Override
    Object of(long seconds, int nanos) {
      if (nanos <= -NANOS || nanos >= NANOS || (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) {
        throw new Refusal(
            "%d nanoseconds beside %d seconds; a Duration has fewer than %d, of the same sign"
                .formatted(nanos, seconds, NANOS));
      }
      return Duration.ofSeconds(seconds, nanos);
    }

    @Override
    public String protoName(ProtoFile file) {
      return file.imported("google/protobuf/duration.proto", "google.protobuf.Duration");
    }
  };

  private static final int NANOS = 1_000_000_000;
  /** Two varints and their tags. */
  private static final int MOST_BYTES = 22;

  private static final int SECONDS_TAG = FieldCodec.tag(1, WireFormat.WIRETYPE_VARINT);
  private static final int NANOS_TAG = FieldCodec.tag(2, WireFormat.WIRETYPE_VARINT);

  private final Class<?> type;

  MomentCodec(Class<?> type) {
    this.type = type;
  }

  abstract Object of(long seconds, int nanos);

  static void write(MessageWriter out, long seconds, int nanos) {
    out.intField(NANOS_TAG, nanos);
    out.longField(SECONDS_TAG, seconds);
  }

  @Override
  public Object read(MessageReader in) {
    long seconds = 0;
    int nanos = 0;
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == SECONDS_TAG) {
        seconds = in.int64();
      } else if (tag == NANOS_TAG) {
        nanos = in.int32();
      } else {
        in.skip(tag);
      }
    }
    return of(seconds, nanos);
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!type.isInstance(value)) {
      throw Refusal.ofClass(value, type.getName());
    }
    admission.adds(MOST_BYTES);
    return value;
  }

  @Override
  public int weight(Object value) {
    return 0;
  }
}
