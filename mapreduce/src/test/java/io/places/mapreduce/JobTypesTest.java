package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classes whose types do not fit together do not compile. */
class JobTypesTest {

  @Test
  void classesThatFitCompile() {
    assertThat(errors("Lines", "Sum", "ByLength", "Total", "TextOutput.to(PATH)")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Blocks, Sum, ByLength, Total, TextOutput.to(PATH)",
    "Lines, SumOfInts, ByLength, Total, TextOutput.to(PATH)",
    "Lines, Sum, ByValue, Total, TextOutput.to(PATH)",
    "Lines, Sum, ByLength, TotalOfInts, TextOutput.to(PATH)",
    "Lines, Sum, ByLength, Total, NUMBERS_ONLY",
  })
  void classesThatDoNotFitDoNotCompile(
      String mapper, String combiner, String partitioner, String reducer, String output) {
    assertThat(errors(mapper, combiner, partitioner, reducer, output)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, '.map(Lines.class).order(ByText.class).ranges().reduce(Total.class)'",
    "false, '.map(Lines.class).order(ByNumber.class).reduce(Total.class)'",
    "true, '.pipe(Numbered.class).map(OfInts.class).reduce(Total.class)'",
    "false, '.pipe(Lines.class).map(OfInts.class).reduce(Total.class)'",
    "true, '.map(Lines.class).reduce(Total.class).pipe(Negate.class)'",
    "false, '.map(Lines.class).reduce(Total.class).pipe(OfInts.class)'",
    "true, '.map(Lines.class).reduce(Total.class).alsoOutput(NUMBERS, NUMBERS_ONLY)'",
    "false, '.map(Lines.class).reduce(Total.class).alsoOutput(TEXTS, NUMBERS_ONLY)'",
    "true, '.mapOnly(Anything.class)'",
    "false, '.mapOnly(OfInts.class)'",
  })
  void whatFollowsTheInputMustFitToo(boolean fits, String calls) {
    List<String> errors =
        compile(
            """
            import io.places.mapreduce.*;
            import io.places.mapreduce.text.*;
            import java.nio.file.Path;

            abstract class Program {
              static final Path PATH = Path.of("/");
              static final OutputFormat<Long, Long> NUMBERS_ONLY = null;
              static final NamedOutput<Long, Long> NUMBERS = new NamedOutput<>("numbers");
              static final NamedOutput<String, Long> TEXTS = new NamedOutput<>("texts");

              abstract class Lines implements Mapper<Long, String, String, Long> {}
              abstract class Numbered implements Mapper<Long, String, Long, Integer> {}
              abstract class OfInts implements Mapper<Long, Integer, String, Long> {}
              abstract class Anything implements Mapper<Long, String, Thread, StringBuilder> {}
              abstract class Negate implements Mapper<String, Long, String, Double> {}
              abstract class ByText implements KeyOrder<String> {}
              abstract class ByNumber implements KeyOrder<Long> {}
              abstract class Total implements Reducer<String, Number, String, Long> {}

              Job job() {
                return Job.named("x").input(TextLines.of(PATH))%s.output(TextOutput.to(PATH));
              }
            }
            """
                .formatted(calls));
    assertThat(errors.isEmpty()).as("%s", errors).isEqualTo(fits);
  }

  private static List<String> errors(
      String mapper, String combiner, String partitioner, String reducer, String output) {
    return compile(
        """
        import io.places.mapreduce.*;
        import io.places.mapreduce.text.*;
        import java.nio.file.Path;

        abstract class Program {
          static final Path PATH = Path.of("/");
          static final OutputFormat<Long, Long> NUMBERS_ONLY = null;

          abstract class Lines implements Mapper<Long, String, String, Long> {}
          abstract class Blocks implements Mapper<Origin, TextBlock, String, Long> {}
          abstract class Sum implements Combiner<String, Long> {}
          abstract class SumOfInts implements Combiner<String, Integer> {}
          abstract class ByLength implements Partitioner<CharSequence> {}
          abstract class ByValue implements Partitioner<Long> {}
          abstract class Total implements Reducer<String, Number, String, Long> {}
          abstract class TotalOfInts implements Reducer<String, Integer, String, Long> {}

          Job job() {
            return Job.named("x").input(TextLines.of(PATH)).map(%s.class).combine(%s.class)
                .partition(%s.class).reduce(%s.class).output(%s);
          }
        }
        """
            .formatted(mapper, combiner, partitioner, reducer, output));
  }

  private static List<String> compile(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of(
            "-proc:none",
            "-implicit:none",
            "-XDshould-stop.ifNoError=FLOW",
            "-classpath",
            System.getProperty("java.class.path"));
    compiler.getTask(null, null, found, options, null, List.of(file)).call();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(Diagnostic::toString)
        .toList();
  }
}
