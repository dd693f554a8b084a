package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.nas.ConjugateGradient;
import io.places.examples.nas.IntegerSort;
import io.places.examples.nas.NasResult;
import io.places.rmpi.RmpiFunction;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example nas}. */
@Command(
    name = "nas",
    description = "Two of the NAS Parallel Benchmarks: sorts integers (IS), or finds an eigenvalue (CG).")
final class NasCommand implements Callable<Integer> {
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

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Override
  public Integer call() {
    NasResult result = ranks.call(benchmark.function, NasResult.class, size.name()).getFirst();
    PrintWriter out = spec.commandLine().getOut();
    out.println("benchmark: NAS %s, class %s, %d ranks".formatted(benchmark, size, ranks.count()));
    out.println("answer: " + result.answer());
    out.printf(Locale.ROOT, "seconds: %.3f%n", result.seconds());
    out.printf(Locale.ROOT, "million operations a second: %.0f%n", result.megaOperations());
    if (!result.verified()) {
      throw new PlacesException("the answer is not that of the specification");
    }
    out.println("verified: yes");
    return ExitCode.OK;
  }
}
