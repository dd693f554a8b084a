package io.places.lives;

import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Isolation;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;

/** Every kind of other end that a place can have: what holds for one must hold for all. */
enum Where {
  THREAD(Isolation.THREAD),
  VIRTUAL(Isolation.VIRTUAL),
  CLASS_LOADER(Isolation.CLASS_LOADER),
  PROCESS(Isolation.PROCESS),
  /** A thread of another node. */
  NODE(Isolation.THREAD);

  private final Isolation isolation;

  Where(Isolation isolation) {
    this.isolation = isolation;
  }

  Spawn spawn() {
    return Spawn.isolated(isolation);
  }

  PlaceLocation location(Node here, RemoteNode there) {
    return this == NODE ? there : here;
  }

  /** Whether a place there shares the memory of its creator. */
  boolean sharesMemory() {
    return this == THREAD || this == VIRTUAL;
  }
}
