/**
 * Bytes between nodes: authenticated connections that carry frames, in lanes that do not block each
 * other. Knows no places; the only package that sees Vert.x. The frames are specified in {@code
 * frame.proto}.
 *
 * <p>Internal: used by {@code node}. Start reading at {@link Wire}, then {@link Connection}; {@link
 * Transport} is the seam at which a simulated network takes Vert.x's place.
 */
@NullMarked
package io.places.wire;

import org.jspecify.annotations.NullMarked;
