package io.places.ndp;

import org.jspecify.annotations.Nullable;

/** Where nodes come from, and go back to. Safe for use by many threads. */
interface NodeSource {
  /** A node that nobody uses; null if there is none now. */
  @Nullable NdpNode take();

  /** Nobody uses a node any more. */
  void giveBack(NdpNode node);
}
