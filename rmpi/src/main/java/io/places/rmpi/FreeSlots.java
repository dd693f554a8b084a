package io.places.rmpi;

/*
 * A store into memory that the other processor has read last is several times as dear as one into memory that
 * this one has. So a slot belongs, when it is free, to the side that has read it: a message and its answer go
 * through the same slot. A side that runs low asks for some; then the other gives half of its own.
 */
/** The slots of one size that are free and this side's. Guarded by its link. */
final class FreeSlots {
  private final int[] free;
  private final int low;
  private int number;
  private boolean asked;
  private boolean peerAsks;
  private int staying;

  /** As one side has them in the beginning. */
  FreeSlots(int side, int first, int all) {
    free = new int[all];
    low = all / 8;
    for (int slot = side; slot < all; slot += 2) {
      free[number++] = first + slot;
    }
  }

  /** Whether one more may be taken out of use until its message is received. */
  boolean stays() {
    if (staying >= free.length / 4) {
      return false; // the others have to go round
    }
    staying++;
    return true;
  }

  /** One of those is to be used again. */
  void leaves() {
    staying--;
  }

  boolean isEmpty() {
    return number == 0;
  }

  int take() {
    return free[--number];
  }

  void add(int slot) {
    free[number++] = slot;
  }

  /** Whether the peer is to be asked for some, now. */
  boolean runLow() {
    return number < low && !asked;
  }

  /** It is, and answers that some {@link #came}. */
  void asked() {
    asked = true;
  }

  void came() {
    asked = false;
  }

  void peerAsks() {
    peerAsks = true;
  }

  /** How many the peer is to get, now. */
  int toGive() {
    return peerAsks ? number / 2 : 0;
  }

  void gave() {
    peerAsks = false;
  }
}
