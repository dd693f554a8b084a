package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.file.OutputFile;
import io.places.examples.qsort.Generated;
import io.places.examples.qsort.Numbers;
import io.places.ndp.Ndp;
import io.places.ndp.NdpGroup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code places qsort}. */
@Command(
    name = "qsort",
    description = {
      "Sorts whole numbers.",
      "Other processes help where that is expected to be quicker; --explain tells."
    })
final class QsortCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final HelpersOptions helpers = new HelpersOptions();

  @Option(
      names = "--generate",
      paramLabel = "KIND,N,SEED",
      converter = OfGenerated.class,
      description =
          "Instead of FILE, N numbers of a kind: uniform, sorted, reversed, organ-pipe, few-distinct, equal,"
              + " almost-sorted, exponential, median-of-3-killer.")
  private @Nullable Generated generated;

  @Option(
      names = "--binary",
      description = "Files have 8 bytes a number, the most significant first, instead of a line.")
  private boolean binary;

  @Option(names = "--output", paramLabel = "FILE", description = "Write the sorted numbers into this file.")
  private @Nullable Path output;

  @Option(
      names = "--check",
      description = "Make sure that the result is in order, and has the numbers of the input.")
  private boolean check;

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "Numbers, one a line.")
  private @Nullable Path input;

  /** KIND,N,SEED as the value of an option. */
  static final class OfGenerated implements ITypeConverter<Generated> {
    @Override
    public Generated convert(String value) {
      try {
        return Generated.parse(value);
      } catch (PlacesException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() {
    helpers.check();
    if ((input == null) == (generated == null)) {
      throw new ParameterException(
          spec.commandLine(), "say what to sort: either FILE or --generate KIND,N,SEED");
    }
    if (input != null && input.toString().equals("-")) {
      throw new ParameterException(
          spec.commandLine(), "'-' is no file: qsort reads no standard input; ./- is a file of that name");
    }
    if (output == null) {
      sort();
      return ExitCode.OK;
    }
    Bounds.path(spec, "--output", output);
    try (OutputFile file = OutputFile.open(output, "the sorted numbers")) {
      long[] sorted = sort();
      timed(
          "written",
          () -> {
            file.write(out -> Numbers.write(sorted, out, binary));
            return sorted;
          });
    }
    return ExitCode.OK;
  }

  private long[] sort() {
    try (NdpGroup group = helpers.start()) { // before the numbers are there, so that a wrong option is told at once
      if (group == null) {
        return sort(Ndp::sort);
      }
      long[] sorted = sort(group::sort);
      helpers.explain(group);
      return sorted;
    }
  }

  private long[] sort(Consumer<long[]> sorting) {
    long[] numbers =
        generated != null
            ? timed("made", generated::make)
            : timed("read", () -> Numbers.read(input(), binary));
    long before = check ? Numbers.checksum(numbers) : 0;
    timed(
        "sorted",
        () -> {
          sorting.accept(numbers);
          return numbers;
        });
    PrintWriter out = spec.commandLine().getOut();
    out.println("numbers: " + numbers.length);
    if (check) {
      check(numbers, before);
      out.println("in order: yes");
      out.println("checksum: %016x, that of the input".formatted(before));
    }
    return numbers;
  }

  private Path input() {
    Path file = input;
    if (file == null) {
      throw new AssertionError("checked before");
    }
    Bounds.path(spec, "FILE", file);
    return file;
  }

  private static void check(long[] numbers, long before) {
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] < numbers[i - 1]) {
        throw new PlacesException(
            "the result is not in order: number %,d is %d, after %d"
                .formatted(i + 1, numbers[i], numbers[i - 1]));
      }
    }
    long after = Numbers.checksum(numbers);
    if (after != before) {
      throw new PlacesException(
          "the result has other numbers than the input: checksums %016x and %016x"
              .formatted(after, before));
    }
  }

  /** Progress goes to standard error. */
  private long[] timed(String done, Supplier<long[]> work) {
    Instant start = Instant.now();
    long[] numbers = work.get();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "%s %,d numbers in %.3f s%n",
            done,
            numbers.length,
            Duration.between(start, Instant.now()).toNanos() / 1e9);
    return numbers;
  }
}
