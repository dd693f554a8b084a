package io.places.ndp;

import java.util.List;

/** The example of the documentation. */
final class Fibonacci implements DivideAndConquer<Integer, Long> {
  @Override
  public boolean isSmall(Integer n) {
    return n < 10;
  }

  @Override
  public List<Integer> split(Integer n) {
    return List.of(n - 1, n - 2);
  }

  @Override
  public Long solve(Integer n) {
    return n < 2 ? n : solve(n - 1) + solve(n - 2);
  }

  @Override
  public Long combine(Integer n, List<Long> parts) {
    return parts.get(0) + parts.get(1);
  }

  @Override
  public double work(Integer n) {
    return 5 * Math.pow(1.618, n);
  }
}
