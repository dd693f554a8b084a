package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import io.places.PlaceInterruptedException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.wire.proto.Control;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many may come in, over a network of this test's own. */
class DoorTest {
  private static final ClusterKey KEY = ClusterKey.random(new SecureRandom());
  private static final Duration SOON = Duration.ofSeconds(20);

  private final StandingClock clock = new StandingClock();
  private final InMemory network = new InMemory();
  private final Deaf listener = new Deaf();
  private final Wire wire =
      new Wire(
          new Surroundings(clock, Spawner.system(), new SecureRandom()),
          network,
          KEY,
          "door",
          new NodeIdentity(new UUID(0, 1), 1),
          listener);

  @BeforeEach
  void listen() throws Exception {
    wire.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() {
    wire.close();
  }

  @Test
  void ofMoreThan64HandshakesUnderWayTheOldestGiveWay() {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      guests.add(network.comes("10.0.0." + i));
    }
    assertThat(guests.stream().map(Guest::isClosed).toList().indexOf(false)).isEqualTo(6);
    assertThat(guests.subList(6, 70)).noneMatch(Guest::isClosed);
  }

  @Test
  void ofMoreThan16HandshakesFromOneAddressTheOldestOfThatAddressGivesWay() {
    Guest elsewhere = network.comes("10.0.0.1");
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      guests.add(network.comes("10.0.0.2"));
    }
    assertThat(elsewhere.isClosed()).isFalse();
    assertThat(guests.subList(0, 2)).allMatch(Guest::isClosed);
    assertThat(guests.subList(2, 18)).noneMatch(Guest::isClosed);
  }

  @Test
  void aLaunchedNodesOwnerMayTakeItsTimeAndThenStrangersMayNot() {
    Duration late = Duration.ofSeconds(59);
    wire.awaitsOwner();
    Guest owner = network.comes("127.0.0.1");
    Guest stranger = network.comes("127.0.0.1");
    assertThat(owner.isClosedWhenItIs(late) || stranger.isClosedWhenItIs(late)).isFalse();
    owner.shakeHands();
    assertThat(stranger.isClosedWhenItIs(late)).isTrue();
    assertThat(owner.isClosed()).isFalse();
  }

  @Test
  void whoComesFirstToALaunchedNodeHasAMinuteAndNotMore() {
    wire.awaitsOwner();
    Guest nobody = network.comes("127.0.0.1");
    assertThat(nobody.isClosedWhenItIs(Duration.ofSeconds(61))).isTrue();
  }

  @Test
  void ofThoseWhoKnowTheSecret1024ComeInAndTheNextIsToldWhyNot() throws Exception {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 1_024; i++) {
      Guest guest = network.comes("10.0.%d.%d".formatted(i / 256, i % 256));
      guest.shakeHands();
      guests.add(guest);
    }
    Guest oneMore = network.comes("10.1.0.0");
    oneMore.shakeHands();
    assertThat(oneMore.told())
        .contains("the node has 1024 connections already, the most that it takes");
    assertThat(guests).noneMatch(Guest::isClosed);
  }

  @Test
  void aFloodOfStrangersBecomesOneLineASecondWithTheNumberOfTheOthers() throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream own = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < 564; i++) {
        network.comes("10.0.%d.%d".formatted(i / 256, i % 256));
      }
      clock.now = Duration.ofSeconds(1).toNanos();
      network.comes("10.1.0.0");
    } finally {
      System.setErr(own);
    }
    List<String> lines =
        printed.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("gave way")).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).endsWith("(0 others since the last such line)");
    assertThat(lines.getLast()).endsWith("(499 others since the last such line)");
  }

  @Test
  void aMessageThatEndsBeforeTheLengthThatItSaysTakesNothingOfTheNodesMemoryAfterwards() throws Exception {
    Guest guest = network.comes("10.0.0.1");
    guest.shakeHands();
    guest.send(FrameHeader.FIRST, ByteBuffer.allocate(Integer.BYTES).putInt(1_000).array());
    assertThat(wire.held()).isEqualTo(Connection.cost(1_000));
    guest.send(FrameHeader.LAST, new byte[6]);
    assertThat(guest.told()).isEqualTo("a message of 1000 bytes on channel 1 ends after 6");
    guest.receiver.closed(null);
    assertThat(wire.held()).isZero();
  }

  /** They belong to those of FrameGoldenBytesTest; here no second has to pass. */
  @Test
  void creditAndHeartbeatsHaveTheseBytes() {
    Guest guest = network.comes("127.0.0.1");
    guest.shakeHands();
    guest.send(FrameHeader.FIRST | FrameHeader.LAST, new byte[1]);
    var connection = (Connection) guest.receiver;
    connection.credit(258, 259, 260);
    assertThat(HexFormat.of().formatHex(guest.read(FrameHeader.SIZE + 12)))
        .isEqualTo(
            "0000000c" + "03" + "00" + "0000" + "0000000000000102" + "0000000000000001"
                + "00000103" + "0000000000000104");
    connection.beat();
    assertThat(HexFormat.of().formatHex(guest.read(FrameHeader.SIZE + 8)))
        .isEqualTo(
            "00000008" + "04" + "00" + "0000" + "0000000000000000" + "0000000000000002"
                + "0000000000000001");
  }

  @Test
  void whoHearsOfTheLossOfASilentPeerHoldsUpNoHeartbeat() throws Exception {
    Guest guest = network.comes("127.0.0.1");
    guest.shakeHands();
    listener.mayGoOn = new CountDownLatch(1);
    assertThat(guest.isClosedWhenItIs(Duration.ofSeconds(9))).isTrue();
    assertThat(listener.mayGoOn.getCount()).as("waits until").isEqualTo(1);
    listener.mayGoOn.countDown();
    assertThat(listener.heard.poll(20, TimeUnit.SECONDS)).isEqualTo("was silent for over 7 s");
  }

  @Test
  void aConnectionThatCannotBeClosedEndsNoHeartbeat() {
    Guest guest = network.comes("127.0.0.1");
    guest.broken = true;
    assertThat(Wire.look((Connection) guest.receiver, Duration.ofSeconds(9).toNanos(), true)).isPositive();
  }

  @Test
  void whoIsTooLateInTheMomentOfItsLastProofIsNotCountedForEver() {
    Guest guest = network.comes("127.0.0.1");
    guest.timeAtTheLastProof = Duration.ofSeconds(9);
    guest.shakeHands();
    assertThat(guest.isClosed()).isTrue();
    assertThat(wire.all()).isEmpty();
  }

  @Test
  void whatComesOfAnAttemptThatWasInterruptedIsClosed() {
    assertThatThrownBy(() -> wire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), SOON))
        .isInstanceOf(PlaceInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    Guest late = network.answersTheInterrupted();
    assertThat(late.isClosed()).isTrue();
  }

  /** A clock by which only this test lets time pass. */
  private static final class StandingClock implements Clock {
    private volatile long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller's
    public long await(Condition condition, long nanos) throws InterruptedException {
      condition.await(); // until it is signalled: this time does not pass by itself
      return nanos;
    }

    @Override
    public void park(Object blocker, long nanos) {
      throw new UnsupportedOperationException("nobody parks here");
    }
  }

  /** What is written to a guest. */
  private static final class Guest implements Transport.Pipe {
    private final InetSocketAddress address;
    private final Transport.Receiver receiver;
    private final Queue<Byte> written = new ArrayDeque<>();
    private volatile boolean broken;
    private @Nullable Duration timeAtTheLastProof;
    private long sequence;
    private boolean closed;

    Guest(String host, Transport.Receiver receiver) {
      this.address = new InetSocketAddress(host, 1_000);
      this.receiver = receiver;
    }

    void shakeHands() {
      var self = new NodeIdentity(UUID.randomUUID(), 1);
      var handshake = new Handshake(KEY, self, new SecureRandom(), true);
      receiver.received(ByteBuffer.wrap(handshake.opening()));
      for (int size : new int[] {Handshake.PREFACE_SIZE, Handshake.PROOF_SIZE}) {
        handshake.receive(
            ByteBuffer.wrap(read(size)), bytes -> receiver.received(ByteBuffer.wrap(bytes)));
      }
    }

    /** A frame of data on channel 1. */
    void send(int flags, byte[] body) {
      ByteBuffer frame = ByteBuffer.allocate(FrameHeader.SIZE + body.length);
      new FrameHeader(body.length, FrameKind.DATA, flags, 1, ++sequence).write(frame);
      receiver.received(frame.put(body).flip());
    }

    private synchronized byte[] read(int size) {
      byte[] bytes = new byte[size];
      for (int i = 0; i < size; i++) {
        bytes[i] = written.remove();
      }
      return bytes;
    }

    @Override
    public void soon(Runnable task) {
      task.run();
    }

    /** The reason of the goodbye, which comes first. */
    String told() throws Exception {
      FrameHeader header = FrameHeader.read(ByteBuffer.wrap(read(FrameHeader.SIZE)));
      return Control.parseFrom(read(header.length())).getGoodbye().getReason();
    }

    /** Whether it is closed when the node has looked at the clock. */
    boolean isClosedWhenItIs(Duration time) {
      ((Connection) receiver).checkTime(time.toNanos());
      return isClosed();
    }

    synchronized boolean isClosed() {
      return closed;
    }

    @Override
    public InetSocketAddress remote() {
      return address;
    }

    @Override
    public synchronized void write(ByteBuffer[] pieces, Consumer<@Nullable Throwable> done) {
      Duration time = timeAtTheLastProof;
      if (time != null && pieces[0].remaining() == Handshake.PROOF_SIZE) {
        isClosedWhenItIs(time);
      }
      for (ByteBuffer piece : pieces) {
        while (piece.hasRemaining()) {
          written.add(piece.get());
        }
      }
      done.accept(null);
    }

    @Override
    public synchronized void close() {
      if (broken) {
        throw new AssertionError("broken");
      }
      closed = true;
    }
  }

  private static final class InMemory implements Transport {
    private Supplier<Receiver> receivers = () -> null;
    private @Nullable Receiver interrupted;

    Guest comes(String host) {
      Receiver receiver = receivers.get();
      var guest = new Guest(host, receiver);
      receiver.opened(guest);
      return guest;
    }

    @Override
    public Listening listen(InetSocketAddress address, Supplier<Receiver> made) {
      receivers = made;
      return () -> address;
    }

    /** Is interrupted, and goes on. */
    @Override
    public void connect(InetSocketAddress to, Duration timeout, Receiver receiver) throws IOException {
      interrupted = receiver;
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    }

    Guest answersTheInterrupted() {
      Receiver receiver = Objects.requireNonNull(interrupted);
      var guest = new Guest("127.0.0.1", receiver);
      receiver.opened(guest);
      return guest;
    }

    @Override
    public void close() {}
  }

  /** Hears of ends only, and may take its time for that. */
  private static final class Deaf implements ConnectionListener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private volatile CountDownLatch mayGoOn = new CountDownLatch(0);

    @Override
    public void opened(Connection connection) {}

    @Override
    public void control(Connection connection, Control message) {}

    @Override
    public void data(Connection connection, long channel, int marks, byte[] message, int size) {}

    @Override
    public void credit(Connection connection, long channel, long messages, long bytes) {}

    @Override
    public void closed(Connection connection, String reason, boolean mayStillRun) {
      try {
        if (!mayGoOn.await(5, TimeUnit.SECONDS)) {
          mayGoOn.countDown(); // whoever holds it waits for this
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      heard.add(reason);
    }
  }
}
