package io.places.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/*
 * One deep look at a value: may it travel, and what does the receiver in the same JVM get? Every
 * component is looked at for null, classes that unchecked casts let in, text without a UTF-8 form, and
 * depth. What is immutable all through is handed on as it is.
 *
 * The cost is linear in the number of values. A large collection that the JDK guarantees to be immutable,
 * and whose elements all were, is remembered, so putting it again takes constant time; so are long texts
 * and large generated messages of recursive types.
 *
 * On the way an upper bound of the encoded size is summed up, which costs an addition a value. Only if it
 * exceeds what a message may take is the size counted exactly: in most messages that fit, no string is
 * ever measured and no varint either.
 */

/** Checks a value deeply, and copies what must not be shared. Used by one thread, for one message. */
final class Admission {
  /** Smaller ones are looked at again faster than they are looked up. */
  private static final int REMEMBERED_SIZE = 256;

  /** Bounds the memory that remembering takes to about a megabyte. */
  private static final int MOST_REMEMBERED = 10_000;

  /** What takes at most so many bytes by its bound is remembered with that, and not counted exactly. */
  private static final int SURELY_SMALL = MessageType.LARGEST / 8;

  /** As what a value was seen; a strong reference to the codec would hold its class loader. */
  private record Seen(WeakReference<Object> codec, int depth, long bytes) {}

  /** By identity: Caffeine compares weak keys so. */
  private static final Cache<Object, Seen> IMMUTABLE =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_REMEMBERED).build();

  private final boolean copying;
  private @Nullable Moves moves;
  private @Nullable List<Object> references; // made for the first
  private int depth;
  private int remembered;
  private long bytes;
  private long blocks;

  private Admission(boolean copying) {
    this.copying = copying;
  }

  static Admission check() {
    return new Admission(false);
  }

  static Admission copy() {
    return new Admission(true);
  }

  /** Whether what is mutable is to be copied; else it is only looked at. */
  boolean copying() {
    return copying;
  }

  /** Something in the message takes so many bytes on the wire, or fewer. */
  void adds(long most) {
    bytes += most;
  }

  /**
   * A block of so many bytes is in the message. Answers whether it is to be copied: not if the message is
   * too large already, and will be refused.
   */
  boolean copies(long size) {
    bytes += FieldCodec.MOST_LENGTH + size;
    blocks += size;
    return copying && blocks <= MessageType.LARGEST;
  }

  /** No fewer bytes than the encoding takes. */
  long bytes() {
    return bytes;
  }

  /** Whether nothing was copied. */
  @SuppressWarnings("ReferenceEquality") // an equal copy is still a copy
  static boolean same(Object admitted, Object value) {
    return admitted == value;
  }

  void enter() {
    if (depth == MessageType.RECURSION_LIMIT) {
      throw Depth.exceeded();
    }
    depth++;
  }

  void leave() {
    depth--;
  }

  int depth() {
    return depth;
  }

  /** A transfer of this array, which counts as moved once the whole message is admitted. */
  void moves(Transfer<?> transfer, Object array) {
    if (moves == null) {
      moves = new Moves();
    }
    moves.add(transfer, array);
  }

  /** A value that travels as a reference is in the message. */
  void refers(Object value) {
    if (references == null) {
      references = new ArrayList<>();
    }
    references.add(value);
  }

  /** Such values, as often as they are in the message; null if there are none. */
  @Nullable List<Object> references() {
    return references;
  }

  void commit() {
    if (moves != null && copying) {
      moves.commit();
    }
  }

  /** Whether an immutable value was found to be one that may travel, here or deeper. */
  boolean remembers(Object value, long size, Object codec) {
    if (size < REMEMBERED_SIZE) {
      return false;
    }
    Seen seen = IMMUTABLE.getIfPresent(value);
    if (seen == null || !codec.equals(seen.codec().get()) || seen.depth() < depth) {
      return false;
    }
    remembered++;
    bytes += seen.bytes();
    return true;
  }

  /** How many values were not looked through again. */
  int remembered() {
    return remembered;
  }

  /**
   * Remembers a value that is immutable all through and was looked through.
   *
   * @param before what {@link #bytes} was before it
   * @param write of the codec
   */
  void remember(
      Object value, long size, Object codec, long before, BiConsumer<MessageWriter, Object> write) {
    if (size >= REMEMBERED_SIZE && references == null) { // else they must be found again
      if (bytes - before > SURELY_SMALL) {
        MessageWriter out = MessageWriter.counting();
        write.accept(out, value);
        bytes = before + out.written();
      }
      IMMUTABLE.put(value, new Seen(new WeakReference<>(codec), depth, bytes - before));
    }
  }
}
