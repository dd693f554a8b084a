package io.places.message;

import com.google.protobuf.WireFormat;
import java.lang.foreign.MemorySegment;

/**
 * Memory of any kind, or a slice of it, as bytes. What arrives is a segment of its own, on the heap and
 * aligned for every element type.
 */
record SegmentValue() implements ValueCodec {

  @Override
  public int wireType() {
    return WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  @Override
  public void write(MessageWriter out, Object value) {
    MemorySegment segment = (MemorySegment) value;
    int mark = out.mark();
    out.raw(segment);
    out.length(mark);
  }

  @Override
  public Object read(MessageReader in) {
    return copy(in.segment());
  }

  @Override
  public boolean isDefault(Object value) {
    return ((MemorySegment) value).byteSize() == 0;
  }

  @Override
  public Object defaultValue() {
    return copy(MemorySegment.NULL);
  }

  @Override
  public Object admit(Object value, Admission admission) {
    if (!(value instanceof MemorySegment segment)) {
      throw Refusal.ofClass(value, MemorySegment.class.getName());
    }
    return admission.copies(segment.byteSize()) ? copy(segment) : segment;
  }

  @Override
  public int weight(Object value) {
    return FieldCodec.plus(0, ((MemorySegment) value).byteSize());
  }

  @Override
  public String protoType(ProtoFile file) {
    return "bytes";
  }

  private static MemorySegment copy(MemorySegment segment) {
    long size = segment.byteSize();
    long[] words = new long[Math.toIntExact((size + Long.BYTES - 1) / Long.BYTES)];
    return MemorySegment.ofArray(words).asSlice(0, size).copyFrom(segment);
  }
}
