package io.places.rmpi;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A request as a future, and what is made of it by {@code thenApply} and the like: who waits for such a thing waits for
 * the request, and is seen to, so that a deadlock is found.
 */
final class RequestFuture<T> extends CompletableFuture<T> {
  private final World world;
  private final Request<?> request;

  RequestFuture(World world, Request<?> request) {
    this.world = world;
    this.request = request;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new RequestFuture<>(world, request);
  }

  @Override
  public T join() {
    if (isDone()) {
      return super.join();
    }
    Blocked blocked = block(false);
    try {
      return super.join();
    } finally {
      world.unblocks(blocked);
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (isDone()) {
      return super.get();
    }
    Blocked blocked = block(false);
    try {
      return super.get();
    } finally {
      world.unblocks(blocked);
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (isDone()) {
      return super.get(timeout, unit);
    }
    Blocked blocked = block(true);
    try {
      return super.get(timeout, unit);
    } finally {
      world.unblocks(blocked);
    }
  }

  private Blocked block(boolean isLimited) {
    var blocked =
        new Blocked(Thread.currentThread(), List.of(request), world.clock().nanoTime(), isLimited);
    world.blocks(blocked);
    return blocked;
  }
}
