package io.places.remote;

import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.core.VertxOptions;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Vert.x's clustered event bus, with Hazelcast to find each other. Its senders have no bound. */
final class VertxBusContestant implements Contestant {
  private static Vertx vertx(int port, int otherPort) throws Exception {
    var config = new Config();
    config.setProperty("hazelcast.logging.type", "none");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    NetworkConfig network = config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .addMember("127.0.0.1:" + port)
        .addMember("127.0.0.1:" + otherPort);
    return get(
        Vertx.builder()
            .with(
                new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
            .withClusterManager(new HazelcastClusterManager(config))
            .buildClustered());
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  @Override
  public String serve() throws Exception {
    int port = freePort();
    int otherPort = freePort();
    EventBus bus = vertx(port, otherPort).eventBus();
    var count = new AtomicLong();
    get(bus.<Buffer>consumer("message", message -> count.incrementAndGet()).completion());
    get(bus.<Buffer>consumer("echo", message -> message.reply(message.body())).completion());
    get(
        bus.<Buffer>consumer("count", message -> message.reply(count.getAndSet(0)))
            .completion());
    return port + " " + otherPort;
  }

  @Override
  public Map<Discipline, Run> connect(String address) throws Exception {
    String[] ports = address.split(" ", -1);
    Vertx vertx = vertx(Integer.parseInt(ports[1]), Integer.parseInt(ports[0]));
    EventBus bus = vertx.eventBus();
    Context context = vertx.getOrCreateContext();
    Buffer message = Buffer.buffer(new byte[Discipline.SIZE]);
    awaitServer(bus, message);
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            get(bus.request("echo", message));
          }
        },
        Discipline.ROUND_TRIP_64,
        times -> {
          var left = new CountDownLatch(times);
          var caller = new Requests(bus, message, times, left);
          context.runOnContext(
              nothing -> {
                for (int i = 0; i < Discipline.OUTSTANDING; i++) {
                  caller.next();
                }
              });
          left.await();
        },
        Discipline.ONE_WAY,
        times -> {
          context.runOnContext(
              nothing -> {
                for (int i = 0; i < times; i++) {
                  bus.send("message", message);
                }
              });
          long arrived = 0;
          long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
          while (arrived < times && System.nanoTime() < deadline) {
            arrived += get(bus.<Long>request("count", message)).body();
          }
          Callers.requireAll(times, arrived);
        });
  }

  /** Its members know each other's addresses a moment after they have joined. */
  private static void awaitServer(EventBus bus, Buffer message) throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        get(bus.request("echo", message));
        return;
      } catch (Exception e) {
        if (attempt == 100) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  /** Requests of which each starts the next, all on one event loop. */
  private static final class Requests {
    private final EventBus bus;
    private final Buffer message;
    private final CountDownLatch left;
    private int unsent;

    Requests(EventBus bus, Buffer message, int times, CountDownLatch left) {
      this.bus = bus;
      this.message = message;
      this.unsent = times;
      this.left = left;
    }

    void next() {
      if (unsent == 0) {
        return;
      }
      unsent--;
      bus.request("echo", message)
          .onComplete(
              answer -> {
                left.countDown();
                next();
              });
    }
  }
}
