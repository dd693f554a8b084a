package io.places.examples.cli;

import io.places.launch.Hosts;
import io.places.launch.ProcessLauncher;
import io.places.rmpi.JobOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of a command that launches nodes: how long they may take to come up. */
final class StartLimit {
  @Option(
      names = "--start-limit",
      paramLabel = "TIME",
      converter = MoreThanNone.class,
      description =
          "How long a JVM may take to come up, and what runs in it to begin: longer on a machine that is very"
              + " busy (default: 20s, by ssh 30s).")
  private @Nullable Duration limit;

  static final class MoreThanNone implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      Duration limit = Time.convert(value, "");
      if (limit.isZero()) {
        throw new TypeConversionException("nothing comes up in no time");
      }
      return limit;
    }
  }

  /** What was given; null if nothing was. */
  @Nullable Duration given() {
    return limit;
  }

  /** The hosts, whose nodes may take so long, if that was given. */
  Hosts of(Hosts hosts) {
    return of(limit, hosts);
  }

  /** What was given, if anything was, for hosts; else each launcher has its own. */
  static Hosts of(@Nullable Duration given, Hosts hosts) {
    return given == null ? hosts : hosts.limit(given);
  }

  /** Likewise for JVMs of this machine. */
  static ProcessLauncher of(@Nullable Duration given, ProcessLauncher launcher) {
    return given == null ? launcher : launcher.limit(given);
  }

  /** Likewise for the start of ranks. */
  static JobOptions of(@Nullable Duration given, JobOptions job) {
    return given == null ? job : job.startLimit(given);
  }
}
