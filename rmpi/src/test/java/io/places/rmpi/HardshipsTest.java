package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Surroundings;
import io.places.node.Node;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What jobs bear: strangers, jobs within jobs, many threads, many results; and too little memory to share. */
class HardshipsTest {
  private static final Path FULL = Path.of("/dev/full");

  /** Each rank has strangers at the port of its node while the ranks are busy with each other. */
  static final class Besieged implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) throws IOException {
      Random random = new Random(comm.rank());
      int sum = 0;
      List<Socket> silent = new ArrayList<>();
      try {
        for (int turn = 0; turn < 20; turn++) {
          var address = Node.current().address();
          Socket garbage = new Socket(address.getAddress(), address.getPort());
          byte[] bytes = new byte[2_000];
          random.nextBytes(bytes);
          garbage.getOutputStream().write(bytes);
          garbage.setSoLinger(true, 0);
          garbage.close();
          silent.add(new Socket(address.getAddress(), address.getPort()));
          sum += comm.allreduce(1, Integer::sum);
        }
      } finally {
        for (Socket each : silent) {
          each.close();
        }
      }
      return sum;
    }
  }

  @ParameterizedTest
  @EnumSource
  void garbageAtThePortsOfItsNodesDoesNotDisturbAJob(Ranks ranks) {
    assertThat(ranks.call(3, Besieged.class, Integer.class)).containsExactly(60, 60, 60);
  }

  static final class Inner implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      return comm.allreduce(Integer.parseInt(arguments[0]), Integer::sum);
    }
  }

  /** Runs jobs of its own, on its own node and on a new one, between calls of the one that it is in. */
  static final class Outer implements RmpiFunction<Integer> {
    @Override
    public Integer call(Comm comm, String[] arguments) {
      String mine = Integer.toString(comm.rank() + 1);
      int here =
          Rmpi.call(Collections.nCopies(3, Node.current()), Inner.class, Integer.class, mine).getFirst();
      int elsewhere = Rmpi.call(2, Inner.class, Integer.class, mine).getFirst();
      return comm.allreduce(here + elsewhere, Integer::sum);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRankMayRunAJobOfItsOwn(Ranks ranks) {
    assertThat(ranks.call(2, Outer.class, Integer.class)).containsExactly(15, 15);
  }

  static final class FailsInside implements RmpiFunction<String> {
    @Override
    public String call(Comm comm, String[] arguments) {
      String told = "nothing";
      if (comm.rank() == 0) {
        try {
          var _ = Rmpi.call(2, Inner.class, Integer.class, "no number");
        } catch (JobFailedException e) {
          told = String.valueOf(e.getMessage());
        }
      }
      return comm.bcast(told, 0, String.class);
    }
  }

  @Test
  void aJobWithinAJobThatFailsFailsThatAlone() {
    assertThat(Ranks.ONE_NODE.call(2, FailsInside.class, String.class))
        .allSatisfy(told -> assertThat(told).contains("NumberFormatException: For input string: \"no number\""));
  }

  /** Threads of each rank talk to the thread of their number, and some call on communicators of their own. */
  static final class ManyThreads implements RmpiFunction<Integer> {
    private static final int THREADS = 32;
    private static final int TURNS = 100;

    @Override
    public Integer call(Comm comm, String[] arguments) throws Exception {
      int other = 1 - comm.rank();
      List<Comm> own = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        own.add(comm.dup());
      }
      List<Future<Integer>> all = new ArrayList<>();
      try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
        for (int i = 0; i < THREADS; i++) {
          int tag = i;
          all.add(threads.submit(() -> talk(comm, own.get(tag), other, tag)));
        }
      }
      return sum(all);
    }

    private static int talk(Comm comm, Comm own, int other, int tag) {
      int sum = 0;
      for (int turn = 0; turn < TURNS; turn++) {
        int[] got = new int[turn % 10 == 0 ? 20_000 : 1];
        int[] out = new int[got.length];
        out[out.length - 1] = tag;
        comm.sendrecv(Slice.of(out), other, tag, Slice.of(got), other, tag);
        sum += got[got.length - 1] == tag ? 1 : 0;
        if (turn % 10 == 0) {
          sum += own.allreduce(tag, Integer::sum) == 2 * tag ? 1 : 0;
        }
      }
      return sum;
    }

    private static int sum(List<Future<Integer>> all) throws ExecutionException, InterruptedException {
      int sum = 0;
      for (Future<Integer> each : all) {
        sum += each.get();
      }
      return sum;
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsOfARankUseItsCommunicators(Ranks ranks) {
    int all = ManyThreads.THREADS * (ManyThreads.TURNS + ManyThreads.TURNS / 10);
    assertThat(ranks.call(2, ManyThreads.class, Integer.class)).containsExactly(all, all);
  }

  /** More than may lie unread between two nodes. */
  static final class Large implements RmpiFunction<byte[]> {
    @Override
    public byte[] call(Comm comm, String[] arguments) {
      byte[] result = new byte[Integer.parseInt(arguments[0]) << 20];
      Arrays.fill(result, (byte) comm.rank());
      return result;
    }
  }

  @Test
  void theResultsOfTheRanksOfANodeMayBeLargerThanWhatFitsOnTheWay() {
    try (Node node = Ranks.start()) {
      var there = node.launch(1, Node.inThisJvm()).getFirst();
      List<byte[]> results = Rmpi.call(Collections.nCopies(5, there), Large.class, byte[].class, "20");

      assertThat(results).hasSize(5).allSatisfy(each -> assertThat(each).hasSize(20 << 20));
      for (int rank = 0; rank < 5; rank++) {
        assertThat(results.get(rank)[12_345]).isEqualTo((byte) rank);
      }
    }
  }

  @Test
  void aResultThatIsLargerThanAMessageMayBeIsRefusedInWords() {
    try (Node node = Ranks.start()) {
      var there = node.launch(1, Node.inThisJvm()).getFirst();
      assertThatThrownBy(() -> Rmpi.call(List.of(there, there), Large.class, byte[].class, "70"))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("is too large: a message takes at most 67108864");
    }
  }

  @Test
  void ofMemoryThatIsNotThereItIsSaidWhereHowMuchIsFreeAndHowMuchIsNeeded() {
    long much = 1L << 60;
    assertThatThrownBy(() -> SharedFile.create(Surroundings.system().random(), much))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("/.* has \\d+ bytes free, and " + much + " are needed; make it larger .*");
  }

  /** As one that had room, and that others have filled since: this device takes nothing. */
  @Test
  @EnabledIf("hasFullDevice")
  void aFolderThatIsFilledByOthersWhileItIsWrittenIsNamedWithWhatIsNeeded(@TempDir Path folder) throws IOException {
    try (FileChannel full = FileChannel.open(FULL, StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> SharedFile.fill(full, 5_000_000, new byte[16], folder))
          .isInstanceOf(IOException.class)
          .hasMessage(
              folder
                  + " took 0 of the 5000000 bytes that are needed: No space left on device; make it larger"
                  + " (mount -o remount,size=, docker run --shm-size=), or free some");
    }
  }

  static boolean hasFullDevice() {
    return Files.isWritable(FULL);
  }
}
