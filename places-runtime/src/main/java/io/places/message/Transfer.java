package io.places.message;

import io.places.MessageNotAllowedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands a large array over instead of copying it: within one JVM the receiver gets the very array, and
 * the sender gives it up. Between nodes it is written straight from the array.
 *
 * <pre>{@code
 * channel.put(Transfer.move(block));      // channel sends Transfer<double[]>
 * double[] block = other.get().take();    // the same array, if both are in one JVM
 * }</pre>
 *
 * <p>A transfer lets go of its array once: when a message that holds it is put, or when it is taken.
 * After that {@link #take} throws, and so does putting it again; both say so. A message with the same
 * array in two transfers is refused, too. The sender must not touch the array any more. What the JVM
 * cannot detect: reads and writes through the sender's own variable, and moving the same array again in
 * another message. The two places then race on it, or work on two arrays if they are on two nodes.
 *
 * <p>A put that is refused leaves the transfer as it was. A put that times out, or that fails because
 * the channel is closed, may have let go of the array; nobody has got it then, so the sender may move
 * it again.
 *
 * @param <A> {@code double[]}, {@code long[]}, {@code int[]}, {@code float[]} or {@code byte[]}
 */
public final class Transfer<A> {
  private static final VarHandle ARRAY;

  static {
    try {
      ARRAY = MethodHandles.lookup().findVarHandle(Transfer.class, "array", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the field is declared below", e);
    }
  }

  @SuppressWarnings("UnusedVariable") // read and cleared through ARRAY
  private volatile @Nullable Object array;

  private Transfer(Object array) {
    this.array = array;
  }

  /**
   * Wraps an array to be handed over.
   *
   * @throws MessageNotAllowedException if it is no array of numbers
   */
  public static <A> Transfer<A> move(A array) {
    Objects.requireNonNull(array, "array");
    if (!(array instanceof byte[]) && Bulk.find(array.getClass()) == null) {
      throw new MessageNotAllowedException(
          "a %s cannot be moved; what can: double[], long[], int[], float[] and byte[]"
              .formatted(array.getClass().getTypeName()));
    }
    return new Transfer<>(array);
  }

  /**
   * The array, which is the caller's from now on.
   *
   * @throws IllegalStateException if it was moved or taken before
   */
  @SuppressWarnings("unchecked") // holds what move() was given
  public A take() {
    Object taken = ARRAY.getAndSet(this, null);
    if (taken == null) {
      throw new IllegalStateException(
          "the array of this transfer was moved or taken before; only its receiver has it");
    }
    return (A) taken;
  }

  /** The array, for looking at it before it is moved. */
  Object held() {
    Object held = array;
    if (held == null) {
      throw movedBefore();
    }
    return held;
  }

  /** Lets go of the arrays of a message that is complete: of all, or of none. */
  static void commit(List<Transfer<?>> transfers) {
    List<Object> arrays = new ArrayList<>(transfers.size());
    for (Transfer<?> transfer : transfers) {
      Object held = ARRAY.getAndSet(transfer, null);
      if (held == null) {
        for (int i = 0; i < arrays.size(); i++) {
          ARRAY.setVolatile(transfers.get(i), arrays.get(i));
        }
        throw movedBefore();
      }
      arrays.add(held);
    }
  }

  private static Refusal movedBefore() {
    return new Refusal(
        "its array was moved or taken before; only its receiver has it, so it cannot be sent again");
  }

  @Override
  public String toString() {
    Object held = array;
    return held == null ? "Transfer[moved]" : "Transfer[" + held.getClass().getTypeName() + "]";
  }
}
