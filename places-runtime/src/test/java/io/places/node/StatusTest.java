package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.places.Clock;
import io.places.NodeLostException;
import io.places.ProtocolException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.node.NodeStatus.ChannelStatus;
import io.places.node.NodeStatus.NameStatus;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.node.NodeStatus.Table;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import io.places.wire.proto.Inspected;
import io.places.wire.proto.NameRow;
import io.places.wire.proto.PlaceRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node tells of itself, to its own program and to others. */
class StatusTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private Node node;
  private Node visitor;

  @BeforeEach
  void start() {
    node = Node.start(options().name("busy"));
    visitor = Node.start(options().name("visitor"));
  }

  @AfterEach
  void close() {
    visitor.close();
    node.close();
  }

  private NodeOptions options() {
    return NodeOptions.standard().key(key).allow("io.places.node");
  }

  /** Takes clients in, and reads nothing of what they say. */
  static void deaf(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    List<PlaceChannel<String, String>> all = new ArrayList<>();
    while (all.size() < PlaceChannel.CREDIT_MESSAGES) {
      all.add(clients.get());
    }
  }

  static void listening(PlaceChannel<String, String> creator) {
    creator.get();
  }

  private Supplier<NodeStatus> status(boolean remote) {
    return remote ? visitor.connect(node.address())::status : node::status;
  }

  /** Messages are under way for a moment; then it must be as is wanted. */
  private static NodeStatus await(Supplier<NodeStatus> status, Predicate<NodeStatus> wanted) {
    long start = System.nanoTime();
    NodeStatus now = status.get();
    while (!wanted.test(now)) {
      assertThat(System.nanoTime() - start).as("%s", now).isLessThan(SOON.toNanos());
      now = status.get();
    }
    return now;
  }

  private static boolean hasUnread(NodeStatus status, String to, long messages) {
    return status.channels().rows().stream()
        .anyMatch(end -> end.to().equals(to) && end.unreadMessages() == messages);
  }

  @ParameterizedTest(name = "asked by another node: {0}")
  @ValueSource(booleans = {true, false})
  void aNodeTellsOfItsPlacesTheirNamesAndWhatNobodyHasReadYet(boolean remote) {
    Place<?, ?> deaf = node.place(Spawn.named("deaf"), StatusTest::deaf);
    Place<String, String> listening =
        node.place(Spawn.isolated(Isolation.VIRTUAL), StatusTest::listening);
    RemoteNode there = visitor.connect(node.address());
    PlaceChannel<String, String> client = there.named("deaf", String.class, String.class);
    for (int i = 0; i < 3; i++) {
      client.put("0123456789");
    }
    String end = "a client, on node visitor, of place deaf";

    NodeStatus told =
        await(
            status(remote),
            now -> hasUnread(now, end, 3) && now.names().rows().getFirst().waiting() == 0);

    assertThat(told.node()).isEqualTo("busy");
    assertThat(told.processId()).isEqualTo(ProcessHandle.current().pid());
    assertThat(told.uptime()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    assertThat(told.places().rows())
        .extracting(PlaceStatus::place, PlaceStatus::body, PlaceStatus::isolation)
        .containsExactly(
            tuple("deaf", "io.places.node.StatusTest::deaf", Isolation.THREAD),
            tuple(listening.name(), "io.places.node.StatusTest::listening", Isolation.VIRTUAL));
    assertThat(told.places().rows())
        .allSatisfy(place -> assertThat(place.uptime()).isBetween(Duration.ZERO, told.uptime()));
    long epoch = node.find("deaf", String.class, String.class, Duration.ZERO).epoch();
    assertThat(told.names())
        .isEqualTo(new Table<>(List.of(new NameStatus("deaf", epoch, 1, 0)), 0));
    ChannelStatus first = told.channels().rows().getFirst(); // the most there is to read
    assertThat(first.to()).isEqualTo(end);
    assertThat(first.node()).isEqualTo("visitor");
    assertThat(first.unreadMessages()).isEqualTo(3);
    assertThat(first.unreadBytes()).isBetween(30L, 60L);
    assertThat(told.channels().rows())
        .extracting(ChannelStatus::to, ChannelStatus::node, ChannelStatus::unreadMessages)
        .contains(
            tuple("place %s on node busy".formatted(listening.name()), "busy", 0L),
            tuple("the creator of place %s on node busy".formatted(listening.name()), "busy", 0L));
    assertThat(told.connections().rows())
        .singleElement()
        .satisfies(
            connection -> {
              assertThat(connection.node()).isEqualTo("visitor");
              assertThat(connection.address()).startsWith("127.0.0.1:");
              assertThat(connection.opened()).isFalse();
              assertThat(connection.uptime()).isBetween(Duration.ZERO, told.uptime());
              assertThat(connection.channels()).isEqualTo(1);
              assertThat(connection.unreadBytes()).isEqualTo(first.unreadBytes() + 3 * 64);
            });
    deaf.kill();
    assertThat(await(status(remote), now -> now.names().rows().isEmpty()).places().rows())
        .extracting(PlaceStatus::place)
        .containsExactly(listening.name());
  }

  @Test
  void aPlaceForAnotherNodeShowsBothItsChannelsAndWhatItsCreatorHasNotRead() {
    RemoteNode there = visitor.connect(node.address());
    Place<String, String> place = there.place(StatusTest::listening);
    place.put("done");
    String channel = "the creator, on node visitor, of place " + place.name();

    NodeStatus told = await(node::status, now -> !hasUnread(now, channel, 1));

    assertThat(told.places().more()).isZero();
    place.join(SOON);
    assertThat(await(node::status, now -> now.channels().rows().isEmpty()).places().rows())
        .isEmpty();
    Place<String, String> waiting = there.place(StatusTest::listening);
    assertThat(node.status().channels().rows())
        .extracting(ChannelStatus::to, ChannelStatus::node)
        .containsExactlyInAnyOrder(
            tuple("the creator, on node visitor, of place " + waiting.name(), "visitor"),
            tuple("the streams of the creator, on node visitor, of place " + waiting.name(), "visitor"));
  }

  @Test
  void whatDoesNotFitIntoAnAnswerIsCountedAndTheNodeItselfKnowsAll() {
    int count = 1_100;
    List<String> names =
        IntStream.range(0, count)
            .mapToObj(i -> String.format(Locale.ROOT, "a-place-with-a-name-of-some-length-%04d", i))
            .toList();
    for (String name : names) {
      node.place(Spawn.named(name).isolation(Isolation.VIRTUAL), StatusTest::deaf);
    }

    NodeStatus whole = node.status();
    NodeStatus cut = visitor.connect(node.address()).status();

    assertThat(whole.names().rows()).extracting(NameStatus::name).isEqualTo(names);
    assertThat(whole.places()).extracting(table -> table.rows().size()).isEqualTo(count);
    assertThat(whole.channels().rows()).hasSize(2 * count);
    assertThat(cut.names().rows())
        .hasSizeGreaterThan(200)
        .isEqualTo(whole.names().rows().subList(0, cut.names().rows().size()));
    assertThat(cut.names().rows().size() + cut.names().more()).isEqualTo(count);
    assertThat(cut.places().rows()).hasSizeGreaterThan(100);
    assertThat(cut.places().rows().size() + cut.places().more()).isEqualTo(count);
    assertThat(cut.channels().rows()).hasSizeGreaterThan(100);
    assertThat(cut.channels().rows().size() + cut.channels().more()).isEqualTo(2L * count);
    assertThat(cut.connections().rows()).hasSize(1);
    assertThat(cut.connections().more()).isZero();
  }

  @Test
  void whatAPeerSaysOfItselfIsSafeToShow() {
    Inspected told =
        Inspected.newBuilder()
            .setNode("far\u001b[2J")
            .addNames(NameRow.newBuilder().setName("a\nb"))
            .build();

    NodeStatus shown = Statuses.fromWire(told);

    assertThat(shown.node()).isEqualTo("far\\u001b[2J");
    assertThat(shown.names().rows().getFirst().name()).isEqualTo("a\\u000ab");
  }

  @Test
  void anIsolationOfALaterVersionIsTold() {
    Inspected told =
        Inspected.newBuilder().addPlaces(PlaceRow.newBuilder().setIsolationValue(9)).build();

    assertThatThrownBy(() -> Statuses.fromWire(told))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "a place there has isolation 9, which is not known here; run the same version on all nodes");
  }

  @Test
  void whoeverListensWithoutAnAnswerIsGivenUpWithinTheLimit() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = (InetSocketAddress) silent.getLocalSocketAddress();

      assertThatThrownBy(() -> visitor.connect(address, Duration.ofMillis(300)))
          .isInstanceOf(NodeLostException.class)
          .hasMessage(
              "the node at localhost/127.0.0.1:%d did not answer within 300 ms: what listens there is something else, or stands still",
              address.getPort());
    }
  }

  @Test
  void aNodeOfAnotherClusterTellsNothing() {
    try (Node stranger = Node.start()) {
      assertThatThrownBy(() -> stranger.connect(node.address(), SOON))
          .isInstanceOf(ProtocolException.class)
          .hasMessage(
              "the handshake with the node at %s failed: the connection was closed here: the peer belongs to another cluster; does it belong to this cluster?",
              node.address());
    }
  }

  /** Whenever one thread asks for the time, it looks at a node first. */
  private static final class LookingClock implements Clock {
    final List<NodeStatus> seen = new ArrayList<>(); // owned by that thread
    volatile @Nullable Thread looking;
    volatile @Nullable Node at;

    @Override
    public long nanoTime() {
      Node now = at;
      if (now != null && Thread.currentThread().equals(looking)) {
        looking = null; // the look asks for the time, too
        seen.add(now.status());
        looking = Thread.currentThread();
      }
      return Clock.system().nanoTime();
    }

    @Override
    public Instant now() {
      return Clock.system().now();
    }

    @Override
    public long await(Condition condition, long nanos) throws InterruptedException {
      return Clock.system().await(condition, nanos);
    }

    @Override
    public void park(Object blocker, long nanos) {
      Clock.system().park(blocker, nanos);
    }
  }

  @Test
  void aNameIsToldOfOnlyWithItsPlace() {
    var clock = new LookingClock();
    var surroundings = new Surroundings(clock, Spawner.system(), new SecureRandom());
    try (Node watched = Node.start(options().surroundings(surroundings))) {
      clock.at = watched;
      clock.looking = Thread.currentThread();
      watched.place(Spawn.named("deaf"), StatusTest::deaf); // whose name is taken before its start is timed
      clock.looking = null;

      assertThat(clock.seen)
          .isNotEmpty()
          .allSatisfy(
              now ->
                  assertThat(now.places().rows())
                      .extracting(PlaceStatus::place)
                      .containsAll(now.names().rows().stream().map(NameStatus::name).toList()));
      assertThat(watched.status().names().rows())
          .extracting(NameStatus::name)
          .containsExactly("deaf");
    }
  }

  @Test
  void aNodeThatIsGoneHasNoStatus() {
    RemoteNode there = visitor.connect(node.address());
    node.close();
    await(() -> visitor.status(), now -> now.connections().rows().isEmpty());

    assertThatThrownBy(there::status)
        .isInstanceOf(NodeLostException.class)
        .hasMessageStartingWith("node busy (process ");
    assertThatThrownBy(node::status).hasMessage("node busy is closed");
  }
}
