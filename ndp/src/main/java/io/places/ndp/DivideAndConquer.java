package io.places.ndp;

import java.util.List;

/**
 * How problems of a kind are solved: small ones at once, others by solving parts of them. A class of the user's
 * with a constructor without arguments; one object of it solves all parts of a problem in a JVM, on many threads,
 * so it has no state that changes.
 *
 * {@snippet :
 * public final class Fibonacci implements DivideAndConquer<Integer, Long> {
 *   @Override
 *   public boolean isSmall(Integer n) {
 *     return n < 20;
 *   }
 *
 *   @Override
 *   public List<Integer> split(Integer n) {
 *     return List.of(n - 1, n - 2);
 *   }
 *
 *   @Override
 *   public Long solve(Integer n) {
 *     return n < 2 ? n : solve(n - 1) + solve(n - 2);
 *   }
 *
 *   @Override
 *   public Long combine(Integer n, List<Long> parts) {
 *     return parts.get(0) + parts.get(1);
 *   }
 *
 *   @Override
 *   public double work(Integer n) {
 *     return 5 * Math.pow(1.618, n);
 *   }
 * }
 * }
 *
 * <p>What any of the methods throws fails the whole solve, which then ends its other parts by interrupting their
 * threads. Within a JVM problems and results go by reference. Those that go to another process must be message
 * types ({@code io.places.message.MessageType}).
 *
 * @param <P> the problems
 * @param <R> the results
 */
public interface DivideAndConquer<P, R> {

  /** Whether a problem is not worth splitting: {@link #solve} is then called. */
  boolean isSmall(P problem);

  /**
   * The parts of a problem, each with less work than it; none, if there is nothing to solve before {@link #combine}.
   * Called once for each problem. Splitting that goes on for a million levels fails.
   */
  List<P> split(P problem);

  /** Solves a small problem. The result is never null: null fails the solve. */
  R solve(P problem);

  /**
   * Makes the result of the results of the parts. It is never null: null fails the solve.
   *
   * @param parts in the order in which {@link #split} gave the problems
   */
  R combine(P problem, List<R> parts);

  /**
   * About how many nanoseconds one thread takes for a problem, its parts included. Need only be in proportion:
   * what {@link #solve} is seen to take corrects it. Only asked where other processes could help: about once a part,
   * by any thread, even while the problem is being begun. So it is quick, and changes nothing.
   *
   * @return 0 or more: a number below, or none, fails the solve. Infinite: at any price
   */
  double work(P problem);

  /**
   * About how many bytes the result of a problem takes, where other processes could help. As many as the problem if
   * not overridden. Asked as {@link #work} is.
   *
   * @param bytes of the problem
   * @return 0 or more: a number below fails the solve
   */
  default long resultBytes(P problem, long bytes) {
    return bytes;
  }
}
