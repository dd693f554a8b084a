package io.places.mapreduce;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.places.mapreduce.proto.SideChunk;
import io.places.message.MessageType;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The side data of one job in one JVM, decoded when it is first asked for. Safe for many threads. */
final class SideValues {
  /** Some frames' worth: a message on its way for each worker is little memory. */
  private static final int CHUNK_BYTES = 256 << 10;

  /** What those get who must not have any. */
  static final SideValues WITHHELD = new SideValues(Map.of());

  private final Map<String, ByteArrayOutputStream> arriving = new ConcurrentHashMap<>();
  private final Map<String, byte[]> encoded = new ConcurrentHashMap<>();
  private final Map<String, Object> decoded = new ConcurrentHashMap<>();

  SideValues(Map<String, byte[]> encoded) {
    this.encoded.putAll(encoded);
  }

  /** Cuts all into pieces for another JVM. */
  static void send(Map<String, byte[]> all, long job, Consumer<SideChunk> to) {
    all.forEach(
        (name, bytes) -> {
          int at = 0;
          do {
            int size = Math.min(CHUNK_BYTES, bytes.length - at);
            ByteString piece = UnsafeByteOperations.unsafeWrap(bytes, at, size);
            at += size;
            to.accept(
                SideChunk.newBuilder()
                    .setJob(job)
                    .setName(name)
                    .setBytes(piece)
                    .setLast(at == bytes.length)
                    .build());
          } while (at < bytes.length);
        });
  }

  /** Takes the next piece, which only one thread does. */
  void add(SideChunk chunk) {
    ByteArrayOutputStream all =
        arriving.computeIfAbsent(chunk.getName(), name -> new ByteArrayOutputStream());
    all.writeBytes(chunk.getBytes().toByteArray());
    if (chunk.getLast()) {
      encoded.put(chunk.getName(), all.toByteArray());
      arriving.remove(chunk.getName());
    }
  }

  /**
   * The data, the same object each time.
   *
   * @throws IllegalArgumentException if the job was given none of that name, or of another type
   */
  <T> T get(SideData<T> side) {
    Object value = decoded.computeIfAbsent(side.name(), name -> decode(side));
    if (!side.type().isInstance(value)) {
      throw new IllegalArgumentException(
          "the side data '%s' is of %s, not of %s"
              .formatted(side.name(), value.getClass().getName(), side.type().getName()));
    }
    return side.type().cast(value);
  }

  private Object decode(SideData<?> side) {
    if (this == WITHHELD) {
      throw new IllegalArgumentException(
          "there is no side data '%s' before keep: what workers keep is for other jobs, too, whose side data may be other; read it in a mapper behind keep"
              .formatted(side.name()));
    }
    byte[] bytes = encoded.get(side.name());
    if (bytes == null) {
      throw new IllegalArgumentException(
          "the job has no side data '%s'; it has %s: give it with .side"
              .formatted(side.name(), names()));
    }
    Object value = MessageType.of(side.type()).decode(bytes, 0, bytes.length);
    encoded.remove(side.name()); // not before: the next attempt must find it if this one fails
    return value;
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(encoded.keySet());
    names.addAll(decoded.keySet());
    return names;
  }
}
