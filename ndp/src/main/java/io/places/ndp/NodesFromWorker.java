package io.places.ndp;

import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The nodes of the group, as a worker gets them: from the owner, who sends an end of a channel to them. */
final class NodesFromWorker implements NodeSource {
  /** The owner answers at once, unless it is lost. */
  private static final long LIMIT_SECONDS = 10;

  private final PlaceChannel<FromWorker, ToWorker> owner;
  private final Surroundings surroundings;
  private final AtomicLong requests = new AtomicLong();
  private final Map<Long, CompletableFuture<ToWorker.Given>> wanted = new ConcurrentHashMap<>();

  NodesFromWorker(PlaceChannel<FromWorker, ToWorker> owner, Surroundings surroundings) {
    this.owner = owner;
    this.surroundings = surroundings;
  }

  /** The owner's answer. */
  void given(ToWorker.Given answer) {
    CompletableFuture<ToWorker.Given> request = wanted.remove(answer.request());
    if (request != null) {
      request.complete(answer);
    } else if (answer.node().isPresent()) {
      answer.node().get().close();
      owner.put(new FromWorker.Returned(answer.number()));
    }
  }

  @Override
  public @Nullable NdpNode take() {
    long request = requests.incrementAndGet();
    var answer = new CompletableFuture<ToWorker.Given>();
    wanted.put(request, answer);
    try {
      owner.put(new FromWorker.Wanted(request));
      ToWorker.Given given = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return given.node().map(channel -> node(given.number(), channel)).orElse(null);
    } catch (PlacesException | ExecutionException | TimeoutException e) {
      return null; // the owner is lost, or as good as: this worker ends soon
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      wanted.remove(request);
    }
  }

  private NdpNode node(int number, PlaceChannel<ToWorker, FromWorker> channel) {
    WorkerClient client = new WorkerClient("node-" + number, channel, message -> {});
    surroundings.spawner().virtual("ndp-node-" + number, client::read);
    return new NdpNode(number, client);
  }

  @Override
  public void giveBack(NdpNode node) {
    node.client().close();
    try {
      owner.put(new FromWorker.Returned(node.number()));
    } catch (PlacesException e) {
      // The owner is lost.
    }
  }
}
