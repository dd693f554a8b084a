package io.places.ndp;

import io.places.FailureText;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.ndp.FromWorker.Answer;
import io.places.node.Node;
import io.places.place.UserClasses;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * Orders come from the group's owner, and from other workers that were given this one. Each of these is served by
 * a thread that only reads: an order runs on a thread of its own, or on those of the pool.
 */
/** The place of a worker. */
final class WorkerBody {
  private final Node node;
  private final Surroundings surroundings;
  private final Pool pool;
  private final Kinds kinds = new Kinds();
  private final NodesFromWorker nodes;

  private WorkerBody(PlaceChannel<FromWorker, ToWorker> owner, int threads) {
    node = Node.current();
    surroundings = node.surroundings();
    pool = new Pool(threads, surroundings.spawner());
    nodes = new NodesFromWorker(owner, surroundings);
  }

  /** The body. Ends when the owner closes the channel. */
  static void body(PlaceChannel<FromWorker, ToWorker> owner, int threads) {
    WorkerBody worker = new WorkerBody(owner, threads);
    try {
      worker.new Client(owner).serve();
    } finally {
      worker.pool.close();
    }
  }

  /** One who gives orders. */
  private final class Client {
    private final PlaceChannel<FromWorker, ToWorker> channel;
    private final Map<Long, Doing> doing = new ConcurrentHashMap<>();

    Client(PlaceChannel<FromWorker, ToWorker> channel) {
      this.channel = channel;
    }

    /** Until the channel is closed. What was ordered by then is cancelled. */
    void serve() {
      try (channel) {
        for (ToWorker message : channel.messages()) {
          came(message);
        }
      } catch (PlacesException e) {
        // The client's node is lost: nobody wants what it has ordered.
      } finally {
        doing.values().forEach(Doing::cancel);
      }
    }

    private void came(ToWorker message) {
      switch (message) {
        case ToWorker.Order order -> {
          Doing begun;
          try {
            begun = new Doing(this, order);
          } catch (OutOfMemoryError e) {
            failed(order.id(), "", WorkerClient.noRoom("argument", order.size()));
            return; // what else comes of it is dropped
          }
          doing.put(order.id(), begun);
          begun.came(order.bytes());
        }
        case ToWorker.Part(long id, byte[] bytes) -> {
          Doing begun = doing.get(id);
          if (begun != null) {
            begun.came(bytes);
          }
        }
        case ToWorker.Cancel(long id) -> {
          Doing begun = doing.remove(id);
          if (begun != null) {
            begun.cancel();
          }
        }
        case ToWorker.Serve(PlaceChannel<FromWorker, ToWorker> client) ->
            surroundings.spawner().virtual("ndp-client", () -> new Client(client).serve());
        case ToWorker.Sort(PlaceChannel<FromSorter, ToSorter> client) ->
            surroundings.spawner().platform("ndp-sorter", () -> Sorter.serve(client, Crew.of(pool)));
        case ToWorker.Given given -> nodes.given(given);
      }
    }

    void answer(Doing done, byte[] result) {
      if (doing.remove(done.order.id()) == null) {
        return; // cancelled
      }
      try {
        Parcel.send(
            result,
            first -> channel.put(new Answer(done.order.id(), result.length, first)),
            more -> channel.put(new FromWorker.Part(done.order.id(), more)));
      } catch (PlacesException e) {
        // The client is lost.
      }
    }

    void failed(Doing done, String path, Throwable failure) {
      if (doing.remove(done.order.id()) != null) {
        failed(done.order.id(), path, failure);
      }
    }

    private void failed(long id, String path, Throwable failure) {
      FailureText text = FailureText.of(failure);
      try {
        channel.put(new FromWorker.Failed(id, path, text.className(), text.message(), text.stack()));
      } catch (PlacesException e) {
        // The client is lost.
      }
    }
  }

  /** An order that came, or is coming. */
  private final class Doing {
    private final Client client;
    private final ToWorker.Order order;
    private final Parcel parcel;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Solving<?, ?> solving;
    private volatile boolean cancelled;

    Doing(Client client, ToWorker.Order order) {
      this.client = client;
      this.order = order;
      this.parcel = new Parcel(order.size());
    }

    /** Bytes of the argument; begins when all are there. */
    void came(byte[] bytes) {
      byte[] whole = parcel.add(bytes);
      if (whole != null) {
        thread = surroundings.spawner().platform("ndp-order-" + order.id(), () -> run(whole));
      }
    }

    void cancel() {
      cancelled = true;
      Thread works = thread;
      if (works != null) {
        works.interrupt();
      }
      Solving<?, ?> solves = solving;
      if (solves != null) {
        solves.cancel("whoever had ordered it does not want it any more");
      }
    }

    private void run(byte[] argument) {
      try {
        tell(argument);
      } catch (Throwable e) { // it cannot even be told: better a lost worker than one that is waited for
        client.channel.close();
        throw e;
      }
    }

    private void tell(byte[] argument) {
      try {
        client.answer(this, order.solve() ? solve(argument) : work(argument));
      } catch (SubproblemFailedException e) {
        client.failed(this, e.path(), e.getCause() == null ? e : e.getCause());
      } catch (Throwable e) { // whatever the class throws is told
        client.failed(this, "", e);
      }
    }

    @SuppressWarnings("unchecked") // as its declaration says; the kind decodes by the same
    private byte[] solve(byte[] argument) {
      DivideAndConquer<Object, Object> by =
          UserClasses.create(node.allowed(), order.className(), DivideAndConquer.class);
      Kinds.Kind kind = kind(by.getClass(), DivideAndConquer.class);
      var begun = new Solving<>(pool, by, null);
      solving = begun;
      if (cancelled) {
        throw new PlaceInterruptedException("cancelled before it began");
      }
      begun.start(kind.decodeArgument(argument));
      return kind.encodeResult(begun.await());
    }

    @SuppressWarnings("unchecked") // as above
    private byte[] work(byte[] argument) {
      NdpWork<Object, Object> work =
          UserClasses.create(node.allowed(), order.className(), NdpWork.class);
      Kinds.Kind kind = kind(work.getClass(), NdpWork.class);
      try (HeldNodes own = new HeldNodes(nodes, kinds, new Packages(node.allowed()))) {
        Object result = work.run(kind.decodeArgument(argument), own);
        if (result == null) { // the user's compiler may not look for nulls
          throw new IllegalStateException(
              "%s.run has returned null; a result is an object, such as an empty Optional".formatted(order.className()));
        }
        return kind.encodeResult(result);
      }
    }

    private Kinds.Kind kind(Class<?> type, Class<?> as) {
      Kinds.Kind kind = kinds.of(type, as);
      if (!kind.travels()) {
        throw new PlacesException(kind.refusal());
      }
      return kind;
    }
  }
}
