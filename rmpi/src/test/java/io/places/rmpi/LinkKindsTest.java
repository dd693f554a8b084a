package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.Node;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which links lie between the ranks of a job. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class LinkKindsTest {
  static final class Links implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      return IntStream.range(0, comm.size())
          .mapToObj(peer -> comm.world().link(peer).getClass().getSimpleName())
          .collect(Collectors.joining(" "));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachTwoRanksHaveTheLinkThatIsAskedFor(Ranks ranks) {
    String other =
        switch (ranks) {
          case ONE_NODE -> "LocalLink";
          case NODES_MEMORY, PROCESSES_MEMORY, PAIRS -> "MemoryLink";
          case NODES_TCP, PROCESSES_TCP -> "TcpLink";
          case NODES_CHANNEL, PROCESSES_CHANNEL -> "ChannelLink";
        };
    String besides = ranks == Ranks.PAIRS ? "LocalLink" : other;
    assertThat(ranks.call(3, Links.class, String.class))
        .containsExactly(
            String.join(" ", "LocalLink", besides, other),
            String.join(" ", besides, "LocalLink", other),
            String.join(" ", other, other, "LocalLink"));
  }

  @Test
  void processesOfOneHostHaveMemoryWhereNothingIsAskedFor() {
    try (Node node = Ranks.start()) {
      List<String> links =
          Rmpi.call(
              JobOptions.standard(),
              Ranks.PROCESSES_MEMORY.locations(node, 2),
              Links.class,
              String.class);
      assertThat(links).containsExactly("LocalLink MemoryLink", "MemoryLink LocalLink");
    }
  }
}
