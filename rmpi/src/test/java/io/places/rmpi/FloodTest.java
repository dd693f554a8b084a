package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.Node;
import io.places.node.RemoteNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that come before anybody receives them, both ways at once, and more of them than the heap has room for. */
class FloodTest {
  /** What two ranks may keep for each other in it, of which short messages take several times their bytes. */
  private static final String HEAP = "-Xmx160m";

  /** Many that nobody receives yet, then larger ones, until no more is taken before there are receives. */
  static final class Flood implements RmpiFunction<Kept> {
    private static final int MESSAGES = 100_000;
    private static final int LARGER = 400;
    private static final int BYTES = 60_000;

    /** Floods of larger ones: what comes with all of them is more than the heap holds. */
    private static final int TURNS = 7;

    /** Larger messages are parts of it, of which no two are the same: it is not the sender who needs memory. */
    private final byte[] source = new byte[LARGER + BYTES];

    @Override
    public Kept call(Comm comm, String[] arguments) {
      int other = 1 - comm.rank();
      for (int i = 0; i < source.length; i++) {
        source[i] = (byte) (i * 31 + (i >> Byte.SIZE));
      }
      for (int i = 0; i < MESSAGES; i++) {
        comm.send(new long[] {i}, other, 0);
      }
      long taken = MESSAGES * (long) Long.BYTES;
      long inOrder = 0;
      for (int turn = 0; turn < TURNS; turn++) {
        List<Request<?>> larger = new ArrayList<>();
        for (int i = 0; i < LARGER; i++) {
          larger.add(comm.isend(larger(i), other, 0));
        }
        long takenNow = BYTES * larger.stream().filter(Request::isDone).count();
        taken = turn == 0 ? taken + takenNow : Math.max(taken, takenNow);
        larger.add(comm.isend("all sent", other, 1));
        comm.recv(String.class, other, 1);
        inOrder += received(comm, other, turn == 0 ? MESSAGES : 0);
        Request.awaitAll(larger);
      }
      return new Kept(taken, inOrder);
    }

    private Slice larger(int number) {
      return Slice.of(source).slice(number, BYTES);
    }

    private long received(Comm comm, int from, int messages) {
      long inOrder = 0;
      long[] got = new long[1];
      for (int i = 0; i < messages; i++) {
        comm.recv(Slice.of(got), from, 0);
        inOrder += got[0] == i ? 1 : 0;
      }
      for (int i = 0; i < LARGER; i++) {
        byte[] message = comm.recv(byte[].class, from, 0);
        inOrder += Arrays.equals(message, 0, BYTES, source, i, i + BYTES) && message.length == BYTES ? 1 : 0;
      }
      return inOrder;
    }
  }

  /**
   * @param taken the most bytes that were taken before anything was received
   */
  record Kept(long taken, long inOrder) {}

  record Both(List<Kept> each) {}

  /** Ranks that are threads of the JVM in which it is. */
  static final class Within implements RmpiFunction<Both> {
    @Override
    public Both call(Comm comm, String[] arguments) {
      return new Both(Ranks.valueOf(arguments[0]).call(2, Flood.class, Kept.class));
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // seven kinds of ranks one after the other, on a machine that may be busy
  void aHundredThousandMessagesThatNobodyExpectedArriveAndAtMostSixteenMebibytesOfThemAreKept() {
    try (Node node = Ranks.start()) {
      List<RemoteNode> jvms = node.launch(2, Rmpi.process().jvmOption(HEAP).jvmOption(Ranks.QUICK));
      for (Ranks ranks : Ranks.values()) {
        boolean apart = ranks.name().startsWith("PROCESSES");
        List<Kept> kept =
            apart
                ? Rmpi.call(ranks.options(), jvms, Flood.class, Kept.class)
                : Rmpi.call(List.of(jvms.getFirst()), Within.class, Both.class, ranks.name()).getFirst().each();
        assertThat(kept)
            .as(ranks.name())
            .hasSize(2)
            .allSatisfy(
                each -> {
                  assertThat(each.taken()).isBetween(800_000L, 16L << 20);
                  assertThat(each.inOrder()).isEqualTo(Flood.MESSAGES + Flood.TURNS * Flood.LARGER);
                });
      }
    }
  }
}
