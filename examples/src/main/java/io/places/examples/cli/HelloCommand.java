package io.places.examples.cli;

import io.places.examples.hello.Hello;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code places hello}. */
@Command(
    name = "hello",
    description = "Starts nodes; every one says hello from its process.")
final class HelloCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodesOptions nodes = new NodesOptions();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Hello.from(nodes.hosts()).forEach(out::println);
    return ExitCode.OK;
  }
}
