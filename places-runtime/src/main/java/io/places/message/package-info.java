/**
 * What may travel between places: a {@link MessageType} ties a Java type to a Protocol Buffers message
 * and says how a value is copied when it stays in the JVM.
 *
 * <p>API. Start reading at {@link MessageType}, then at {@code TypeResolver}, which turns declarations
 * into codecs: a {@code MessageCodec} has fields, a {@code FieldCodec} is one of them, a {@code ValueCodec}
 * its content. {@code RecordCodecClass} tells how the code of a record is generated; {@code MessageWriter}
 * and {@code MessageReader} are the wire format. {@code StructuredType} puts them together. One of the two
 * packages that use protobuf-java.
 */
@NullMarked
package io.places.message;

import org.jspecify.annotations.NullMarked;
