package io.places.message;

import java.util.List;

/**
 * What a record looks like as a message.
 *
 * @param type the record
 * @param typeName as its declaration reads, type arguments included and packages left out
 * @param names of the components, in order
 * @param fields of the components, in order
 */
record RecordShape(Class<?> type, String typeName, List<String> names, List<FieldCodec> fields) {

  /** Whether a component is primitive, so that it is read, written and copied without a codec. */
  boolean isPrimitive(int component) {
    return type.getRecordComponents()[component].getType().isPrimitive();
  }
}
