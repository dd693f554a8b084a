package io.places.supervise;

import io.places.PlacesException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lives of something that is started anew when it ends. Safe for use by many threads.
 *
 * @param <L> one life
 */
interface Lives<L> {

  /**
   * Where it stands.
   *
   * @param epoch the number of the last life that began
   * @param ended whether that life is over
   * @param over why there will be no further one; null while there may be
   */
  record Now<L>(
      long epoch, L life, boolean ended, @Nullable Supplier<PlacesException> over) {}

  /** Where it stands now. */
  Now<L> now();

  /**
   * Waits until a later life has begun, or none will.
   *
   * @param epoch the life that is known
   * @return what it stands at then; as before if nothing has changed within {@code nanos}
   */
  Now<L> after(long epoch, long nanos) throws InterruptedException;

  /** Waits until a life is over, up to a limit. */
  void awaitEnd(long epoch, long nanos) throws InterruptedException;

  /** For messages: "place 'counter' on node main". */
  String what();
}
