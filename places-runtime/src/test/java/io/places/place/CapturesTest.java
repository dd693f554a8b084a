package io.places.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lambda captures is told with as much as the compiler has left in its class. */
class CapturesTest {
  private static final String SOURCE =
      """
      public class Maker {
        public static io.places.place.PlaceBody<String, Void> make(long[] counts, double half, String[] words) {
          return channel -> channel.put(half + words[0] + counts[0]);
        }
      }
      """;
  private static final String SHARES =
      "; a place shares no memory with its creator: use a static method, and pass the value as an"
          + " argument or a message";

  @TempDir Path folder;

  @Test
  void variablesAreNamedIfTheClassFileNamesThem() throws Exception {
    assertRefused(
        "-g",
        "a lambda in Maker captures the variable 'half' of type double, the variable 'words' of type"
            + " java.lang.String[], the variable 'counts' of type long[]"
            + SHARES);
  }

  @Test
  void elseTheirPlacesAndTypesAreTold() throws Exception {
    assertRefused(
        "-g:none",
        "a lambda in Maker captures its variable number 1 of type double (compiled without -g, so its"
            + " name is not known), its variable number 2 of type java.lang.String[] (compiled"
            + " without -g, so its name is not known), its variable number 3 of type long[] (compiled"
            + " without -g, so its name is not known)"
            + SHARES);
  }

  private void assertRefused(String option, String message) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var source =
        new SimpleJavaFileObject(URI.create("string:///Maker.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return SOURCE;
          }
        };
    List<String> options =
        List.of(option, "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    assertThat(compiler.getTask(null, null, null, options, null, List.of(source)).call()).isTrue();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      var body =
          (PlaceBody<?, ?>)
              loader
                  .loadClass("Maker")
                  .getMethod("make", long[].class, double.class, String[].class)
                  .invoke(null, new long[1], 0.5, new String[] {"word"});
      assertThatThrownBy(() -> EntryPoint.of(body))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }
}
