package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.nas.ConjugateGradient;
import io.places.examples.nas.IntegerSort;
import io.places.examples.nas.NasResult;
import io.places.rmpi.Rmpi;
import io.places.rmpi.RmpiFunction;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example nas}. */
@Command(
    name = "nas",
    description = "Two of the NAS Parallel Benchmarks: sorts integers (IS), or finds an eigenvalue (CG).")
final class NasCommand implements Callable<Integer> {
  /** More threads than that on one machine is a slip of the hand. */
  private static final int MOST_RANKS = 1_024;

  /** The benchmarks. */
  enum Benchmark {
    IS(IntegerSort.class),
    CG(ConjugateGradient.class);

    private final Class<? extends RmpiFunction<NasResult>> function;

    Benchmark(Class<? extends RmpiFunction<NasResult>> function) {
      this.function = function;
    }
  }

  /** How much there is to do. */
  enum Size {
    S,
    W,
    A
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "BENCHMARK", description = "${COMPLETION-CANDIDATES}.")
  private Benchmark benchmark = Benchmark.IS;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      defaultValue = "S",
      description = "Its size: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Size size = Size.S;

  @Option(
      names = "-n",
      paramLabel = "RANKS",
      defaultValue = "2",
      description = "How many ranks (default: ${DEFAULT-VALUE}).")
  private int ranks;

  @Option(names = "--processes", description = "Each rank in a process of its own.")
  private boolean processes;

  @Override
  public Integer call() {
    Bounds.check(spec, "-n", ranks, 1, MOST_RANKS);
    NasResult result =
        (processes
                ? Rmpi.callProcesses(ranks, benchmark.function, NasResult.class, size.name())
                : Rmpi.call(ranks, benchmark.function, NasResult.class, size.name()))
            .get(0);
    PrintWriter out = spec.commandLine().getOut();
    out.println("benchmark: NAS %s, class %s, %d ranks".formatted(benchmark, size, ranks));
    out.println("answer: " + result.answer());
    out.println("seconds: %.3f".formatted(result.seconds()));
    out.println("million operations a second: %.0f".formatted(result.megaOperations()));
    if (!result.verified()) {
      throw new PlacesException("the answer is not that of the specification");
    }
    out.println("verified: yes");
    return ExitCode.OK;
  }
}
