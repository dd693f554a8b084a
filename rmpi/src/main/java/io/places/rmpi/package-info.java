/**
 * MPI for Java: a fixed number of ranks, each a place, that exchange messages by rank and tag and take part in
 * collective operations. The same program runs with its ranks as threads of one JVM or as processes on one
 * machine or many.
 *
 * <p>Start reading at {@link Rmpi#launch}, then {@link Comm}. Arrays of numbers travel as {@link Slice},
 * anything else as a message type of {@code io.places.message}.
 *
 * <p>Inside: a {@code World} is what one rank has of the job. Its {@code Engine} matches what comes with the
 * receives that are posted; a {@code Link} leads to each other rank,
 * and {@code Progress} says who looks at those that must be looked at. Collectives are written over the same
 * sends and receives, in a context of their own.
 */
@NullMarked
package io.places.rmpi;

import org.jspecify.annotations.NullMarked;
