package io.places.message;

import com.google.protobuf.WireFormat;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map: on the wire a repeated message of a key, field 1, and a value, field 2. */
record MapField(int number, int tag, ValueCodec key, int keyTag, ValueCodec value, int valueTag)
    implements FieldCodec {
  private static final int KEY = 1;
  private static final int VALUE = 2;

  /** What the two references of an entry take. */
  private static final int ENTRY_BYTES = 8;

  /** What comes on top of the two values of an entry: its tag and length, and theirs. */
  private static final int MOST_ENTRY = MOST_TAG + MOST_LENGTH + 2;

  private static final int LONGEST_KEY_IN_PATH = 40;

  static MapField of(int number, ValueCodec key, ValueCodec value) {
    return new MapField(
        number,
        FieldCodec.lengthDelimited(number),
        key,
        FieldCodec.tag(KEY, key.wireType()),
        value,
        FieldCodec.tag(VALUE, value.wireType()));
  }

  @Override
  public int[] tags() {
    return new int[] {tag};
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    for (Object each : map(component).entrySet().toArray()) {
      var entry = (Map.Entry<?, ?>) each;
      try {
        int mark = out.enter();
        value.write(out, present(entry.getValue()));
        out.tag(valueTag);
        key.write(out, present(entry.getKey()));
        out.tag(keyTag);
        out.leave(mark);
        out.tag(tag);
      } catch (RuntimeException e) {
        throw at(entry.getKey(), e);
      }
    }
  }

  @Override
  @SuppressWarnings("unchecked") // what is gathered so far is what was answered before
  public Object read(MessageReader in, int found, @Nullable Object soFar) {
    var entries = soFar == null ? new HashMap<Object, Object>() : (HashMap<Object, Object>) soFar;
    int outer = in.enter();
    Object k = null;
    Object v = null;
    for (int next = in.tag(); next != 0; next = in.tag()) {
      if (next == keyTag) {
        k = key.read(in);
      } else if (next == valueTag) {
        v = value.read(in);
      } else {
        in.skip(next);
      }
    }
    in.leave(outer);
    entries.put(k == null ? key.defaultValue() : k, v == null ? value.defaultValue() : v);
    return entries;
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    return soFar == null ? Map.of() : Map.copyOf((HashMap<?, ?>) soFar);
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    Map<?, ?> map = map(component);
    boolean immutable = CollectionKind.isImmutable(map);
    if (immutable && admission.remembers(map, map.size(), this)) {
      return map;
    }
    var entries = new HashMap<Object, Object>();
    long before = admission.bytes();
    admission.adds((long) MOST_ENTRY * map.size());
    boolean same = admitEach(map, admission, entries);
    if (immutable && same) {
      admission.remember(map, map.size(), this, before, this::write);
    }
    return (immutable && same) || !admission.copying() ? map : Map.copyOf(entries);
  }

  private boolean admitEach(Map<?, ?> map, Admission admission, Map<Object, Object> entries) {
    boolean same = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object k = entry.getKey();
      Object v = entry.getValue();
      try {
        admission.enter();
        Object admittedKey = key.admit(present(k), admission);
        Object admittedValue = value.admit(present(v), admission);
        admission.leave();
        same &= Admission.same(admittedKey, k) && Admission.same(admittedValue, v);
        if (admission.copying()) {
          entries.put(admittedKey, admittedValue);
        }
      } catch (RuntimeException e) {
        throw at(k, e);
      }
    }
    return same;
  }

  @Override
  public int weight(@Nullable Object component) {
    return component instanceof Map<?, ?> map
        ? FieldCodec.plus(0, ENTRY_BYTES * (long) map.size())
        : 0;
  }

  @Override
  public String proto(ProtoFile file, String name) {
    String keyType = key.protoType(file);
    String valueType = value.protoType(file);
    return isProtoKey()
        ? "map<%s, %s> %s = %d".formatted(keyType, valueType, name, number)
        : "repeated %s %s = %d".formatted(file.entryName(keyType, valueType), name, number);
  }

  /** protobuf has maps by integers, booleans and strings; others look the same on the wire. */
  private boolean isProtoKey() {
    return key == Scalar.STRING
        || (key instanceof Scalar && key.wireType() == WireFormat.WIRETYPE_VARINT);
  }

  private static Map<?, ?> map(@Nullable Object component) {
    if (component == null) {
      throw new Refusal("null cannot travel; for nothing there is an empty Map");
    }
    if (component instanceof Map<?, ?> map) {
      return map;
    }
    throw Refusal.ofClass(component, Map.class.getName());
  }

  private static Object present(@Nullable Object value) {
    if (value == null) {
      throw Refusal.ofNull();
    }
    return value;
  }

  private static Refusal at(@Nullable Object key, RuntimeException e) {
    String text = String.valueOf(key);
    return Refusal.of(e)
        .at(
            "["
                + (text.length() > LONGEST_KEY_IN_PATH
                    ? text.substring(0, LONGEST_KEY_IN_PATH) + "…"
                    : text)
                + "]");
  }
}
