package io.places;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.event.Event;
import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.launch.Launcher;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.PlaceBody;
import io.places.place.Spawn;
import io.places.supervise.Supervisor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler of a user may let through: the exception names the argument. */
@SuppressWarnings("NullAway") // that is the point
class NullArgumentsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static Node node;
  private static RemoteNode other;

  @BeforeAll
  static void start() {
    node = Node.start();
    other = node.launch(Node.inThisJvm());
  }

  @AfterAll
  static void close() {
    node.close();
  }

  static void body(PlaceChannel<String, String> creator) {
    creator.get();
  }

  private static Arguments call(String parameter, ThrowingCallable call) {
    return Arguments.of(parameter, call);
  }

  static Stream<Arguments> calls() {
    var ends = PlaceChannel.pair(String.class, String.class);
    return Stream.of(
        call("options", () -> Node.start(null)),
        call("name", () -> NodeOptions.standard().name(null)),
        call("bind", () -> NodeOptions.standard().bind(null)),
        call("file", () -> NodeOptions.standard().secretFile(null)),
        call("launcher", () -> node.launch((Launcher) null)),
        call("child", () -> node.launch(null, Launch.process())),
        call("hosts", () -> node.launch((Hosts) null)),
        call("to", () -> node.connect((InetSocketAddress) null)),
        call("action", () -> node.after(SOON, null)),
        call("period", () -> node.every(null, () -> {})),
        call("text", () -> node.log(System.Logger.Level.INFO, null)),
        call("place", () -> node.named(null, String.class, String.class)),
        call("sends", () -> other.named("x", null, String.class)),
        call("body", () -> node.place((PlaceBody<String, String>) null)),
        call("spawn", () -> node.place((Spawn) null, NullArgumentsTest::body)),
        call("spawn", () -> other.place((Spawn) null, NullArgumentsTest::body)),
        call("name", () -> Spawn.named(null)),
        call("isolation", () -> Spawn.isolated(null)),
        call("fromSecond", () -> PlaceChannel.pair(String.class, null)),
        call("timeout", () -> ends.first().get(null)),
        call("events", () -> Event.sync((Event<String>[]) null)),
        call("events[0]", () -> Event.sync((Event<String>) null)),
        call("events[1]", () -> Event.poll(Event.never(), null)),
        call("limit", () -> Event.sync((Duration) null, Event.never())),
        call("time", () -> Event.after(null)),
        call("function", () -> Event.never().map(null)),
        call("address", () -> Launch.attach(null)),
        call("host", () -> Launch.ssh(null)),
        call("file", () -> Hosts.read(null)),
        call("node", () -> Supervisor.at((Node) null)),
        call("options", () -> LocalCluster.start(null)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void nullIsRefusedByTheNameOfTheParameter(String parameter, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(parameter);
  }
}
