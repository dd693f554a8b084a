package io.places.peers;

import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Spark in one process with two threads: a word count, and k-means over points that it keeps. */
final class Spark {
  private Spark() {}

  /** Arguments: {@code words INPUT OUTPUT SCRATCH}, or {@code kmeans INPUT K ITERATIONS SCRATCH}. */
  public static void main(String[] arguments) {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("peer")
            .set("spark.ui.enabled", "false")
            .set("spark.local.dir", arguments[arguments.length - 1]);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      if (arguments[0].equals("words")) {
        words(spark, arguments[1], arguments[2]);
      } else {
        kmeans(spark, arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      }
    }
  }

  private static void words(JavaSparkContext spark, String input, String output) {
    JavaPairRDD<String, Long> counts =
        spark
            .textFile(input, 2)
            .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
            .filter(word -> !word.isEmpty())
            .mapToPair(word -> new Tuple2<>(word, 1L))
            .reduceByKey(Long::sum)
            .cache();
    counts.map(count -> count._1() + "\t" + count._2()).saveAsTextFile(output);
    System.out.printf(
        "total words: %d%ndistinct words: %d%n", counts.values().reduce(Long::sum), counts.count());
  }

  /** Begins with the first K points and ends with the inertia of the last centroids, as all contestants do. */
  private static void kmeans(JavaSparkContext spark, String input, int k, int iterations) {
    JavaRDD<double[]> points =
        spark.textFile(input, 2).map(Points::parse).persist(StorageLevel.MEMORY_ONLY());
    double[][] centroids = points.take(k).toArray(double[][]::new);
    for (int iteration = 0; iteration < iterations; iteration++) {
      centroids = sums(points, centroids).means(centroids);
    }
    System.out.println("inertia: " + sums(points, centroids).inertia());
  }

  private static Points.Sums sums(JavaRDD<double[]> points, double[][] centroids) {
    return points.aggregate(
        new Points.Sums(centroids.length, centroids[0].length),
        (all, point) -> all.add(point, centroids),
        Points.Sums::plus);
  }
}
