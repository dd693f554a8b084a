package io.places;

/**
 * Why a place is interrupted, weakest first. A place that has not noticed one yet notices only the
 * stronger of two.
 */
public enum InterruptKind {
  /** Stop what you are doing, as by Ctrl-C; the place may go on. */
  BREAK,
  /** The one you work for is gone, as when a terminal hangs up. */
  HANG_UP,
  /** Come to an end, as by SIGTERM. */
  TERMINATE
}
