package io.places.examples.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code places example}, and the one list of the examples. */
@Command(
    name = "example",
    description = "Runs one of the small programs that show what places can do.",
    synopsisSubcommandLabel = "NAME")
final class ExampleCommand implements Callable<Integer> {
  static final List<Class<?>> EXAMPLES =
      List.of(
          FibCommand.class,
          TradeCommand.class,
          PipelineCommand.class,
          MandelbrotCommand.class,
          ParallelBuildCommand.class,
          HeatCommand.class,
          RingCommand.class,
          PiCommand.class,
          NasCommand.class,
          TupleServerCommand.class,
          BankCommand.class,
          DivideCommand.class,
          GrepCommand.class,
          InvertedIndexCommand.class,
          SortCommand.class,
          KMeansMrCommand.class,
          LogSessionsCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing the name of an example");
  }
}
