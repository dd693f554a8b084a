package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.LaunchException;
import io.places.channel.PlaceChannel;
import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import io.places.place.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends of channels on nodes that reach each other by other addresses than their owner reaches them. */
class FarEndsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Nobody listens on such a port: it is for protocols from the beginning of the net. */
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  private final List<Relay> relays = new CopyOnWriteArrayList<>();
  private final Node node = Node.start();

  @AfterEach
  void close() {
    node.close();
    relays.forEach(Relay::close);
  }

  @Test
  void theHolderOfOneEndFindsTheOtherByItsOwnWay() {
    RemoteNode one = node.launch(Node.inThisJvm());
    RemoteNode far = node.launch(seeing(this::byRelay));
    Place<?, String> mine = holdBothEnds(one, far);
    assertThat(mine.get(SOON)).isEqualTo("there and back");
    assertThat(relays).hasSize(1).allSatisfy(relay -> assertThat(relay.taken()).isEqualTo(1));
  }

  @Test
  void anEndStaysWhereItIsIfNoWayCanBeMade() {
    RemoteNode one = node.launch(Node.inThisJvm());
    RemoteNode far =
        node.launch(
            seeing(
                address -> {
                  throw new LaunchException("the tunnel to " + address + " is closed");
                }));
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> echo = one.place(EndBodies::echoOn);
    echo.put(pair.second());
    Place<PlaceChannel<String, String>, Void> there = far.place(EndBodies::echoOn);
    assertThatThrownBy(() -> there.put(pair.first()))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("the tunnel to ");
    assertThat(pair.first().ask("still here", SOON)).isEqualTo("still here");
  }

  @Test
  void anEndWhosePeerCannotBeReachedSaysSoAndWhatToDo() {
    RemoteNode one = node.launch(Node.inThisJvm());
    RemoteNode far = node.launch(seeing(address -> NOWHERE));
    Place<?, String> mine = holdBothEnds(one, far);
    assertThatThrownBy(() -> mine.get(SOON))
        .rootCause()
        .hasMessageContaining("cannot connect to the node that holds the other end of a channel")
        .hasMessageContaining("port 9")
        .hasMessageContaining("have the end sent by the node that launched both");
  }

  /** One end of a channel at each node; answers who tells what comes of it. */
  private static Place<?, String> holdBothEnds(RemoteNode one, RemoteNode far) {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> echo = one.place(EndBodies::echoOn);
    echo.put(pair.second());
    Place<PlaceChannel<String, String>, String> asks = far.place(FarEndsTest::asksOn);
    asks.put(pair.first());
    return asks;
  }

  /** Asks on the end that it gets, and says what it heard. */
  static void asksOn(PlaceChannel<String, PlaceChannel<String, String>> creator) {
    creator.put(creator.get().ask("there and back", SOON));
  }

  private InetSocketAddress byRelay(InetSocketAddress address) {
    var relay = new Relay(address);
    relays.add(relay);
    return relay.address();
  }

  /** A launcher of nodes in this JVM whose machine sees addresses differently. */
  private static Launcher seeing(UnaryOperator<InetSocketAddress> way) {
    return process -> new Seeing(Node.inThisJvm().launch(process), way);
  }

  private record Seeing(LaunchedProcess process, UnaryOperator<InetSocketAddress> way)
      implements LaunchedProcess {
    @Override
    public InetSocketAddress seenFromThere(InetSocketAddress here) {
      return way.apply(here);
    }

    @Override
    public InetSocketAddress address() {
      return process.address();
    }

    @Override
    public long processId() {
      return process.processId();
    }

    @Override
    public void end(Duration limit) {
      process.end(limit);
    }

    @Override
    public void kill() {
      process.kill();
    }

    @Override
    public String fate() {
      return process.fate();
    }
  }
}
