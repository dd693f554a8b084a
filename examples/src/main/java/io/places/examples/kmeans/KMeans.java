package io.places.examples.kmeans;

import io.places.PlacesException;
import io.places.examples.file.OutputFile;
import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;
import io.places.rmpi.Slice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Lloyd's algorithm. Rank 0 reads the points and gives each rank its blocks; then, in each iteration, every
 * rank sums its blocks, all get the sums of all blocks, and each adds them up in the order of the blocks. So
 * nothing depends on the number of ranks: neither the sums, nor which points are chosen to begin with, nor the
 * data that are made up. A reduction would send less, but add in the order of ranks.
 */
/**
 * Finds the k centroids of points, or the k colours of a picture, and then writes the picture in these colours
 * beside it. The centroids are the same, bit for bit, for every number of ranks.
 *
 * <p>Its arguments are {@link KMeansSettings}.
 */
public final class KMeans implements RmpiFunction<KMeansResult> {
  /** The sums of all blocks are held at each rank: 64 times as much. */
  private static final int MOST_SUMS = 1 << 20;

  private static final int MIB = 1 << 20;

  @Override
  public KMeansResult call(Comm comm, String[] arguments) {
    try {
      return call(comm, KMeansSettings.of(arguments));
    } catch (OutOfMemoryError e) {
      throw new PlacesException(
          "rank %d has no memory left (%s); its JVM may use %d MiB. Take fewer points, ranks in JVMs of their own (--processes, or --hosts for those of other machines) or more of them, or a larger heap (JAVA_TOOL_OPTIONS=-Xmx8g)"
              .formatted(comm.rank(), e.getMessage(), Runtime.getRuntime().maxMemory() / MIB),
          e);
    }
  }

  private static KMeansResult call(Comm comm, KMeansSettings settings) {
    if (settings.generated() != null) {
      return cluster(made(comm, settings, settings.generated()), settings).result();
    }
    if (comm.rank() != 0) {
      return clusterParts(comm, null, settings).result();
    }
    Path input = Objects.requireNonNull(settings.input());
    if (!Picture.isAt(input)) {
      return clusterParts(comm, CsvPoints.read(input), settings).result();
    }
    Picture picture = Picture.read(input);
    Points points = picture.points();
    if (points.count() == 0) {
      throw new PlacesException(
          "every pixel of %s is wholly transparent; there are no colours to find".formatted(input));
    }
    try (OutputFile file =
        OutputFile.open(Picture.quantised(input, settings.k()), "the new picture")) {
      Clustering clustering = clusterParts(comm, points, settings);
      file.write(picture.withColours(clustering.result().centroids(), clustering.clusters()));
      return clustering.result().withPicture(file.path().toString());
    }
  }

  /**
   * @param clusters of all points, at rank 0; only of those that were read
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Clustering(KMeansResult result, int[] clusters) {}

  /** Deals out what rank 0 has read. */
  private static Clustering clusterParts(
      Comm comm, @Nullable Points points, KMeansSettings settings) {
    int[] shape = points == null ? new int[2] : new int[] {points.count(), points.dimensions()};
    comm.bcast(Slice.of(shape), 0);
    Blocks blocks = new Blocks(shape[0], comm.size());
    Blocks.Parts parts = blocks.ofPoints(shape[1]);
    double[] values = new double[parts.counts()[comm.rank()]];
    comm.scatterv(
        points == null ? null : Slice.of(points.values()),
        parts.counts(),
        parts.offsets(),
        Slice.of(values),
        0);
    Share share = new Share(comm, blocks, shape[1], values);
    Clustering own = cluster(share, settings);
    int[] all = new int[comm.rank() == 0 ? shape[0] : 0];
    Blocks.Parts ofClusters = blocks.ofPoints(1);
    comm.gatherv(
        Slice.of(own.clusters()), Slice.of(all), ofClusters.counts(), ofClusters.offsets(), 0);
    return new Clustering(own.result(), all);
  }

  private static Share made(Comm comm, KMeansSettings settings, Blobs blobs) {
    Blocks blocks = new Blocks(blobs.points(), comm.size());
    int first = blocks.first(comm.rank());
    int end = blocks.first(comm.rank() + 1);
    long size = (long) (blocks.start(end) - blocks.start(first)) * blobs.dimensions();
    if (size > Integer.MAX_VALUE - 8) {
      throw new PlacesException(
          "each of %d ranks would have %d numbers, more than fit an array; take more ranks"
              .formatted(comm.size(), size));
    }
    Share share = new Share(comm, blocks, blobs.dimensions(), new double[(int) size]);
    for (int block = first; block < end; block++) {
      blobs.make(
          settings.seed(),
          block,
          blocks.start(block),
          blocks.start(block + 1),
          share.values(),
          share.local(block) * blobs.dimensions());
    }
    return share;
  }

  private static Clustering cluster(Share share, KMeansSettings settings) {
    int k = settings.k();
    int points = share.blocks().points();
    if (k > points) {
      throw new PlacesException(
          "there are %d points; k can be %d at most, not %d".formatted(points, points, k));
    }
    if ((long) k * (share.dimensions() + 1) > MOST_SUMS) {
      throw new PlacesException(
          "%d clusters of %d dimensions are too many to sum up; k can be %d at most"
              .formatted(k, share.dimensions(), MOST_SUMS / (share.dimensions() + 1)));
    }
    double[] centroids = Seeding.choose(share, k, settings.seed());
    Step step = Step.of(share, k, centroids);
    boolean converged = false;
    int iterations = 0;
    while (!converged && iterations < settings.iterations()) {
      double[] means = step.means();
      converged = Arrays.equals(means, centroids);
      centroids = means;
      iterations++;
      if (!converged) {
        step = Step.of(share, k, centroids);
      }
    }
    KMeansResult result =
        new KMeansResult(
            points,
            share.dimensions(),
            iterations,
            converged,
            step.inertia(),
            step.empty(),
            centroids,
            "");
    return new Clustering(result, step.clusters());
  }
}
