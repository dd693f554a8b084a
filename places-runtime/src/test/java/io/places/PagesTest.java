package io.places;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.wire.Connection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** So that what the pages in docs say of the code cannot become false; FrameGoldenBytesTest has the bytes. */
class PagesTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** A word of code: a package and a class, a class and a method, or one of these alone. */
  private static final Pattern CODE = Pattern.compile("`([a-z]+/)?([A-Z]\\w*)?\\.?([a-z]\\w*)?`");

  @Test
  void theClassesAndMethodsOnTheWayOfOneMessageAreThere() throws IOException {
    String page = Files.readString(DOCS.resolve("one-message.md"));
    Map<String, Class<?>> classes = classes();
    Set<String> methods = new HashSet<>(); // of the classes that the page names
    List<String> alone = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (MatchResult word : CODE.matcher(page).results().toList()) {
      String of = Objects.requireNonNullElse(word.group(1), "");
      String name = Objects.requireNonNullElse(word.group(2), "");
      String method = Objects.requireNonNullElse(word.group(3), "");
      Class<?> type = classes.get(of + name);
      if (name.isEmpty()) {
        alone.add(method);
      } else if (type == null || (!method.isEmpty() && !methods(type).contains(method))) {
        missing.add(word.group());
      } else {
        methods.addAll(methods(type));
        found++;
      }
    }
    assertThat(missing).isEmpty();
    assertThat(methods).containsAll(alone);
    assertThat(found).as("named classes").isGreaterThan(20);
    assertThat(alone).contains("put", "prepare", "get");
  }

  /** The runtime's, by name, and by package and name. */
  private static Map<String, Class<?>> classes() throws IOException {
    Map<String, Class<?>> all = new HashMap<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(SOURCES.resolve(Path.of("io", "places")))) {
      files = walk.filter(file -> file.toString().matches(".*[A-Z]\\w*\\.java")).toList();
    }
    for (Path file : files) {
      String path = SOURCES.relativize(file).toString().replace('\\', '/').replace(".java", "");
      Class<?> type = type(path.replace('/', '.'));
      all.put(type.getSimpleName(), type);
      all.put(path.replace("io/places/", ""), type);
    }
    return all;
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, PagesTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> methods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods()).map(Method::getName).toList();
  }

  @Test
  void theTableOfLimitsHasTheLimits() throws Exception {
    String page = Files.readString(DOCS.resolve("wire-protocol.md"));
    long budget = number("wire.Connection", "BUDGET");
    long overhead = number("wire.Connection", "OVERHEAD");
    long mebibytes = budget >> 20;

    assertThat(page)
        .contains("| nesting of a control message | %d |".formatted(number("wire.Connection", "RECURSION_LIMIT")))
        .contains("| nesting of a message | %d |".formatted(number("message.MessageType", "RECURSION_LIMIT")))
        .contains(
            String.format(
                Locale.ROOT,
                "| channels of a connection | %,d | refused where it is opened; a request for more than %,d further ones",
                number("node.Peer", "MAX_CHANNELS"),
                number("node.Peer", "CROSSING")))
        .contains(
            "| who connects waits for the handshake | %d s;"
                .formatted(((Duration) constant("node.Peers", "CONNECT_LIMIT")).toSeconds()))
        .contains("the sender waits; %d MiB of a sender that does not".formatted(mebibytes))
        .contains(
            String.format(
                Locale.ROOT, "| a grant of credit | %,d messages, %d MiB:", budget / overhead, mebibytes));

    long heap = Runtime.getRuntime().maxMemory();
    assertThat(page).contains("| the same of a node | a quarter of its heap |");
    assertThat(number("wire.Wire", "BUDGET")).isEqualTo(heap / 4);
    assertThat(page).contains("or an eighth of the receiver's heap if that is less");
    assertThat(Connection.window())
        .isEqualTo(Math.min(Connection.WINDOW, heap / 8));
  }

  private static long number(String type, String name) throws ReflectiveOperationException {
    return ((Number) constant(type, name)).longValue();
  }

  private static Object constant(String type, String name) throws ReflectiveOperationException {
    Field field = type("io.places." + type).getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }
}
