package io.places.examples.cli;

import io.places.launch.Hosts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of a command that launches nodes: how long they may take to come up. */
final class StartLimit {
  private static final Duration STANDARD = Duration.ofSeconds(20);

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

  Duration limit() {
    return limit == null ? STANDARD : limit;
  }

  /** What was given; null if nothing was. */
  @Nullable Duration given() {
    return limit;
  }

  /** The hosts, whose nodes may take so long, if that was given. */
  Hosts of(Hosts hosts) {
    return limit == null ? hosts : hosts.limit(limit);
  }
}
