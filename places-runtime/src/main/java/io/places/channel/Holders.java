package io.places.channel;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Within a JVM ends are shared, so the sender of an end may use it later, or send it to others: it lends
 * the end. Whether it ever will nobody knows. If a borrower has ended in order, we believe that it will; if
 * one has failed or was killed, a conversation was cut off, and whoever waits at the other end must know.
 */
/** Who in this JVM has one end that was sent about. Safe for use by many threads. */
final class Holders {
  /** Of the ends of a place's own channel, which live as long as the place. */
  static final Holders OF_A_PLACE = new Holders(true);

  private final boolean fixedOnceGot;
  private volatile boolean fixed; // written under this
  private final Set<EndOwner> owners = new HashSet<>(2); // guarded by this, as all
  private final Set<EndOwner> lenders = new HashSet<>(2);
  private int messages; // that hold it and were not got
  private volatile @Nullable EndOwner latest; // who used it last; only to save the lock

  private Holders(boolean fixed, boolean fixedOnceGot) {
    this.fixed = fixed;
    this.fixedOnceGot = fixedOnceGot;
  }

  private Holders(boolean fixed) {
    this(fixed, false);
  }

  Holders() {
    this(false);
  }

  /** Of an end that lives as long as the place that gets it. Until then, nobody may. */
  static Holders ofAPlaceOnceGot() {
    return new Holders(false, true);
  }

  /** Somebody got it, made it, or uses it. */
  synchronized void add(EndOwner owner) {
    if (!fixed) {
      owners.add(owner);
      lenders.remove(owner);
      latest = owner;
    }
  }

  /** Whether it makes no difference who has it. */
  boolean isFixed() {
    return fixed;
  }

  /** Whether somebody uses it who may not be known to have it. */
  boolean isNew(EndOwner user) {
    return !user.equals(latest);
  }

  /** Somebody puts it into a message. */
  synchronized void sent(EndOwner by) {
    if (!fixed) {
      messages++;
      owners.remove(by);
      lenders.add(by);
      latest = null;
    }
  }

  /** That message was not sent. */
  synchronized void notSent(EndOwner by) {
    if (!fixed) {
      messages--;
      add(by);
    }
  }

  /** It comes in a message from another node. */
  synchronized void comes() {
    messages++;
  }

  /** A message that holds it was got. */
  synchronized void got(EndOwner by) {
    if (!fixed) {
      messages--;
      add(by);
      fixed = fixedOnceGot;
    }
  }

  /** A message that holds it will not be got. Answers whether nobody has the end now. */
  synchronized boolean dropped() {
    if (fixed) {
      return false;
    }
    messages--;
    return owners.isEmpty() && messages <= 0;
  }

  /** One of the owners has ended. Answers whether nobody has the end now. */
  synchronized boolean ended(EndOwner owner, boolean inOrder) {
    boolean held = owners.remove(owner);
    lenders.remove(owner);
    return !fixed
        && owners.isEmpty()
        && messages <= 0
        && (lenders.isEmpty() || (held && !inOrder));
  }
}
