package io.places.ndp;

import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker as one of those sees it that give it orders. Safe for use by many threads.
 */
final class WorkerClient {
  private final String name;
  private final PlaceChannel<ToWorker, FromWorker> channel;
  private final Consumer<FromWorker> others;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Ordered> ordered = new ConcurrentHashMap<>();
  private volatile @Nullable PlacesException loss;

  /** An order that was given. */
  static final class Ordered {
    private final long id;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private @Nullable Parcel parcel; // by the reader only

    private Ordered(long id) {
      this.id = id;
    }

    /**
     * The encoded result; fails with {@link SubproblemFailedException}, or with what ended the connection.
     */
    CompletableFuture<byte[]> answer() {
      return answer;
    }
  }

  /**
   * @param name of the worker's node
   * @param others is given, by the reader, what answers no order
   */
  WorkerClient(
      String name, PlaceChannel<ToWorker, FromWorker> channel, Consumer<FromWorker> others) {
    this.name = name;
    this.channel = channel;
    this.others = others;
  }

  /**
   * Sends an order; waits while the worker does not take the bytes.
   *
   * @throws PlacesException if the worker is lost
   */
  Ordered order(boolean solve, String className, byte[] argument) {
    Ordered order = new Ordered(ids.incrementAndGet());
    ordered.put(order.id, order);
    PlacesException lost = loss;
    if (lost != null) {
      ordered.remove(order.id);
      throw lost;
    }
    try {
      Parcel.send(
          argument,
          first -> channel.put(new ToWorker.Order(order.id, solve, className, argument.length, first)),
          more -> channel.put(new ToWorker.Part(order.id, more)));
    } catch (PlacesException e) {
      ordered.remove(order.id);
      throw e;
    }
    return order;
  }

  /** Tells the worker to stop; its answer, if one comes, is dropped. */
  void cancel(Ordered order) {
    if (ordered.remove(order.id) != null) {
      order.answer.cancel(false);
      send(new ToWorker.Cancel(order.id));
    }
  }

  /** Says something that needs no answer; nothing happens if the worker is lost. */
  void send(ToWorker message) {
    try {
      channel.put(message);
    } catch (PlacesException e) {
      // The reader finds that out, too.
    }
  }

  /** Reads what the worker says until it is lost, or the channel closed: then all orders fail. */
  void read() {
    PlacesException why;
    try {
      while (true) {
        came(channel.get());
      }
    } catch (PlacesException e) {
      why = e;
    } catch (Throwable e) { // no memory, at worst: nobody would read what comes, and nobody is to wait for it
      why = new PlacesException("%s is given up: what it says could not be read: %s".formatted(name, e), e);
      channel.close();
    }
    loss = why;
    for (Ordered each : ordered.values()) {
      each.answer.completeExceptionally(why);
    }
    ordered.clear();
  }

  /** Why the worker takes no orders any more; null if it does. */
  @Nullable PlacesException loss() {
    return loss;
  }

  private void came(FromWorker message) {
    switch (message) {
      case FromWorker.Answer(long id, long size, byte[] bytes) -> {
        Ordered order = ordered.get(id);
        if (order != null) {
          try {
            order.parcel = new Parcel(size);
          } catch (OutOfMemoryError e) {
            ordered.remove(id); // what else comes of it is dropped
            order.answer.completeExceptionally(noRoom("result from " + name, size));
            return;
          }
          more(order, bytes);
        }
      }
      case FromWorker.Part(long id, byte[] bytes) -> {
        Ordered order = ordered.get(id);
        if (order != null) {
          more(order, bytes);
        }
      }
      case FromWorker.Failed failed -> {
        Ordered order = ordered.remove(failed.id());
        if (order != null) {
          order.answer.completeExceptionally(new RemoteFailure(name, failed));
        }
      }
      case FromWorker.Wanted wanted -> others.accept(wanted);
      case FromWorker.Returned returned -> others.accept(returned);
    }
  }

  private void more(Ordered order, byte[] bytes) {
    Parcel parcel = order.parcel;
    if (parcel == null) {
      throw new ProtocolException("a worker sends more of an answer that has not begun");
    }
    byte[] whole = parcel.add(bytes);
    if (whole != null) {
      ordered.remove(order.id);
      order.answer.complete(whole);
    }
  }

  /** An error in the usual words of one, with those that help. */
  static OutOfMemoryError noRoom(String what, long bytes) {
    return new OutOfMemoryError(
        "no room for the %s, %,d bytes: smaller parts, or a larger heap (-Xmx, here %,d MiB), would help"
            .formatted(what, bytes, Runtime.getRuntime().maxMemory() >> 20));
  }

  void close() {
    channel.close();
  }
}
