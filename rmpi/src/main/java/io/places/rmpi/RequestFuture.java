package io.places.rmpi;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/*
 * What may be completed by something else as well is no part of a deadlock. That is known of all that is made of one
 * request together: to know of each by itself which others it depends on would keep them, as long as it is there.
 */
/**
 * A request as a future, and what is made of it by {@code thenApply} and the like: who waits for such a thing waits for
 * the request, and is seen to, so that a deadlock is found.
 */
final class RequestFuture<T> extends CompletableFuture<T> {
  private final World world;
  private final Request<?> request;
  private volatile AtomicBoolean mayEndOtherwise; // than by the request; replaced before anybody has this future

  RequestFuture(World world, Request<?> request) {
    this(world, request, new AtomicBoolean());
  }

  private RequestFuture(World world, Request<?> request, AtomicBoolean mayEndOtherwise) {
    this.world = world;
    this.request = request;
    this.mayEndOtherwise = mayEndOtherwise;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new RequestFuture<>(world, request, mayEndOtherwise);
  }

  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    mayEndOtherwise.set(true);
    return super.orTimeout(timeout, unit);
  }

  @Override
  public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    mayEndOtherwise.set(true);
    return super.completeOnTimeout(value, timeout, unit);
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    mayEndOtherwise.set(true);
    return super.completeAsync(supplier, executor);
  }

  /** What another stage may complete as well. */
  private static <U> CompletableFuture<U> ofEither(CompletableFuture<U> made) {
    if (made instanceof RequestFuture<U> ofRequest) { // else it is of the other stage, which is done
      ofRequest.mayEndOtherwise = new AtomicBoolean(true);
    }
    return made;
  }

  @Override
  public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> function) {
    return ofEither(super.applyToEither(other, function));
  }

  @Override
  public <U> CompletableFuture<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> function) {
    return ofEither(super.applyToEitherAsync(other, function));
  }

  @Override
  public <U> CompletableFuture<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> function, Executor executor) {
    return ofEither(super.applyToEitherAsync(other, function, executor));
  }

  @Override
  public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
    return ofEither(super.acceptEither(other, action));
  }

  @Override
  public CompletableFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action) {
    return ofEither(super.acceptEitherAsync(other, action));
  }

  @Override
  public CompletableFuture<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> action, Executor executor) {
    return ofEither(super.acceptEitherAsync(other, action, executor));
  }

  @Override
  public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
    return ofEither(super.runAfterEither(other, action));
  }

  @Override
  public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
    return ofEither(super.runAfterEitherAsync(other, action));
  }

  @Override
  public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action, Executor executor) {
    return ofEither(super.runAfterEitherAsync(other, action, executor));
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
        new Blocked(
            Thread.currentThread(),
            List.of(request),
            world.clock().nanoTime(),
            () -> isLimited || mayEndOtherwise.get());
    world.blocks(blocked);
    return blocked;
  }
}
