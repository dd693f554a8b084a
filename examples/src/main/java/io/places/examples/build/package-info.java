/**
 * A parallel build of Java sources: a controller and its workers, after the dissertation, 3.4.1.
 *
 * <p>Start reading at {@link io.places.examples.build.ParallelBuild}.
 */
@NullMarked
package io.places.examples.build;

import org.jspecify.annotations.NullMarked;
