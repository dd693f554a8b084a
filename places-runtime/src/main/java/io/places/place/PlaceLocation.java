package io.places.place;

import io.places.LaunchException;
import io.places.MessageNotAllowedException;

/**
 * Where places can be started: a node of this JVM or another. All forms start the place at once and
 * return when its thread has started.
 *
 * <p>Each throws {@link IllegalArgumentException} if the body has no address (see {@link PlaceBody}) or
 * its channel's types are not concrete, {@link MessageNotAllowedException} if an argument or a type may
 * not travel, and {@link LaunchException} if the location refuses: class or method missing there, not on
 * its allow-list, of another shape, or the name taken.
 */
public interface PlaceLocation {

  /** The name of the node. */
  String name();

  /** The packages whose classes may be named there, as far as this node knows. */
  AllowList allowed();

  /** Starts a place by its address; the other forms lead here. */
  <S, R> Place<R, S> start(Spawn spawn, EntryPoint entry, Object... arguments);

  default <S, R> Place<R, S> place(PlaceBody<S, R> body) {
    return start(Spawn.anonymous(), EntryPoint.of(body));
  }

  default <S, R> Place<R, S> place(Class<? extends PlaceBody<S, R>> body) {
    return start(Spawn.anonymous(), EntryPoint.of(body));
  }

  default <S, R, A> Place<R, S> place(PlaceBody.With<S, R, A> body, A argument) {
    return start(Spawn.anonymous(), EntryPoint.of(body), argument);
  }

  default <S, R, A, B> Place<R, S> place(PlaceBody.With2<S, R, A, B> body, A first, B second) {
    return start(Spawn.anonymous(), EntryPoint.of(body), first, second);
  }

  default <S, R> Place<R, S> place(Spawn spawn, PlaceBody<S, R> body) {
    return start(spawn, EntryPoint.of(body));
  }

  default <S, R> Place<R, S> place(Spawn spawn, Class<? extends PlaceBody<S, R>> body) {
    return start(spawn, EntryPoint.of(body));
  }

  default <S, R, A> Place<R, S> place(Spawn spawn, PlaceBody.With<S, R, A> body, A argument) {
    return start(spawn, EntryPoint.of(body), argument);
  }

  default <S, R, A, B> Place<R, S> place(
      Spawn spawn, PlaceBody.With2<S, R, A, B> body, A first, B second) {
    return start(spawn, EntryPoint.of(body), first, second);
  }
}
