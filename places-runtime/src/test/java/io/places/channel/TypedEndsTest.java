package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What a channel does not carry, the compiler refuses: scenario 2 of actors and RPC. */
class TypedEndsTest {

  @Test
  void whatFitsCompiles() {
    assertThat(
            refused(
                """
                channel.put("text");
                Integer got = channel.get();
                got = channel.ask("text", Duration.ofSeconds(1));
                Place<String, Integer> place = node.place(Program::body);
                place.put("text");
                got = place.get();
                place = node.place(Program::withArgument, "text");
                PlaceChannel<String, Integer> client = node.named("bank", String.class, Integer.class);
                PlaceChannel.Pair<String, Integer> pair = PlaceChannel.pair(String.class, Integer.class);
                PlaceChannel<Integer, String> other = pair.second();
                """))
        .isEmpty();
  }

  @Test
  void whatDoesNotFitIsRefusedWhereItStands() {
    String statements =
        """
        channel.put(1);
        { String got = channel.get(); }
        channel.offer(1);
        channel.put(1, Duration.ofSeconds(1));
        { String got = channel.ask("text", Duration.ofSeconds(1)); }
        channel.ask(1, Duration.ofSeconds(1));
        { Event<String> event = channel.receiveEvent(); }
        for (String got : channel.messages()) {}
        { Place<Integer, Integer> place = node.place(Program::body); }
        node.place(Program::body).put(1);
        node.place(Program::withArgument, 1);
        node.place(Program::withArgument);
        { PlaceChannel<Integer, Integer> client = node.named("bank", String.class, Integer.class); }
        { PlaceChannel<String, Integer> other = PlaceChannel.pair(String.class, Integer.class).second(); }
        """;
    assertThat(refused(statements)).containsExactlyElementsOf(statements.lines().toList());
  }

  /** The lines with errors. */
  private static List<String> refused(String statements) {
    String text =
        """
        import io.places.channel.PlaceChannel;
        import io.places.event.Event;
        import io.places.node.RemoteNode;
        import io.places.place.Place;
        import java.time.Duration;

        class Program {
          static void body(PlaceChannel<Integer, String> channel) {}

          static void withArgument(PlaceChannel<Integer, String> channel, String argument) {}

          void program(PlaceChannel<String, Integer> channel, RemoteNode node) {
        %s  }
        }
        """
            .formatted(statements);
    var source =
        new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    var found = new DiagnosticCollector<JavaFileObject>();
    List<String> options =
        List.of(
            "-proc:none",
            "-implicit:none",
            "-XDshould-stop.ifNoError=FLOW",
            "-cp",
            System.getProperty("java.class.path"));
    ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, found, options, null, List.of(source))
        .call();
    List<String> lines = text.lines().toList();
    return found.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .peek(
            each ->
                assertThat(Objects.requireNonNull(each.getCode()))
                    .containsAnyOf("cant.apply", "prob.found.req"))
        .map(each -> lines.get((int) each.getLineNumber() - 1))
        .toList();
  }
}
