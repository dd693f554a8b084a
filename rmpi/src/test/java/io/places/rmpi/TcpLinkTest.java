package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Surroundings;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
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

/** What only connections between ranks promise; what all links do is under test for each. */
class TcpLinkTest {
  static final class Computes implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws IOException {
      Path came = Path.of(arguments[0]).resolve("came");
      int messages = 5;
      int sum = 0;
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
