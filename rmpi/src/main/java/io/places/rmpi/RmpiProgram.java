package io.places.rmpi;

/**
 * What each rank of a job runs. A top-level or static nested class with a no-argument constructor: only its
 * name travels.
 */
public interface RmpiProgram {
  /**
   * Runs in the rank's own thread.
   *
   * @param comm the communicator of all ranks
   * @param arguments the same at each
   */
  void run(Comm comm, String[] arguments) throws Exception;
}
