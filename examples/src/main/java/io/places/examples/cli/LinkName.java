package io.places.examples.cli;

import io.places.rmpi.LinkKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A {@link LinkKind} as the value of an option: its name in small letters. */
final class LinkName implements ITypeConverter<LinkKind> {
  @Override
  public LinkKind convert(String value) {
    return Arrays.stream(LinkKind.values())
        .filter(kind -> name(kind).equals(value))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'%s' is none of %s".formatted(value, names())));
  }

  private static String name(LinkKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String names() {
    return Arrays.stream(LinkKind.values()).map(LinkName::name).collect(Collectors.joining(", "));
  }
}
