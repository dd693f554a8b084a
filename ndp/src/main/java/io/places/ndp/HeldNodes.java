package io.places.ndp;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.place.UserClasses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The nodes that one user of a group has. Closing returns those that are not returned yet. */
final class HeldNodes implements NdpNodes, AutoCloseable {
  private final NodeSource source;
  private final Kinds kinds;
  private final Map<NdpNode, Held> held = new HashMap<>(); // guarded by itself

  private static final class Held {
    WorkerClient.@Nullable Ordered order; // guarded by the map
    Kinds.@Nullable Kind kind;
    String work = "";
  }

  HeldNodes(NodeSource source, Kinds kinds) {
    this.source = source;
    this.kinds = kinds;
  }

  @Override
  public Optional<NdpNode> getNode() {
    NdpNode node = source.take();
    if (node != null) {
      synchronized (held) {
        held.put(node, new Held());
      }
    }
    return Optional.ofNullable(node);
  }

  @Override
  public <A, R> void sendWork(NdpNode node, Class<? extends NdpWork<A, R>> work, A argument) {
    String name = UserClasses.name("work", work);
    Kinds.Kind kind = kinds.of(work, NdpWork.class);
    if (!kind.travels()) {
      throw new PlacesException(kind.refusal());
    }
    byte[] bytes = kind.encodeArgument(argument);
    Held of = of(node);
    synchronized (held) {
      if (of.order != null) {
        throw new IllegalStateException(
            "%s has work already: %s; get its result first".formatted(node, of.work));
      }
      of.kind = kind;
      of.work = name;
    }
    WorkerClient.Ordered order = node.client().order(false, name, bytes);
    synchronized (held) {
      of.order = order;
    }
  }

  @Override
  public <R> R getResult(NdpNode node, Class<R> type) {
    Held of = of(node);
    WorkerClient.Ordered order;
    Kinds.Kind kind;
    synchronized (held) {
      order = of.order;
      kind = of.kind;
    }
    if (order == null || kind == null) {
      throw new IllegalStateException(node + " was sent no work whose result was not got");
    }
    try {
      Object result = kind.decodeResult(order.answer().get());
      forget(of);
      return type.cast(result);
    } catch (ExecutionException e) {
      forget(of);
      throw failure(of, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the result of " + node, e);
    }
  }

  private static PlacesException failure(Held of, @Nullable Throwable cause) {
    return switch (cause) {
      case RemoteFailure remote -> new SubproblemFailedException(of.work, "the whole", remote);
      case PlacesException other -> other;
      case null -> new PlacesException(of.work + " failed");
      default -> new PlacesException("%s failed: %s".formatted(of.work, cause), cause);
    };
  }

  private void forget(Held of) {
    synchronized (held) {
      of.order = null;
    }
  }

  @Override
  public void returnNode(NdpNode node) {
    giveBack(node, of(node));
  }

  private void giveBack(NdpNode node, Held of) {
    WorkerClient.Ordered order;
    synchronized (held) {
      if (held.remove(node) == null) {
        throw notHeld(node);
      }
      order = of.order;
    }
    if (order != null) {
      node.client().cancel(order);
    }
    source.giveBack(node);
  }

  @Override
  public void close() {
    List<NdpNode> left;
    synchronized (held) {
      left = List.copyOf(held.keySet());
    }
    left.forEach(this::returnNode);
  }

  private Held of(NdpNode node) {
    synchronized (held) {
      Held of = held.get(node);
      if (of == null) {
        throw notHeld(node);
      }
      return of;
    }
  }

  private static IllegalStateException notHeld(NdpNode node) {
    return new IllegalStateException(
        node + " is not yours: it was returned, or somebody else has got it");
  }
}
