package io.places.remote;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One JVM of a contest: {@code NAME serve} or {@code NAME connect ADDRESS}. */
final class Contest {
  static final String READY = "READY ";
  static final String RESULT = "RESULT ";

  private static final long WARM_UP = TimeUnit.SECONDS.toNanos(2);
  private static final long SAMPLE = TimeUnit.MILLISECONDS.toNanos(400);
  private static final int SAMPLES = 3;

  /** Who takes part, and under which name. */
  enum Name {
    PLACES,
    SOCKET,
    RSOCKET,
    VERTX_BUS,
    GRPC,
    PEKKO;

    Contestant make() {
      return switch (this) {
        case PLACES -> new PlacesContestant();
        case SOCKET -> new SocketContestant();
        case RSOCKET -> new RSocketContestant();
        case VERTX_BUS -> new VertxBusContestant();
        case GRPC -> new GrpcContestant();
        case PEKKO -> new PekkoContestant();
      };
    }
  }

  private Contest() {}

  public static void main(String[] arguments) throws Exception {
    Contestant contestant = Name.valueOf(arguments[0]).make();
    if (arguments[1].equals("serve")) {
      System.out.println(READY + contestant.serve());
      while (System.in.read() >= 0) {} // until the coordinator ends
      Runtime.getRuntime().halt(0);
    }
    try {
      Map<Discipline, Contestant.Run> runs = new EnumMap<>(contestant.connect(arguments[2]));
      for (Map.Entry<Discipline, Contestant.Run> each : runs.entrySet()) {
        System.out.println(RESULT + each.getKey() + " " + measure(each.getKey(), each.getValue()));
      }
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    System.out.flush();
    System.exit(0);
  }

  /** The median rate a second, warmed up. */
  private static double measure(Discipline discipline, Contestant.Run run) throws Exception {
    rate(discipline, run, WARM_UP);
    double[] rates = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      rates[i] = rate(discipline, run, SAMPLE);
    }
    Arrays.sort(rates);
    return rates[SAMPLES / 2];
  }

  private static double rate(Discipline discipline, Contestant.Run run, long nanos)
      throws Exception {
    long start = System.nanoTime();
    long done = 0;
    long passed;
    do {
      run.run(discipline.batch);
      done += discipline.batch;
      passed = System.nanoTime() - start;
    } while (passed < nanos);
    return done * 1e9 / passed;
  }
}
