package io.places.examples.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as the value of an option: a whole number with ms, s, m or h; 0 needs none. */
final class Time implements ITypeConverter<Duration> {
  private static final Pattern TIME = Pattern.compile("(?<zero>0)|(?<number>\\d{1,9})(?<unit>ms|s|m|h)");

  @Override
  public Duration convert(String value) {
    return convert(value, ", or 0 for no limit");
  }

  /** As {@link #convert(String)}; what is said of 0 stands at the end of the refusal of what is no time. */
  static Duration convert(String value, String ofZero) {
    Matcher time = TIME.matcher(value);
    if (!time.matches()) {
      throw new TypeConversionException(
          "'%s' is no time; it is a whole number and a unit, such as 500ms, 90s, 5m or 1h%s"
              .formatted(value, ofZero));
    }
    if (time.group("zero") != null) {
      return Duration.ZERO;
    }
    long number = Long.parseLong(time.group("number"));
    return switch (time.group("unit")) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
