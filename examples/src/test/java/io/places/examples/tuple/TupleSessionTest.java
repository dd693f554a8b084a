package io.places.examples.tuple;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.launch.Hosts;
import io.places.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TupleSessionTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void answersAsTheDissertationSays(int nodes) {
    assertThat(TupleSession.on(Hosts.of(nodes, Node.inThisJvm())))
        .containsExactly("100", "200", "100", "200", "100", "200");
  }

  /** As the original: fourteen lines with the two of its imports, which are not counted here. */
  @Test
  void theServerTakesFifteenLines() throws IOException {
    String source =
        Files.readString(
            Path.of("src/main/java", TupleServer.class.getName().replace('.', '/') + ".java"));
    assertThat(
            source
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("(package|import|/\\*|\\*).*"))
                .count())
        .isLessThanOrEqualTo(15);
  }
}
