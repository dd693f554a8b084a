package io.places.message;

import com.google.protobuf.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sealed interface as a message with one {@code oneof}: exactly one of its cases is set. */
record SealedCodec(Class<?> type, String typeName, List<Case> cases) implements MessageCodec {

  /** One permitted type, and the field that it is. */
  record Case(Class<?> type, String name, int number, MessageValue value) {
    int tag() {
      return FieldCodec.lengthDelimited(number);
    }
  }

  @Override
  public void write(MessageWriter out, Object value) {
    Case chosen = chosen(value);
    chosen.value().write(out, value);
    out.tag(chosen.tag());
  }

  @Override
  public Object read(MessageReader in) {
    @Nullable Object value = null;
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      Case chosen = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
          ? numbered(WireFormat.getTagFieldNumber(tag))
          : null;
      if (chosen == null) {
        in.skip(tag);
      } else {
        value = chosen.value().read(in);
      }
    }
    if (value == null) {
      throw new Refusal(
          "none of the cases of %s came, and it has no default; does the peer have a newer one?"
              .formatted(type.getName()));
    }
    return value;
  }

  @Override
  public Object admit(Object value, Admission admission) {
    admission.adds(FieldCodec.MOST_TAG);
    return chosen(value).value().admit(value, admission);
  }

  @Override
  public int weight(Object value) {
    return chosen(value).value().weight(value);
  }

  @Override
  public String protoName(ProtoFile file) {
    return file.define(this, typeName, name -> file.oneof(cases));
  }

  private Case chosen(Object value) {
    for (Case each : cases) {
      if (each.type().isInstance(value)) {
        return each;
      }
    }
    throw Refusal.ofClass(value, type.getName());
  }

  private @Nullable Case numbered(int number) {
    for (Case each : cases) {
      if (each.number() == number) {
        return each;
      }
    }
    return null;
  }
}
