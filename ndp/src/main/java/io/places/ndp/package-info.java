/**
 * Nested data parallelism: divide and conquer whose parts run on the threads of a JVM, and in other processes
 * when that pays; operations on nested sequences; and sorting.
 *
 * <p>Start reading at {@link Ndp}, then {@link DivideAndConquer}. {@link NdpGroup} adds processes.
 *
 * <p>Inside: a {@code Pool} has the threads, which steal work from each other; a {@code Solving} is one problem
 * with its tree of parts.
 */
@NullMarked
package io.places.ndp;

import org.jspecify.annotations.NullMarked;
