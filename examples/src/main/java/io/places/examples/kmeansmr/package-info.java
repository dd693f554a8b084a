/** k-means as a job that runs round after round over points that stay with the workers. Start reading at {@link KMeansRounds}. */
@NullMarked
package io.places.examples.kmeansmr;

import org.jspecify.annotations.NullMarked;
