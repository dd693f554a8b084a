package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only connections between ranks promise; what all links do is under test for each. */
class TcpLinkTest {
  static final class Computes implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws IOException {
      Path came = Path.of(arguments[0]).resolve("came");
      int messages = 5;
      int sum = besideALongMessage(comm, Path.of(arguments[0]));
      if (comm.rank() == 0) {
        for (int i = 0; i < messages; i++) {
          comm.send(new int[] {i}, 1, 0);
        }
        await("rank 1 has them", () -> Files.exists(came)); // calls nothing meanwhile
        return sum;
      }
      for (int i = 0; i < messages; i++) {
        sum += comm.recv(int[].class, 0, 0)[0];
      }
      Files.writeString(came, "");
      return sum;
    }

    /** Of which some pieces have gone when the rank begins to compute. */
    private static int besideALongMessage(Comm comm, Path folder) throws IOException {
      int[] much = new int[4 << 20];
      Request<Status> request = comm.rank() == 0 ? comm.isend(much, 1, 1) : comm.irecv(Slice.of(much), 0, 1);
      if (comm.rank() == 0) {
        comm.send("offered", 1, 2);
        comm.recv(String.class, 1, 2);
      } else {
        comm.recv(String.class, 0, 2);
        comm.send("wanted", 0, 2);
      }
      for (int i = 0; i < 5; i++) {
        Path came = folder.resolve("came-" + i);
        if (comm.rank() == 0) {
          comm.send(new int[] {i}, 1, 0);
          await("rank 1 has it", () -> Files.exists(came));
        } else {
          comm.recv(int[].class, 0, 0);
          Files.writeString(came, "");
        }
      }
      request.await();
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODES_TCP", "PROCESSES_TCP"})
  void whatARankHasSentArrivesWhileItComputes(Ranks ranks, @TempDir Path folder) {
    assertThat(ranks.call(2, Computes.class, Integer.class, folder.toString()))
        .containsExactly(0, 10);
  }

  static final class BothWays implements RmpiFunction<Boolean> {
    @Override
    public Boolean call(Comm comm, String[] arguments) {
      int other = 1 - comm.rank();
      double[] out = new double[1 << 20]; // more than all buffers on the way
      double[] in = new double[out.length];
      boolean good = true;
      for (int turn = 0; turn < 5; turn++) {
        Arrays.fill(out, comm.rank() + turn);
        Request<Status> sent = comm.isend(out, other, 0);
        for (int i = 0; i < 1_000; i++) { // these overtake the pieces of the long one
          comm.send(new int[] {i}, other, 1);
        }
        Request<Status> got = comm.irecv(Slice.of(in), other, 0);
        for (int i = 0; i < 1_000; i++) {
          good &= comm.recv(int[].class, other, 1)[0] == i;
        }
        Request.awaitAll(sent, got);
        int expected = other + turn;
        good &= Arrays.stream(in).allMatch(each -> each == expected);
      }
      return good;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODES_TCP", "PROCESSES_TCP"})
  void longAndShortMessagesBothWaysAtOnceArriveWhole(Ranks ranks) {
    assertThat(ranks.call(2, BothWays.class, Boolean.class))
        .isEqualTo(Collections.nCopies(2, true));
  }

  static final class LastWords implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws IOException {
      if (comm.rank() == 0) {
        for (int i = 0; i < 500; i++) {
          comm.send(new byte[1_000], 1, 0); // the connection holds them all
        }
        return 0;
      }
      for (int i = 0; i < 2_000; i++) {
        comm.send(new byte[100], 0, 0); // which nobody reads
      }
      Path folder = Path.of(arguments[0]);
      Files.writeString(folder.resolve("sent"), "");
      await("rank 0 is over", () -> Files.exists(folder.resolve("over")));
      int got = 0;
      for (int i = 0; i < 500; i++) {
        got += comm.recv(byte[].class, 0, 0).length;
      }
      return got;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODES_TCP", "PROCESSES_TCP"})
  void whatARankSendsBeforeItsEndIsNotLostThoughItLeavesMuchUnread(Ranks ranks, @TempDir Path folder)
      throws Exception {
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 2);
      CompletableFuture<List<Integer>> got =
          CompletableFuture.supplyAsync(
              () ->
                  Rmpi.call(
                      ranks.options(), locations, LastWords.class, Integer.class, folder.toString()),
              task -> Thread.ofPlatform().daemon().start(task));
      await("rank 1 has sent", () -> Files.exists(folder.resolve("sent")));
      RemoteNode first = (RemoteNode) locations.get(0);
      await("the place of rank 0 ends", () -> first.status().places().rows().isEmpty());
      Files.writeString(folder.resolve("over"), "");

      assertThat(got.get(30, TimeUnit.SECONDS)).containsExactly(0, 500_000);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /** A link of rank 0, the other end of which is in the hands of the test. */
  private static final class Wire implements AutoCloseable {
    private static final int HEAD = 64;

    /** Of a message, that is on its way at once. */
    private static final int LITTLE = 64 << 10;

    final World world = new World(Surroundings.system(), 0, 2, false);
    final PlaceChannel.Pair<Frame, Frame> channel = PlaceChannel.pair(Frame.class, Frame.class);
    final SocketChannel peer;
    final TcpLink link;

    Wire() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        peer = SocketChannel.open();
        peer.setOption(StandardSocketOptions.SO_RCVBUF, LITTLE);
        peer.connect(server.getLocalAddress());
        SocketChannel socket = server.accept();
        socket.setOption(StandardSocketOptions.SO_SNDBUF, LITTLE);
        SocketSleeper sleeper = new SocketSleeper();
        world.progress().sleepBy(sleeper);
        LateFlush lateFlush = new LateFlush(world.clock(), world.spawner());
        link =
            new TcpLink(
                world, 1, channel.first(), new TcpStream(socket), sleeper.register(socket), lateFlush);
        lateFlush.links(List.of(link));
        world.linkTo(1, link);
        world.remoteLinks(List.of(link));
      }
    }

    /** One without a body. */
    void says(PolledLink.Kind kind, int ticket) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(HEAD).order(ByteOrder.nativeOrder());
      peer.write(frame.putInt(4, kind.code).putInt(8, ticket));
    }

    Request<Status> send(Slice body) {
      Request<Status> request = new Request<>(world, new int[] {1}, () -> "send");
      Envelope envelope = new Envelope(0, 0, 0, body.type().typeName(), body.elements(), null);
      link.send(envelope, Payload.of(body), false, request);
      return request;
    }

    void pollUntil(String what, BooleanSupplier condition) {
      await(
          what,
          () -> {
            link.poll();
            return condition.getAsBoolean();
          });
    }

    @Override
    public void close() throws IOException {
      peer.close();
      world.over();
      world.close();
      channel.second().close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongMessageOfWhichOnlyAPartHasGoneWhenTheConnectionEndsIsNotSent(boolean hasSaidThatItLeaves)
      throws IOException {
    try (Wire wire = new Wire()) {
      Request<Status> sent = wire.send(Slice.of(new byte[8 << 20]));
      long before = wire.link.traffic().sent();
      wire.says(PolledLink.Kind.WANTED, 1);
      wire.pollUntil("some has gone", () -> wire.link.traffic().sent() > before);
      if (hasSaidThatItLeaves) {
        wire.channel.second().put(new Frame.End());
        await("that is heard", () -> wire.link.leaves);
      }
      wire.peer.close();

      assertThatThrownBy(() -> sent.await(Duration.ofSeconds(20)))
          .isInstanceOf(RankFailedException.class)
          .hasMessageContaining(hasSaidThatItLeaves ? "rank 1 has ended" : "rank 1 is lost");
    }
  }

  @Test
  void whatHasGoneBeforeAMessageThatCannotBeSentIsDone() throws IOException {
    int offered = Link.EAGER + 1;
    try (Wire wire = new Wire()) {
      Request<Status> good = wire.send(Slice.of(new byte[offered]));
      Request<Status> free;
      try (Arena arena = Arena.ofShared()) {
        free = wire.send(Slice.of(arena.allocate(offered), ElementType.BYTE));
      }
      wire.says(PolledLink.Kind.WANTED, 1);
      wire.says(PolledLink.Kind.WANTED, 2);

      assertThatThrownBy(free::await)
          .isInstanceOf(RmpiException.class)
          .hasMessage("rank 0 cannot send to rank 1: java.lang.IllegalStateException: Already closed");
      assertThat(good.isOver()).isTrue();
    }
  }

  @Test
  void whatARankSaysOfAMessageBehindItsEndIsLetBe() throws IOException {
    try (Wire wire = new Wire()) {
      Request<Status> sent = wire.send(Slice.of(new byte[1 << 20]));
      wire.says(PolledLink.Kind.END, 0);
      for (PolledLink.Kind late :
          List.of(PolledLink.Kind.WANTED, PolledLink.Kind.MATCHED, PolledLink.Kind.DROPPED)) {
        wire.says(late, 1);
      }
      wire.pollUntil("all have come", () -> wire.link.traffic().received() == 4);
      assertThatThrownBy(sent::await).isInstanceOf(RankFailedException.class).hasMessageContaining("rank 1 has ended");
    }
  }

  /** In a JVM with little memory for buffers. */
  static final class AsksForTooMuchRoom {
    private AsksForTooMuchRoom() {}

    public static void main(String[] arguments) throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (SocketChannel to = SocketChannel.open(server.getLocalAddress());
            SocketChannel peer = server.accept()) {
          TcpStream stream = new TcpStream(to);
          stream.room().set(ValueLayout.JAVA_INT_UNALIGNED, stream.roomFor(Integer.BYTES), 5);
          stream.write(Integer.BYTES);
          try {
            stream.roomFor(1 << 29);
            System.out.print("there is room");
          } catch (OutOfMemoryError e) {
            ByteBuffer got = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            System.out.print(stream.unsent() + " unsent, " + stream.flush());
            to.shutdownOutput();
            while (got.hasRemaining() && peer.read(got) >= 0) {}
            System.out.print(", came " + got.flip().getInt());
          }
        }
      }
    }
  }

  @Test
  void whatIsWrittenIsSentThoughThereIsNoMemoryForMore() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxDirectMemorySize=4m",
                "-cp",
                System.getProperty("java.class.path"),
                AsksForTooMuchRoom.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());

