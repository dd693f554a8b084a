package io.places.event;

import java.util.function.BooleanSupplier;

/*
 * Parking a thread and waking it costs microseconds, often more than what it waits for, which may come
 * while the thread looks on for a while. Two ways to do so:
 *
 *   - It spins. That pays only while another processor is free to bring what is awaited.
 *   - A virtual thread yields. That pays when who brings it is ready to run on the same carrier.
 *
 * Which of them pays, if any, changes with what the program does and with the load of the machine, and is
 * seen only by trying. So a wait tries what was of use lately; of what was not, only every 64th wait tries
 * again, which costs the others a fraction of a microsecond each. No try takes longer than about the park
 * that it may save: what is idle is parked.
 */
/**
 * What to try before parking, learned from the waits for the same thing so far. Threads may share one;
 * what they learn then may be lost or mixed, which costs time only.
 */
public final class Patience {
  private static final boolean ONE_PROCESSOR = Runtime.getRuntime().availableProcessors() == 1;

  /** Some 30 microseconds: a processor that slept wakes, and its thread answers. */
  private static final int SPINS = 1_000;

  /** Some 2 microseconds: virtual threads are parked faster, and others may want the carrier. */
  private static final int VIRTUAL_SPINS = 64;

  /** One lets the others run; the second catches an answer from another carrier. */
  private static final int YIELDS = 2;

  /** Tries in vain in a row after which they are given up. */
  private static final byte TRUST = 4;

  private static final byte VIRTUAL_TRUST = 1;
  private static final byte PROBE_EVERY = 64;
  private static final byte FIRST_PROBE = 4;

  private byte spinTrust;
  private byte untilSpin = FIRST_PROBE;
  private byte yieldTrust;
  private byte untilYield = FIRST_PROBE;

  /** Tries whether it gets ready soon; the last answer. */
  public boolean until(BooleanSupplier ready) {
    return Thread.currentThread().isVirtual()
        ? spin(ready, VIRTUAL_SPINS, VIRTUAL_TRUST) || giveWay(ready)
        : spin(ready, SPINS, TRUST);
  }

  private boolean spin(BooleanSupplier ready, int times, byte trust) {
    if (ONE_PROCESSOR || (spinTrust == 0 && --untilSpin > 0)) {
      return false;
    }
    untilSpin = PROBE_EVERY;
    for (int i = 0; i < times; i++) {
      if (ready.getAsBoolean()) {
        spinTrust = trust;
        return true;
      }
      Thread.onSpinWait();
    }
    spinTrust = less(spinTrust);
    return false;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private boolean giveWay(BooleanSupplier ready) {
    if (yieldTrust == 0 && --untilYield > 0) {
      return false;
    }
    untilYield = PROBE_EVERY;
    for (int i = 0; i < YIELDS; i++) {
      Thread.yield();
      if (ready.getAsBoolean()) {
        yieldTrust = TRUST;
        return true;
      }
    }
    yieldTrust = less(yieldTrust);
    return false;
  }

  private static byte less(byte trust) {
    return (byte) Math.max(0, trust - 1);
  }
}
