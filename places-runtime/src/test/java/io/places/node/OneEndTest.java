package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.event.Event;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.PlaceHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever watches a place on another node is told of one end, that of the place, whatever ends afterwards. */
class OneEndTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Ends as it is told to. */
  static void ends(PlaceChannel<String, String> channel) {
    switch (channel.get()) {
      case "exit" -> Place.exit(3);
      case "throw" -> throw new IllegalStateException("no more paper");
      default -> channel.get();
    }
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {false, true})
  void theLossOfItsNodeChangesNothingOfTheEndThatWasToldAndOfNoneElse(boolean processes) {
    try (LocalCluster cluster = processes ? LocalCluster.processes(1) : LocalCluster.inJvm(1)) {
      List<Place<String, String>> places = new ArrayList<>();
      List<AtomicInteger> told = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Place<String, String> place = cluster.node(1).place(OneEndTest::ends);
        var ends = new AtomicInteger();
        ((PlaceHandle<?, ?>) place).whenOver(ends::incrementAndGet);
        places.add(place);
        told.add(ends);
      }
      places.get(0).put("exit");
      places.get(1).put("throw");
      places.get(2).kill();
      List<PlaceDeath> deaths = new ArrayList<>();
      for (Place<String, String> place : places.subList(0, 3)) {
        deaths.add(Event.sync(place.deadEvent()));
      }
      assertThat(deaths)
          .extracting(PlaceDeath::reason)
          .containsExactly(
              PlaceDeath.Reason.EXIT, PlaceDeath.Reason.EXCEPTION, PlaceDeath.Reason.KILLED);
      assertThat(Event.poll(places.get(3).deadEvent())).isEmpty();

      cluster.kill(1);
      deaths.add(Event.sync(places.get(3).deadEvent()));
      assertThat(deaths.getLast().reason()).isEqualTo(PlaceDeath.Reason.NODE_DOWN);
      assertThat(cluster.node(1).awaitLoss()).isInstanceOf(NodeLostException.class);

      for (int i = 0; i < 4; i++) {
        assertThat(Event.sync(places.get(i).deadEvent())).isEqualTo(deaths.get(i));
        assertThat(told.get(i)).hasValue(1);
      }
      assertThat(places.get(0).join(SOON)).isEqualTo(3);
      assertThat(places.get(1).failure()).get().isInstanceOf(PlaceFailedException.class);
      assertThat(places.get(2).join(SOON)).isEqualTo(1);
      assertThatThrownBy(() -> places.get(2).get(SOON))
          .isInstanceOf(ChannelClosedException.class)
          .hasMessageContaining("was killed");
      assertThatThrownBy(() -> places.get(3).join(SOON)).isInstanceOf(NodeLostException.class);
    }
  }
}
