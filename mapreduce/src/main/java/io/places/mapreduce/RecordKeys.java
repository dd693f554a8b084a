package io.places.mapreduce;

import io.places.PlacesException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys that are records: sorted by their first component, then by the second, and so on. */
final class RecordKeys<K> extends KeyType<K> {
  private static final Map<Class<?>, Field> FIELDS =
      Map.ofEntries(
          field(String.class, (v, to) -> to.putText((String) v, false), r -> r.getText()),
          field(long.class, (v, to) -> to.putLong((long) v, false), r -> r.getLong()),
          field(Long.class, (v, to) -> to.putLong((long) v, false), r -> r.getLong()),
          field(int.class, (v, to) -> to.putInt((int) v), r -> r.getInt()),
          field(Integer.class, (v, to) -> to.putInt((int) v), r -> r.getInt()),
          field(double.class, (v, to) -> to.putDouble((double) v, false), r -> r.getDouble()),
          field(Double.class, (v, to) -> to.putDouble((double) v, false), r -> r.getDouble()),
          field(boolean.class, (v, to) -> to.putBoolean((boolean) v), r -> r.getBoolean()),
          field(Boolean.class, (v, to) -> to.putBoolean((boolean) v), r -> r.getBoolean()),
          field(byte[].class, (v, to) -> to.putBytes((byte[]) v, false), r -> r.getBytes()));

  private final List<Component> components;
  private final Constructor<K> constructor;

  private interface Put {
    void put(Object value, OrderedBytes to);
  }

  private interface Get {
    Object get(OrderedBytes.Reader from);
  }

  private record Field(Put put, Get get) {}

  private record Component(String name, Method accessor, Field field) {}

  private RecordKeys(Class<K> type, List<Component> components, Constructor<K> constructor) {
    super(type);
    this.components = components;
    this.constructor = constructor;
  }

  /**
   * The key type of a record.
   *
   * @throws IllegalArgumentException if a component cannot be part of a key
   */
  static <K> RecordKeys<K> of(Class<K> type) {
    return of(type, Set.of());
  }

  /**
   * As above, for a record within others.
   *
   * @param around the types of these
   */
  private static <K> RecordKeys<K> of(Class<K> type, Set<Class<?>> around) {
    Set<Class<?>> known = new HashSet<>(around);
    known.add(type);
    List<Component> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(component(type, component, known));
    }
    try {
      Class<?>[] types = components.stream().map(c -> c.accessor().getReturnType()).toArray(Class[]::new);
      Constructor<K> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new RecordKeys<>(type, components, constructor);
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record has this constructor: " + type, e);
    }
  }

  private static Component component(
      Class<?> type, RecordComponent component, Set<Class<?>> known) {
    if (known.contains(component.getType())) {
      throw new IllegalArgumentException(
          "%s is no type for keys: its component %s is of %s again, so it could have no end"
              .formatted(type.getName(), component.getName(), component.getType().getName()));
    }
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    Field field = FIELDS.get(component.getType());
    if (field == null && component.getType().isRecord()) {
      RecordKeys<?> nested = of(component.getType(), known);
      field = new Field(nested::putAny, nested::get);
    }
    if (field == null) {
      throw new IllegalArgumentException(
          "%s is no type for keys, because of its component %s of %s; components may be String, long, int, double, boolean, byte[], or such records"
              .formatted(type.getName(), component.getName(), component.getType().getName()));
    }
    return new Component(component.getName(), accessor, field);
  }

  private static Map.Entry<Class<?>, Field> field(Class<?> type, Put put, Get get) {
    return Map.entry(type, new Field(put, get));
  }

  @Override
  byte[] encode(K key) {
    OrderedBytes bytes = new OrderedBytes();
    putAny(key, bytes);
    return bytes.toArray();
  }

  @Override
  K decode(byte[] bytes, int offset, int length) {
    OrderedBytes.Reader reader = new OrderedBytes.Reader(bytes, offset, length);
    K key = get(reader);
    reader.end();
    return key;
  }

  private void putAny(Object key, OrderedBytes to) {
    for (Component component : components) {
      component.field().put().put(value(component, key), to);
    }
  }

  private Object value(Component component, Object key) {
    @Nullable Object value;
    try {
      value = component.accessor().invoke(key);
    } catch (ReflectiveOperationException e) {
      throw new PlacesException("cannot read the key %s: %s".formatted(Quoted.of(key), e), e);
    }
    if (value == null) {
      throw new IllegalArgumentException(
          "the key %s has null as its %s, which has no place in an order"
              .formatted(Quoted.of(key), component.name()));
    }
    return value;
  }

  private K get(OrderedBytes.Reader from) {
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = components.get(i).field().get().get(from);
    }
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new PlacesException(
          "cannot make a key of %s: %s".formatted(javaType().getName(), e), e);
    }
  }
}
