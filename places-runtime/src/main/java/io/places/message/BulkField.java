package io.places.message;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers as a packed field. One block is one copy; what other writers split into several
 * blocks, or do not pack, is read too.
 */
record BulkField(int number, int tag, int elementTag, Bulk kind) implements FieldCodec {

  static BulkField of(int number, Bulk kind) {
    return new BulkField(
        number,
        FieldCodec.lengthDelimited(number),
        FieldCodec.tag(number, kind.elementWireType()),
        kind);
  }

  @Override
  public int[] tags() {
    return new int[] {tag, elementTag};
  }

  @Override
  public void write(MessageWriter out, @Nullable Object component) {
    if (component == null) {
      throw nothing();
    }
    if (kind.length(component) > 0) {
      int mark = out.mark();
      kind.write(out, component);
      out.length(mark);
      out.tag(tag);
    }
  }

  @Override
  public Object read(MessageReader in, int found, @Nullable Object soFar) {
    MemorySegment block = found == tag ? in.segment() : in.segment(kind.width());
    int count = (int) (block.byteSize() / kind.width());
    if (block.byteSize() % kind.width() != 0) {
      throw new Refusal(
          "%d bytes of packed %s, each of which takes %d"
              .formatted(block.byteSize(), kind.protoType(), kind.width()));
    }
    if (soFar == null) {
      Object array = kind.create(count);
      in.copy(block, kind, array);
      return array;
    }
    Blocks blocks = soFar instanceof Blocks many ? many : new Blocks(kind, soFar);
    blocks.add(block, count);
    return blocks;
  }

  @Override
  public Object finish(@Nullable Object soFar) {
    if (soFar == null) {
      return kind.create(0);
    }
    return soFar instanceof Blocks blocks ? blocks.whole() : soFar;
  }

  @Override
  public Object admit(@Nullable Object component, Admission admission) {
    if (component == null) {
      throw nothing();
    }
    if (!kind.arrayType().isInstance(component)) {
      throw Refusal.ofClass(component, kind.arrayType().getTypeName());
    }
    return admission.copies(kind.bytes(component))
        ? kind.resized(component, kind.length(component))
        : component;
  }

  @Override
  public int weight(@Nullable Object component) {
    return component == null ? 0 : FieldCodec.plus(0, kind.bytes(component));
  }

  @Override
  public String proto(ProtoFile file, String name) {
    return "repeated %s %s = %d".formatted(kind.protoType(), name, number);
  }

  private static Refusal nothing() {
    return new Refusal("null cannot travel; for nothing there is an array of length 0");
  }

  /** An array that comes in several blocks: grows by doubling, so that many small ones cost no more. */
  private static final class Blocks {
    private final Bulk kind;
    private Object array;
    private int length;

    Blocks(Bulk kind, Object first) {
      this.kind = kind;
      this.array = first;
      this.length = kind.length(first);
    }

    void add(MemorySegment block, int count) {
      int capacity = kind.length(array);
      if (count > capacity - length) {
        array = kind.resized(array, Math.max(length + count, 2 * capacity));
      }
      kind.read(block, array, length);
      length += count;
    }

    Object whole() {
      return kind.resized(array, length);
    }
  }
}
