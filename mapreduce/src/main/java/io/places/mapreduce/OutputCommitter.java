package io.places.mapreduce;

import java.io.IOException;
import java.util.Collection;

/**
 * Makes the output of a job visible as a whole, or not at all. Used by one thread, on the node that
 * controls the job: {@link #begin}, then once {@link #commit} or {@link #abort}.
 */
public interface OutputCommitter {

  /**
   * Checks that the output can be written and prepares for it. Called before any task starts.
   *
   * @throws OutputException if there is output already; nothing was changed then
   */
  void begin() throws IOException;

  /**
   * Makes the parts visible. Called when all tasks are done, with one part for each partition. If
   * it throws, {@link #abort} follows.
   */
  void commit(Collection<OutputPart> parts) throws IOException;

  /** Removes everything that this job has made, parts already visible included. */
  void abort() throws IOException;
}
