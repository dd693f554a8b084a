package io.places.rpc.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One JVM of a contest: {@code NAME serve} or {@code NAME connect ADDRESS}. */
final class RpcContest {
  static final String READY = "READY ";
  static final String RESULT = "RESULT ";
  static final int SIZE = 100;

  private static final long WARM_UP = TimeUnit.SECONDS.toNanos(3);
  private static final long MEASURED = TimeUnit.SECONDS.toNanos(2);

  /** Who takes part, and under which name. */
  enum Name {
    PLACES,
    GRPC,
    VERTX_BUS,
    RSOCKET,
    PLACES_LOCAL,
    PEKKO_LOCAL;

    Peer make() {
      return switch (this) {
        case PLACES -> new PlacesPeer(true);
        case GRPC -> new GrpcPeer();
        case VERTX_BUS -> new VertxBusPeer();
        case RSOCKET -> new RSocketPeer();
        case PLACES_LOCAL -> new PlacesPeer(false);
        case PEKKO_LOCAL -> new PekkoPeer();
      };
    }
  }

  /** Who calls: every caller waits for its answer before its next call. */
  enum Callers {
    ONE_THREAD(1, false),
    ONE_VIRTUAL(1, true),
    VIRTUAL_64(64, true);

    private final int count;
    private final boolean virtual;

    Callers(int count, boolean virtual) {
      this.count = count;
      this.virtual = virtual;
    }

    /** The latencies of all calls made, in nanoseconds, in order of size. */
    long[] call(Peer.Call call, long nanos) throws Exception {
      List<CompletableFuture<long[]>> callers = new ArrayList<>();
      long end = System.nanoTime() + nanos;
      for (int i = 0; i < count; i++) {
        var done = new CompletableFuture<long[]>();
        callers.add(done);
        Thread.Builder thread = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        thread.start(
            () -> {
              try {
                done.complete(callUntil(call, end));
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
      }
      List<long[]> parts = new ArrayList<>();
      for (CompletableFuture<long[]> each : callers) {
        parts.add(each.get(2, TimeUnit.MINUTES));
      }
      long[] all = parts.stream().flatMapToLong(Arrays::stream).toArray();
      Arrays.sort(all);
      return all;
    }

    private static long[] callUntil(Peer.Call call, long end) throws Exception {
      long[] taken = new long[1 << 12];
      int count = 0;
      long before = System.nanoTime();
      while (before < end) {
        call.run();
        long now = System.nanoTime();
        if (count == taken.length) {
          taken = Arrays.copyOf(taken, 2 * count);
        }
        taken[count++] = now - before;
        before = now;
      }
      return Arrays.copyOf(taken, count);
    }
  }

  private RpcContest() {}

  public static void main(String[] arguments) throws Exception {
    Peer peer = Name.valueOf(arguments[0]).make();
    if (arguments[1].equals("serve")) {
      System.out.println(READY + peer.serve());
      while (System.in.read() >= 0) {} // until the coordinator ends
      Runtime.getRuntime().halt(0);
    }
    try {
      Peer.Call call = peer.connect(arguments[2]);
      for (Callers callers : Callers.values()) {
        callers.call(call, WARM_UP);
        long[] nanos = callers.call(call, MEASURED);
        System.out.printf(
            "%s%s %.1f %.2f %.2f %.2f%n",
            RESULT,
            callers,
            nanos.length * 1e9 / MEASURED,
            micros(nanos, 0.5),
            micros(nanos, 0.99),
            micros(nanos, 0.999));
      }
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    System.out.flush();
    System.exit(0);
  }

  private static double micros(long[] sorted, double part) {
    return sorted[(int) (part * (sorted.length - 1))] / 1e3;
  }
}
