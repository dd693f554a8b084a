package io.places.examples.cli;

import io.places.examples.tuple.TupleSession;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code places example tuple-server}. */
@Command(
    name = "tuple-server",
    description = "An RPC server on one node, and two clients of it on another.")
final class TupleServerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodesOptions nodes = new NodesOptions();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    TupleSession.on(nodes.hosts()).forEach(out::println);
    Output.flush(out);
    return ExitCode.OK;
  }
}
