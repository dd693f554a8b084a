package io.places.examples.cli;

import io.places.launch.HostAndPort;
import io.places.node.Node;
import io.places.node.NodeMain;
import io.places.node.NodeOptions;
import io.places.node.SecretFile;
import io.places.place.PlaceStreams;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code places node}. */
@Command(
    name = "node",
    description = {
      "Starts a node and keeps it running for others to connect to, until Ctrl-C.",
      "Prints where it listens."
    })
final class NodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bind",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      converter = Address.class,
      description =
          "Where to listen; port 0 lets the system choose (default: ${DEFAULT-VALUE})."
              + " Only loopback addresses: nodes do not encrypt yet.")
  private InetSocketAddress bind = new InetSocketAddress(0);

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      required = true,
      description =
          "The cluster's secret: 32 bytes that only their owner can read. Made if it is missing.")
  private Path secretFile = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "node",
      description = "The node's name (default: ${DEFAULT-VALUE}).")
  private String name = "";

  @Option(
      names = "--allow",
      paramLabel = "PACKAGE",
      defaultValue = "io.places.examples,io.places.mapreduce,io.places.ndp,io.places.rmpi",
      split = ",",
      description =
          "Let the classes of these packages, and of those below them, be started here"
              + " (default: ${DEFAULT-VALUE}).")
  private List<String> allow = new ArrayList<>();

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      description = "Jars and class folders with those classes, beside those of places.")
  private @Nullable String classPath;

  @Override
  public Integer call() throws InterruptedException {
    Bounds.path(spec, "--secret-file", secretFile);
    if (classPath != null) {
      return ChildJvm.run(classPath, sameWithoutClassPath(), Map.of());
    }
    PlaceStreams.install();
    NodeMain.endWithoutMemory();
    try (var interruption = new Interruption();
        Node node = start()) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf("node %s listens on %s%n", name, HostAndPort.format(node.address()));
      Output.flush(out);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        if (!interruption.isStopping()) {
          throw e;
        }
      }
    }
    return ExitCode.OK;
  }

  private Node start() {
    try {
      NodeOptions options =
          NodeOptions.standard().name(name).bind(bind).allow(allow.toArray(String[]::new));
      SecretFile.makeIfMissing(secretFile);
      return Node.start(options.secretFile(secretFile));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<String> sameWithoutClassPath() {
    List<String> command =
        new ArrayList<>(
            List.of(
                PlacesCommand.class.getName(),
                "node",
                "--bind",
                HostAndPort.asGiven(bind),
                "--secret-file",
                secretFile.toString(),
                "--name",
                name));
    for (String packageName : allow) {
      command.add("--allow");
      command.add(packageName);
    }
    return command;
  }

  /** "host:port". */
  static final class Address implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
      try {
        return HostAndPort.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
