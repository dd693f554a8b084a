package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.ListMessage.Group;
import io.places.mapreduce.ListMessage.Pair;
import io.places.mapreduce.ListMessage.Piece;
import io.places.message.MessageType;
import io.places.message.TypeArguments;
import io.places.place.PlaceExit;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The encodings of a mapper's types, and lists in them. */
final class GroupList<K1, V1, K, V> {
  /** A message of about so many bytes: little memory on the way, and few of them. */
  private static final int PIECE_BYTES = 256 << 10;

  private final MessageType<K1> taskKeys;
  private final MessageType<V1> taskValues;
  private final KeyType<K> keys;
  private final MessageType<V> values;

  private GroupList(
      MessageType<K1> taskKeys, MessageType<V1> taskValues, KeyType<K> keys, MessageType<V> values) {
    this.taskKeys = taskKeys;
    this.taskValues = taskValues;
    this.keys = keys;
    this.values = values;
  }

  /**
   * The encodings of a mapper's types.
   *
   * @throws IllegalArgumentException if it leaves one open, or keys cannot be of that type
   * @throws io.places.MessageNotAllowedException if one may not travel
   */
  static GroupList<?, ?, ?, ?> of(Class<?> mapper) {
    Type[] types = TypeArguments.of(mapper, ListMapper.class);
    for (Type type : types) {
      if (type instanceof TypeVariable<?>) {
        throw new IllegalArgumentException(
            "mapper %s leaves %s open: name it in a class, as in 'class M implements ListMapper<Integer, String, String, Long>'"
                .formatted(mapper.getName(), type.getTypeName()));
      }
    }
    return new GroupList<>(
        MessageType.of(types[0]), MessageType.of(types[1]), KeyType.of(types[2]), MessageType.of(types[3]));
  }

  List<Pair> encodeTask(List<KeyValue<K1, V1>> task) {
    return task.stream()
        .map(kv -> new Pair(taskKeys.encode(kv.key()), taskValues.encode(kv.value())))
        .toList();
  }

  List<KeyValue<K1, V1>> decodeTask(List<Pair> task) {
    return task.stream()
        .map(pair -> new KeyValue<>(decode(taskKeys, pair.key()), decode(taskValues, pair.value())))
        .toList();
  }

  /** Pairs as groups of one value each, not sorted. */
  List<Group> encodePairs(List<KeyValue<K, V>> pairs) {
    return pairs.stream()
        .map(kv -> new Group(keys.encode(kv.key()), List.of(values.encode(kv.value()))))
        .toList();
  }

  List<Group> encode(List<KeyValue<K, List<V>>> all) {
    return all.stream()
        .map(
            kv ->
                new Group(
                    keys.encode(kv.key()), kv.value().stream().map(values::encode).toList()))
        .toList();
  }

  List<KeyValue<K, List<V>>> decode(List<Group> groups) {
    return groups.stream()
        .map(
            group ->
                new KeyValue<>(
                    keys.decode(group.key(), 0, group.key().length),
                    group.values().stream().map(value -> decode(values, value)).toList()))
        .toList();
  }

  private static <T> T decode(MessageType<T> type, byte[] bytes) {
    return type.decode(bytes, 0, bytes.length);
  }

  /** The same sorted by key, with all values of a key in one group, in the order of the list. */
  static List<Group> coalesce(List<Group> groups) {
    List<Group> sorted = new ArrayList<>(groups);
    sorted.sort((left, right) -> Arrays.compareUnsigned(left.key(), right.key())); // stable
    List<Group> coalesced = new ArrayList<>();
    int from = 0;
    while (from < sorted.size()) {
      byte[] key = sorted.get(from).key();
      List<byte[]> all = new ArrayList<>();
      while (from < sorted.size() && Arrays.equals(sorted.get(from).key(), key)) {
        all.addAll(sorted.get(from++).values());
      }
      coalesced.add(new Group(key, List.copyOf(all)));
    }
    return coalesced;
  }

  /** Cuts a list into pieces; the last one says so. */
  static void send(List<Group> groups, Consumer<Piece> to) {
    List<Group> piece = new ArrayList<>();
    long bytes = 0;
    for (Group group : groups) {
      piece.add(group);
      bytes += group.key().length + group.values().stream().mapToLong(value -> value.length).sum();
      if (bytes >= PIECE_BYTES) {
        to.accept(new Piece(List.copyOf(piece), false));
        piece.clear();
        bytes = 0;
      }
    }
    to.accept(new Piece(List.copyOf(piece), true));
  }

  /** Makes an object of a user's class, whose types were checked where it was named. */
  @SuppressWarnings("unchecked")
  List<Group> map(ListMapper<?, ?, ?, ?> mapper, List<Pair> task) {
    try {
      return encodePairs(((ListMapper<K1, V1, K, V>) mapper).map(decodeTask(task)));
    } catch (Throwable e) {
      throw failure("mapper", mapper, e);
    }
  }

  @SuppressWarnings("unchecked")
  List<Group> reduce(ListReducer<?, ?> reducer, List<Group> groups) {
    try {
      return coalesce(encode(((ListReducer<K, V>) reducer).reduce(decode(coalesce(groups)))));
    } catch (Throwable e) {
      throw failure("reducer", reducer, e);
    }
  }

  private static RuntimeException failure(String role, Object instance, Throwable cause) {
    if (cause instanceof PlaceExit exit) {
      throw exit;
    }
    return new PlacesException(
        "%s %s failed: %s".formatted(role, instance.getClass().getName(), cause), cause);
  }
}
