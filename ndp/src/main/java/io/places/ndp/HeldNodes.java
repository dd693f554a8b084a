package io.places.ndp;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.place.UserClasses;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The nodes that one user of a group has. Closing returns those that are not returned yet. */
final class HeldNodes implements NdpNodes, AutoCloseable {
  private final NodeSource source;
  private final Kinds kinds;
  private final Packages packages;
  private final Map<NdpNode, Held> held = new HashMap<>(); // guarded by itself

  /** What somebody does with a node. Guarded by the map. */
  private static final class Held {
    WorkerClient.@Nullable Ordered order;
    Kinds.@Nullable Kind kind;
    String work = ""; // being sent, or sent; empty if there is none
    boolean returned;
  }

  HeldNodes(NodeSource source, Kinds kinds, Packages packages) {
    this.source = source;
    this.kinds = kinds;
    this.packages = packages;
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
    Objects.requireNonNull(work, "there is no work to send");
    Objects.requireNonNull(argument, "there is no argument to send");
    String name = UserClasses.name("work", work);
    packages.check(work);
    Kinds.Kind kind = kinds.of(work, NdpWork.class);
    if (!kind.travels()) {
      throw new PlacesException(kind.refusal());
    }
    byte[] bytes = kind.encodeArgument(argument);
    Held of = of(node);
    synchronized (held) {
      if (!of.work.isEmpty()) {
        throw new IllegalStateException(
            "%s has work already: %s; get its result first".formatted(node, of.work));
      }
      of.kind = kind;
      of.work = name;
    }
    WorkerClient.Ordered order;
    try {
      order = node.client().order(false, name, bytes);
    } catch (RuntimeException e) {
      forget(of);
      throw e;
    }
    boolean returned;
    synchronized (held) {
      of.order = order;
      returned = of.returned;
    }
    if (returned) {
      node.client().cancel(order);
      throw returnedMeanwhile(node, name, "sent");
    }
  }

  @Override
  public <R> R getResult(NdpNode node, Class<R> type) {
    Objects.requireNonNull(type, "there is no type of the result");
    Held of = of(node);
    WorkerClient.Ordered order;
    Kinds.Kind kind;
    String work;
    synchronized (held) {
      order = of.order;
      kind = of.kind;
      work = of.work;
    }
    if (order == null || kind == null) {
      throw new IllegalStateException(node + " was sent no work whose result was not got");
    }
    try {
      R result = asked(type, kind.decodeResult(order.answer().get()), node, work);
      forget(of);
      return result;
    } catch (CancellationException e) {
      throw returnedMeanwhile(node, work, "waited for");
    } catch (ExecutionException e) {
      forget(of);
      throw failure(work, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the result of " + node, e);
    }
  }

  /** Refuses a wrong class; the result can be asked for again. */
  @SuppressWarnings("unchecked") // a primitive type's class is of its wrapper's type
  private static <R> R asked(Class<R> type, Object result, NdpNode node, String work) {
    Class<R> wrapper = (Class<R>) MethodType.methodType(type).wrap().returnType();
    if (!wrapper.isInstance(result)) {
      throw new IllegalArgumentException(
          "the result of %s, sent to %s, is a %s, not a %s; it can still be got"
              .formatted(work, node, result.getClass().getTypeName(), type.getTypeName()));
    }
    return wrapper.cast(result);
  }

  private static IllegalStateException returnedMeanwhile(NdpNode node, String work, String what) {
    return new IllegalStateException(
        "%s was returned while the result of %s was %s, which has cancelled the work; return a node when its result was got"
            .formatted(node, work, what));
  }

  private static PlacesException failure(String work, @Nullable Throwable cause) {
    return switch (cause) {
      case RemoteFailure remote -> SubproblemFailedException.onPart(work, Solving.WHOLE, remote);
      case PlacesException other -> other;
      case null -> new PlacesException(work + " failed");
      default -> new PlacesException("%s failed: %s".formatted(work, cause), cause);
    };
  }

  private void forget(Held of) {
    synchronized (held) {
      of.order = null;
      of.work = "";
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
      of.returned = true;
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
    Objects.requireNonNull(node, "there is no node");
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
