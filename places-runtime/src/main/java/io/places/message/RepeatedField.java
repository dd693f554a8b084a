package io.places.message;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A list or a set of values that may occur any number of times; numbers are packed. */
record RepeatedField(int number, int tag, int packedTag, CollectionKind kind, ValueCodec element)
    implements FieldCodec {

  /** What a reference takes, so that a list of values that are cheap by themselves weighs something. */
  private static final int REFERENCE_BYTES = 4;

  /** Room at first for elements whose number is not known ahead. */
  private static final int FEW = 8;

  static RepeatedField of(int number, CollectionKind kind, ValueCodec element) {
    return new RepeatedField(
        number,
        FieldCodec.tag(number, element.wireType()),
        FieldCodec.lengthDelimited(number),
        kind,
        element);
  }

  private boolean packed() {
    return tag != packedTag;
  }

  @Override
  public int[] tags() {
    return packed() ? new int[] {packedTag, tag} : new int[] {tag};
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    @Nullable Object[] elements = kind.collection(component).toArray();
    if (packed()) {
      if (elements.length > 0) {
        int mark = out.mark();
        writeEach(out, elements, false);
        out.length(mark);
        out.tag(packedTag);
      }
    } else {
      writeEach(out, elements, true);
    }
  }

  private void writeEach(MessageWriter out, @Nullable Object[] elements, boolean tagged) {
    int i = elements.length - 1;
    try {
      for (; i >= 0; i--) {
        Object value = elements[i];
        if (value == null) {
          throw Refusal.ofNull();
        }
        element.write(out, value);
        if (tagged) {
          out.tag(tag);
        }
      }
    } catch (RuntimeException e) {
      throw Refusal.of(e).at(i);
    }
  }

  @Override
  public Object read(MessageReader in, int found, @Nullable Object soFar) {
    boolean block = packed() && found == packedTag;
    int outer = block ? in.pack() : 0;
    Elements elements =
        soFar == null
            ? new Elements(block ? in.packedCount(element.wireType()) : FEW)
            : (Elements) soFar;
    try {
      if (block) {
        while (in.more()) {
          elements.add(element.read(in));
        }
        in.unpack(outer);
      } else {
        elements.add(element.read(in));
      }
    } catch (RuntimeException e) {
      throw Refusal.of(e).at(elements.size());
    }
    return elements;
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    return kind.of(soFar == null ? new Object[0] : ((Elements) soFar).toArray());
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    Collection<?> collection = kind.collection(component);
    boolean immutable = CollectionKind.isImmutable(collection);
    if (immutable && admission.remembers(collection, collection.size(), this)) {
      return collection;
    }
    Object[] elements = collection.toArray(); // what is in it now, whatever other threads do
    long before = admission.bytes();
    admission.adds(MOST_LENGTH + (packed() ? 0 : (long) MOST_TAG * elements.length));
    boolean same = admitEach(elements, admission);
    if (immutable && same) {
      admission.remember(collection, elements.length, this, before, this::write);
    }
    return (immutable && same) || !admission.copying() ? collection : kind.of(elements);
  }

  /** Puts what is admitted in place; answers whether that changed nothing. */
  private boolean admitEach(@Nullable Object[] elements, Admission admission) {
    boolean same = true;
    int i = 0;
    try {
      for (; i < elements.length; i++) {
        Object value = elements[i];
        if (value == null) {
          throw Refusal.ofNull();
        }
        Object admitted = element.admit(value, admission);
        same &= Admission.same(admitted, value);
        elements[i] = admitted;
      }
    } catch (RuntimeException e) {
      throw Refusal.of(e).at(i);
    }
    return same;
  }

  @Override
  public int weight(@Nullable Object component) {
    return component instanceof Collection<?> collection
        ? FieldCodec.plus(0, REFERENCE_BYTES * (long) collection.size())
        : 0;
  }

  @Override
  public String proto(ProtoFile file, String name) {
    return "repeated %s %s = %d".formatted(element.protoType(file), name, number);
  }
}
