/**
 * What may travel between places: a {@link MessageType} ties a Java type to a Protocol Buffers message
 * and says how a value is copied when it stays in the JVM.
 *
 * <p>API. Start reading at {@link MessageType}. One of the two packages that use protobuf-java.
 */
@NullMarked
package io.places.message;

import org.jspecify.annotations.NullMarked;
