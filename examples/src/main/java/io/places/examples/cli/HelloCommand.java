package io.places.examples.cli;

import io.places.examples.hello.Hello;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code places hello}. */
@Command(
    name = "hello",
    description = "Starts nodes on this machine; every one says hello from its process.")
final class HelloCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many nodes, each a JVM of its own (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Override
  public Integer call() {
    Bounds.nodes(spec, nodes);
    PrintWriter out = spec.commandLine().getOut();
    Hello.from(nodes).forEach(out::println);
    Output.flush(out);
    return ExitCode.OK;
  }
}
