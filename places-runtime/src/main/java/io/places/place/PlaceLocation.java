package io.places.place;

import io.places.LaunchException;
import io.places.MessageNotAllowedException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.channel.PlaceChannel;
import java.time.Duration;
import java.util.List;

/**
 * Where places can be started: a node of this JVM or another. All forms start the place at once and
 * return when its thread has started.
 *
 * <p>Each throws {@link IllegalArgumentException} if the body has no address (see {@link PlaceBody}) or
 * its channel's types are not concrete, {@link MessageNotAllowedException} if an argument or a type may
 * not travel, and {@link LaunchException} if the location refuses: class or method missing there, not on
 * its allow-list, or of another shape; {@link PlaceAlreadyExistsException} if the name is taken.
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

  /**
   * Opens a channel to a named place there; waits up to a limit for a place that has not started yet, or is
   * just being started anew. Another node waits for an hour at most.
   *
   * @param sends what the caller sends
   * @param receives what the caller receives
   * @param waiting zero if it must be there already
   * @throws NamedPlaceNotFoundException if there is none in time, listing those there are
   * @throws IllegalArgumentException if no place can have this name
   */
  <S, R> NamedChannel<S, R> find(
      String place, Class<S> sends, Class<R> receives, Duration waiting);

  /**
   * Opens a channel to a named place there.
   *
   * @throws NamedPlaceNotFoundException if there is none, listing those there are
   */
  default <S, R> PlaceChannel<S, R> named(String place, Class<S> sends, Class<R> receives) {
    return find(place, sends, receives, Duration.ZERO).channel();
  }

  /** Opens a channel to a named place there; waits for it as {@link #find} does. */
  default <S, R> PlaceChannel<S, R> named(
      String place, Class<S> sends, Class<R> receives, Duration waiting) {
    return find(place, sends, receives, waiting).channel();
  }

  /** The names of the named places there, in order. */
  List<String> names();
}
