package io.places.examples.cli;

import io.places.PlacesException;
import io.places.launch.HostAndPort;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.NodeStatus;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code places ps}. */
@Command(
    name = "ps",
    description = {
      "Shows what a running node does: its places, their names, its channels and connections.",
      "It connects to the node, looks, and leaves; nothing there stops for it."
    })
final class PsCommand implements Callable<Integer> {
  /** A node answers in milliseconds; one on a busy machine in a second or two. */
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(4);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      required = true,
      converter = NodeCommand.Address.class,
      description = "Where the node listens.")
  private InetSocketAddress address = new InetSocketAddress(0);

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      required = true,
      description = "The secret of the node's cluster, as 'places node' was given it.")
  private Path secretFile = Path.of("");

  @Override
  public Integer call() {
    Bounds.path(spec, "--secret-file", secretFile);
    NodeOptions options = NodeOptions.standard().name("ps").secretFile(secretFile);
    NodeStatus status;
    try (Node node = Node.start(options)) {
      status = node.connect(address, CONNECT_LIMIT).status();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (PlacesException e) {
      throw new PlacesException(
          "cannot look at the node at %s with the secret of %s: %s"
              .formatted(HostAndPort.asGiven(address), secretFile, e.getMessage()),
          e);
    }
    PrintWriter out = spec.commandLine().getOut();
    StatusReport.of(status).forEach(out::println);
    return ExitCode.OK;
  }
}
