package io.places.trace;

import io.places.Rounds;
import io.places.Rounds.Ratio;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Measures messages with nothing recorded, and with a recording that does and does not want them. */
public final class TraceBenchmarks {
  /** Off must cost nothing that can be seen. */
  private static final double OFF = 1.05;

  /** Who wants each message recorded pays for it. */
  private static final double ON = 5;

  private TraceBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 10), and which benchmarks (a regular expression)
   */
  public static void main(String[] arguments) throws RunnerException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    String which = arguments.length > 1 ? arguments[1] : "io.places.trace.TraceBenchmark";
    List<Ratio> ratios = new ArrayList<>();
    for (String what : List.of("Trace.local", "Trace.remote")) {
      ratios.add(new Ratio(what + " OTHERS", what + " NEVER", OFF));
      ratios.add(new Ratio(what + " MESSAGES", what + " NEVER", ON));
    }
    Rounds.run(count, which).print(ratios);
  }
}
