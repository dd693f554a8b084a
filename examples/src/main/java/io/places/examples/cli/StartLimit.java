package io.places.examples.cli;

import io.places.launch.Hosts;
import io.places.launch.Launcher;
import io.places.launch.ProcessLauncher;
import io.places.launch.SshLauncher;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of a command that launches nodes: how long they may take to come up. */
final class StartLimit {
  @Option(
      names = "--start-limit",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = MoreThanNone.class,
      description =
          "How long a JVM may take to come up, and what runs in it to begin: longer on a machine that is very"
              + " busy (default: ${DEFAULT-VALUE}).")
  private Duration limit = Duration.ZERO;

  static final class MoreThanNone implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      Duration limit = new Time().convert(value);
      if (limit.isZero()) {
        throw new TypeConversionException("nothing comes up in no time");
      }
      return limit;
    }
  }

  Duration limit() {
    return limit;
  }

  /** The hosts, whose nodes may take so long. */
  static Hosts of(Hosts hosts, Duration limit) {
    List<Hosts.Host> all =
        hosts.hosts().stream()
            .map(host -> new Hosts.Host(host.name(), host.slots(), of(host.launcher(), limit)))
            .toList();
    return new Hosts(all, hosts.secretFile());
  }

  private static Launcher of(Launcher launcher, Duration limit) {
    return switch (launcher) {
      case ProcessLauncher process -> process.limit(limit);
      case SshLauncher ssh -> ssh.limit(limit);
      default -> launcher; // what runs already is not waited for
    };
  }
}
