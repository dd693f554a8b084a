package io.places.rpc.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

/** Requests and replies on Vert.x's clustered event bus, with Hazelcast to find each other. */
final class VertxBusPeer implements Peer {
  private static final int ATTEMPTS = 100;

  @Override
  public String serve() throws Exception {
    int port = freePort();
    int otherPort = freePort();
    EventBus bus = bus(port, otherPort);
    get(bus.<Buffer>consumer("echo", message -> message.reply(message.body())).completion());
    return port + " " + otherPort;
  }

  @Override
  public Call connect(String address) throws Exception {
    String[] ports = address.split(" ", -1);
    EventBus bus = bus(Integer.parseInt(ports[1]), Integer.parseInt(ports[0]));
    Buffer message = Buffer.buffer(new byte[RpcContest.SIZE]);
    Call call = () -> get(bus.request("echo", message));
    for (int attempt = 1; ; attempt++) { // members know each other's addresses a moment after joining
      try {
        call.run();
        return call;
      } catch (Exception e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  private static EventBus bus(int port, int otherPort) throws Exception {
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
                    new VertxOptions()
                        .setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                .withClusterManager(new HazelcastClusterManager(config))
                .buildClustered())
        .eventBus();
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }
}
