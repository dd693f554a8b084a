/**
 * Clusters for trying a program out and for tests: {@link LocalCluster} starts nodes on this machine and
 * kills, freezes and restarts them; {@link WithCluster} gives one to the tests of a class.
 *
 * <p>API. {@link WithCluster} needs JUnit Jupiter on the class path; the rest does not. Depends on {@code
 * node} and {@code launch}; nothing depends on this package.
 */
@NullMarked
package io.places.cluster;

import org.jspecify.annotations.NullMarked;
