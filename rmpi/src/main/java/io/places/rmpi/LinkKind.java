package io.places.rmpi;

/** Which way messages go between ranks in different JVMs. Ranks of one JVM always use its memory. */
public enum LinkKind {
  /** The fastest that there is for each two ranks. */
  AUTO,

  /** Memory that both map: for ranks on one host only. */
  MEMORY,

  /** A TCP connection of their own. */
  TCP,

  /** A place channel. */
  CHANNEL
}
