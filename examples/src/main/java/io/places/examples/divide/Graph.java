package io.places.examples.divide;

import io.places.ndp.Ndp;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * A directed graph by its neighbours, in which distances are found by breadth: the neighbours of all vertices of a level
 * are one nested sequence, and shared out by edges. So a vertex with very many neighbours does no harm.
 *
 * @param starts of the vertices among the edges, and the number of edges
 * @param targets of the edges
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Graph(int[] starts, int[] targets) {
  /** The distance of what cannot be reached. */
  public static final int UNREACHED = Integer.MAX_VALUE;

  /** How many vertices there are. */
  public int size() {
    return starts.length - 1;
  }

  /** How many edges it is from a vertex to each. */
  public int[] distances(int from) {
    var distances = new AtomicIntegerArray(size());
    for (int i = 0; i < size(); i++) {
      distances.setPlain(i, i == from ? 0 : UNREACHED);
    }
    int[] level = {from};
    for (int distance = 1; level.length > 0; distance++) {
      int next = distance;
      List<Neighbours> nested = Arrays.stream(level).mapToObj(this::neighbours).toList();
      List<List<Boolean>> reached =
          Ndp.forEach(nested, target -> distances.compareAndSet(target, UNREACHED, next));
      level =
          IntStream.range(0, nested.size())
              .flatMap(i -> chosen(nested.get(i), reached.get(i)))
              .toArray();
    }
    return IntStream.range(0, size()).map(distances::getPlain).toArray();
  }

  private static IntStream chosen(List<Integer> targets, List<Boolean> flags) {
    return IntStream.range(0, targets.size()).filter(flags::get).map(targets::get);
  }

  private Neighbours neighbours(int vertex) {
    return new Neighbours(targets, starts[vertex], starts[vertex + 1]);
  }

  /** A part of an array of targets. */
  private static final class Neighbours extends AbstractList<Integer> implements RandomAccess {
    private final int[] targets;
    private final int from;
    private final int to;

    Neighbours(int[] targets, int from, int to) {
      this.targets = targets;
      this.from = from;
      this.to = to;
    }

    @Override
    public Integer get(int index) {
      return targets[from + index];
    }

    @Override
    public int size() {
      return to - from;
    }
  }

  /** The same by one thread, with a queue. */
  public int[] distancesSerially(int from) {
    int[] distances = new int[size()];
    Arrays.fill(distances, UNREACHED);
    distances[from] = 0;
    int[] queue = new int[size()];
    queue[0] = from;
    int end = 1;
    for (int at = 0; at < end; at++) {
      int vertex = queue[at];
      for (int edge = starts[vertex]; edge < starts[vertex + 1]; edge++) {
        if (distances[targets[edge]] == UNREACHED) {
          distances[targets[edge]] = distances[vertex] + 1;
          queue[end++] = targets[edge];
        }
      }
    }
    return distances;
  }

  /**
   * A random graph whose degrees follow a power law: R-MAT of Chakrabarti, Zhan and Faloutsos, with probabilities 0.57,
   * 0.19, 0.19 and 0.05.
   *
   * @param scale there are 2 to the power of it vertices
   */
  public static Graph rMat(int scale, int edges, long seed) {
    var random = new SplittableRandom(seed);
    int[] from = new int[edges];
    int[] to = new int[edges];
    int[] starts = new int[(1 << scale) + 1];
    for (int edge = 0; edge < edges; edge++) {
      for (int bit = 0; bit < scale; bit++) {
        double quarter = random.nextDouble();
        from[edge] = 2 * from[edge] + (quarter >= 0.76 ? 1 : 0);
        to[edge] = 2 * to[edge] + (quarter >= 0.95 || (quarter >= 0.57 && quarter < 0.76) ? 1 : 0);
      }
      starts[from[edge] + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] targets = new int[edges];
    for (int edge = 0; edge < edges; edge++) {
      targets[next[from[edge]]++] = to[edge];
    }
    return new Graph(starts, targets);
  }
}