    assertThat(said).isEqualTo("4 unsent, true, came 5");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void whoDoesNotKnowTheTokenIsSentAway() throws IOException {
    World world = new World(Surroundings.system(), 0, 3, false);
    try (TcpMeeting meeting = new TcpMeeting(world, InetAddress.getLoopbackAddress())) {
      Frame.Listens where = meeting.listen(1);
      Frame.Listens other = meeting.listen(2);
      try (Socket silent = new Socket(where.host(), where.port());
          Socket liar = new Socket(where.host(), where.port());
          SocketChannel second = TcpMeeting.connect(other);
          SocketChannel first = TcpMeeting.connect(where)) {
        liar.getOutputStream().write(new byte[32]);
        try (SocketChannel accepted = meeting.accept(1);
            SocketChannel otherAccepted = meeting.accept(2)) {
          assertThat(accepted.getRemoteAddress()).isEqualTo(first.getLocalAddress());
          assertThat(otherAccepted.getRemoteAddress()).isEqualTo(second.getLocalAddress());
        }
        liar.setSoTimeout(10_000);
        silent.setSoTimeout(10_000);
        assertThat(liar.getInputStream().read()).isEqualTo(-1);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aRankDoesNotListenOnEveryAddress() throws IOException {
    World world = new World(Surroundings.system(), 0, 2, false);
    try (TcpMeeting meeting = new TcpMeeting(world, InetAddress.getByName("0.0.0.0"))) {
      assertThatThrownBy(() -> meeting.listen(1)).hasMessageContaining("listens on every address");
    }
  }
}
