package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests as futures, over links that nobody looks at unless a thread of the rank waits. */
class FuturesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Receives to where nothing can be written any more when the message comes. */
  static final class TakesAwayTheRoom implements RmpiProgram {
    static final BlockingQueue<Throwable> TOLD = new LinkedBlockingQueue<>();

    @Override
    public void run(Comm comm, String[] arguments) throws Exception {
      int count = Integer.parseInt(arguments[0]);
      if (comm.rank() == 0) {
        comm.recv(Integer.class, 1, 0);
        comm.send(new int[count], 1, 0);
        comm.recv(Integer.class, 1, 1); // until the job has failed
        return;
      }
      CompletableFuture<Status> future;
      try (Arena arena = Arena.ofShared()) {
        Slice room = Slice.of(arena.allocate(ValueLayout.JAVA_INT, count), ElementType.INT);
        future = comm.irecv(room, 0, 0).toFuture();
      }
      comm.send(1, 0, 0);
      try {
        future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        TOLD.add(e.getCause());
      }
      comm.recv(Integer.class, 0, 1);
    }
  }

  /** A message that goes whole, one in a single piece, one in several. */
  @ParameterizedTest
  @CsvSource({"NODES_MEMORY,100", "NODES_MEMORY,16400", "NODES_MEMORY,200000", "NODES_TCP,100", "NODES_TCP,200000"})
  void aMessageThatCannotBeTakenFailsItsFutureAndTheJob(Ranks ranks, int count) throws InterruptedException {
    TakesAwayTheRoom.TOLD.clear();
    try (Node node = Ranks.start()) {
      assertThatThrownBy(
              () ->
                  Rmpi.launch(
                      ranks.options(), ranks.locations(node, 2), TakesAwayTheRoom.class, Integer.toString(count)))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("rank 1 cannot wait for recv")
          .hasMessageContaining("IllegalStateException");
      assertThat(TakesAwayTheRoom.TOLD.poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(RmpiException.class)
          .hasMessageStartingWith("rank 1 cannot take the int[] of " + count + " that rank 0 has sent: ");
    }
  }

  /** As above, but whoever receives it goes on. Gives how many frames have come that were not sent, and what is left. */
  static final class GoesOn implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      int other = 1 - comm.rank();
      comm.send(0L, other, 3); // what its type is called is known then
      comm.recv(Long.class, other, 3);
      List<String> got = new ArrayList<>();
      for (int count : new int[] {100, 16_400, 200_000}) {
        if (comm.rank() == 0) {
          comm.recv(Integer.class, 1, 0);
          Request<Status> sent = comm.isend(new int[count], 1, 0);
          comm.send("behind", 1, 1);
          comm.send("last", 1, 2);
          sent.await();
        } else {
          got.add(cannotTake(comm, count));
          got.add(comm.recv(String.class, 0, 1));
          got.add(comm.recv(String.class, 0, 2));
        }
      }
      if (comm.rank() == 0) {
        comm.recv(Integer.class, 1, 0);
        comm.send(comm.world().link(1) instanceof RemoteLink link ? link.traffic().sent() : 0, 1, 3);
        comm.recv(Integer.class, 1, 0); // what it says at its end is not counted
        return "";
      }
      comm.send(1, 0, 0);
      long sent = comm.recv(Long.class, 0, 3);
      long came = comm.world().link(0) instanceof RemoteLink link ? link.traffic().received() : 0;
      comm.send(1, 0, 0);
      return "%d %s %s".formatted(came - sent - 1, comm.iprobe(0, Comm.ANY_TAG), String.join(" ", got));
    }

    private static String cannotTake(Comm comm, int count) {
      Request<Status> request;
      try (Arena arena = Arena.ofShared()) {
        Slice room = Slice.of(arena.allocate(ValueLayout.JAVA_INT, count), ElementType.INT);
        request = comm.irecv(room, 0, 0);
      }
      comm.send(1, 0, 0);
      try {
        request.await();
        return "taken";
      } catch (IllegalStateException | RmpiException e) {
        return "refused";
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODES_MEMORY", "NODES_TCP"})
  void whatComesBehindAMessageThatCannotBeTakenComesOnceAndAtOnce(Ranks ranks) {
    try (Node node = Ranks.start()) {
      JobOptions limited = ranks.options().timeLimit(LIMIT);
      String each = " refused behind last";
      assertThat(Rmpi.call(limited, ranks.locations(node, 2), GoesOn.class, String.class))
          .containsExactly("", "0 Optional.empty" + each.repeat(3));
    }
  }

  @Test
  void whatAFutureHasGivenIsNotKept() throws IOException {
    World world = new World(Surroundings.system(), 0, 2, false);
    PlaceChannel.Pair<Frame, Frame> channel = PlaceChannel.pair(Frame.class, Frame.class);
    PairMemory.Offered pair = PairMemory.create(new Random());
    pair.file().close();
    MemoryLink link = new MemoryLink(world, 1, channel.first(), pair.memory());
    world.linkTo(1, link);
    world.remoteLinks(List.of(link));

    WeakReference<Request<String>> request = givenAsFuture(world);
    await(
        "it is forgotten",
        () -> {
          System.gc();
          return request.refersTo(null);
        });
    world.over();
    world.close();
  }

  private static WeakReference<Request<String>> givenAsFuture(World world) {
    Request<String> request = new Request<>(world, null, () -> "recv");
    CompletableFuture<String> future = request.toFuture();
    await("its thread waits", () -> !world.state().waits().isEmpty());
    request.complete("hello", new Status(1, 0, 1));
    assertThat(future.join()).isEqualTo("hello");
    return new WeakReference<>(request);
  }
}
