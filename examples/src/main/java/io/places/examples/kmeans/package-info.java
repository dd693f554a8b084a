/**
 * K-means clustering by ranks, of numbers and of the colours of pictures. Start reading at {@link
 * io.places.examples.kmeans.KMeans}.
 */
@NullMarked
package io.places.examples.kmeans;

import org.jspecify.annotations.NullMarked;
