package io.places.mapreduce;

import io.places.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Type;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An encoding of keys that keeps their order: comparing the encoded bytes as unsigned numbers, a
 * prefix first, compares the keys. So everything between map and reduce sorts and groups bytes and
 * never decodes a key, and another engine that sorts bytes can run the same job.
 *
 * <table>
 * <caption>What a key may be</caption>
 * <tr><th>Java type</th><th>bytes</th></tr>
 * <tr><td>{@code String}</td><td>its UTF-8 form, so the order is that of code points</td></tr>
 * <tr><td>{@code Long}, {@code Integer}</td>
 *     <td>8 or 4 bytes, most significant first, the sign bit flipped</td></tr>
 * <tr><td>{@code byte[]}</td><td>itself</td></tr>
 * <tr><td>a record</td><td>its components: see {@link OrderedBytes}</td></tr>
 * </table>
 *
 * @param <K> the keys
 */
abstract class KeyType<K> {
  private static final int MOST_QUOTED = 40;

  private static final List<KeyType<?>> ALL =
      List.of(new StringKeys(), new LongKeys(), new IntegerKeys(), new ByteKeys());

  private final Class<K> javaType;

  KeyType(Class<K> javaType) {
    this.javaType = javaType;
  }

  /**
   * The key type of a type as reflection gives it.
   *
   * @throws IllegalArgumentException if such values cannot be keys, saying what can
   */
  static KeyType<?> of(Type type) {
    for (KeyType<?> keyType : ALL) {
      if (keyType.javaType.equals(type)) {
        return keyType;
      }
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return RecordKeys.of(c);
    }
    throw new IllegalArgumentException(
        type.getTypeName()
            + " is no type for keys; keys may be String, Long, Integer, byte[], or a record of such");
  }

  Class<K> javaType() {
    return javaType;
  }

  /**
   * The encoding, which may be the key itself: not to be changed.
   *
   * @throws IllegalArgumentException if this key has no encoding
   */
  abstract byte[] encode(K key);

  /**
   * The same into a buffer.
   *
   * @throws IllegalArgumentException if this key has no encoding
   */
  void encode(K key, KeyBuffer to) {
    to.set(encode(key));
  }

  /** Whether a key is a text, and its encoding the text's UTF-8 form. */
  boolean isUtf8() {
    return false;
  }

  /** A key of its own, which nothing else refers to. */
  abstract K decode(byte[] bytes, int offset, int length);

  /** How many of the key's bytes tell its group; all, unless {@link #groupsByPart}. */
  int groupLength(byte[] bytes, int offset, int length) {
    return length;
  }

  /** Whether keys that are not equal may be in one group. */
  boolean groupsByPart() {
    return false;
  }

  final K decode(Slice slice) {
    return decode(slice.bytes(), slice.offset(), slice.length());
  }

  private static final class StringKeys extends KeyType<String> {
    StringKeys() {
      super(String.class);
    }

    @Override
    byte[] encode(String key) {
      return utf8(key);
    }

    @Override
    void encode(String key, KeyBuffer to) {
      int length = key.length();
      byte[] bytes = to.room(length);
      for (int i = 0; i < length; i++) {
        char c = key.charAt(i);
        if (c >= 0x80) {
          to.set(utf8(key));
          return;
        }
        bytes[i] = (byte) c;
      }
      to.used(length);
    }

    @Override
    boolean isUtf8() {
      return true;
    }

    @Override
    String decode(byte[] bytes, int offset, int length) {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
  }

  /**
   * The UTF-8 form of a text.
   *
   * @throws IllegalArgumentException if it has none
   */
  static byte[] utf8(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (Character.isSurrogate(key.charAt(i))) {
        i = second(key, i);
      }
    }
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The text of a UTF-8 form.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String text(byte[] utf8, int offset, int length) {
    String text = new String(utf8, offset, length, StandardCharsets.UTF_8);
    byte[] back = text.getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(back, 0, back.length, utf8, offset, offset + length)) {
      throw new IllegalArgumentException(
          "%d bytes that begin with '%s' were emitted as UTF-8 and are not; use a key of byte[] for such data"
              .formatted(length, text.substring(0, Math.min(text.length(), MOST_QUOTED))));
    }
    return text;
  }

  /** The index of the second half of the pair that begins at {@code first}. */
  private static int second(String key, int first) {
    if (first + 1 < key.length()
        && Character.isSurrogatePair(key.charAt(first), key.charAt(first + 1))) {
      return first + 1;
    }
    throw new IllegalArgumentException(
        "the key has an unpaired surrogate (U+%04X at index %d), so it has no UTF-8 form; use a key of byte[] for such data"
            .formatted((int) key.charAt(first), first));
  }

  private static final class LongKeys extends KeyType<Long> {
    private static final VarHandle BIG_ENDIAN =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    LongKeys() {
      super(Long.class);
    }

    @Override
    void encode(Long key, KeyBuffer to) {
      BIG_ENDIAN.set(to.room(Long.BYTES), 0, key ^ Long.MIN_VALUE);
      to.used(Long.BYTES);
    }

    @Override
    byte[] encode(Long key) {
      byte[] bytes = new byte[Long.BYTES];
      BIG_ENDIAN.set(bytes, 0, key ^ Long.MIN_VALUE);
      return bytes;
    }

    @Override
    Long decode(byte[] bytes, int offset, int length) {
      checkLength(length, Long.BYTES);
      return (long) BIG_ENDIAN.get(bytes, offset) ^ Long.MIN_VALUE;
    }
  }

  private static final class IntegerKeys extends KeyType<Integer> {
    private static final VarHandle BIG_ENDIAN =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    IntegerKeys() {
      super(Integer.class);
    }

    @Override
    byte[] encode(Integer key) {
      byte[] bytes = new byte[Integer.BYTES];
      BIG_ENDIAN.set(bytes, 0, key ^ Integer.MIN_VALUE);
      return bytes;
    }

    @Override
    Integer decode(byte[] bytes, int offset, int length) {
      checkLength(length, Integer.BYTES);
      return (int) BIG_ENDIAN.get(bytes, offset) ^ Integer.MIN_VALUE;
    }
  }

  private static final class ByteKeys extends KeyType<byte[]> {
    ByteKeys() {
      super(byte[].class);
    }

    @Override
    byte[] encode(byte[] key) {
      return key;
    }

    @Override
    byte[] decode(byte[] bytes, int offset, int length) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
  }

  static void checkAtLeast(int length, int least) {
    if (length < least) {
      throw damaged("a key of " + length + " bytes came where all have " + least + " or more");
    }
  }

  static ProtocolException damaged(String what) {
    return new ProtocolException(what);
  }

  private static void checkLength(int length, int expected) {
    if (length != expected) {
      throw new ProtocolException("a key of " + length + " bytes came where all have " + expected);
    }
  }
}
