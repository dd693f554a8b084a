package io.places.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/*
 * One deep look at a value: may it travel, and what does the receiver in the same JVM get? Every
 * component is looked at for null, classes that unchecked casts let in, text without a UTF-8 form, and
 * depth. What is immutable all through is handed on as it is.
 *
 * The cost is linear in the number of values. A large collection that the JDK guarantees to be immutable,
 * and whose elements all were, is remembered, so putting it again takes constant time.
 */

/** Checks a value deeply, and copies what must not be shared. Used by one thread, for one message. */
final class Admission {
  /** Smaller collections are looked at again faster than they are looked up. */
  private static final int REMEMBERED_SIZE = 256;

  /** Bounds the memory that remembering takes to about a megabyte. */
  private static final int MOST_REMEMBERED = 10_000;

  /** As what a collection was seen; a strong reference to the codec would hold its class loader. */
  private record Seen(WeakReference<Object> codec, int depth) {}

  /** By identity: Caffeine compares weak keys so. */
  private static final Cache<Object, Seen> IMMUTABLE =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_REMEMBERED).build();

  private final boolean copying;
  private @Nullable Moves moves;
  private int depth;
  private int remembered;

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

  void commit() {
    if (moves != null && copying) {
      moves.commit();
    }
  }

  /** Whether an immutable collection was found immutable all through, here or deeper. */
  boolean remembers(Object collection, int size, Object codec) {
    if (size < REMEMBERED_SIZE) {
      return false;
    }
    Seen seen = IMMUTABLE.getIfPresent(collection);
    boolean known = seen != null && codec.equals(seen.codec().get()) && seen.depth() >= depth;
    remembered += known ? 1 : 0;
    return known;
  }

  /** How many collections were not looked through again. */
  int remembered() {
    return remembered;
  }

  void remember(Object collection, int size, Object codec) {
    if (size >= REMEMBERED_SIZE) {
      IMMUTABLE.put(collection, new Seen(new WeakReference<>(codec), depth));
    }
  }
}
