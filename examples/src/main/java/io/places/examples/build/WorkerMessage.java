package io.places.examples.build;

import java.util.List;

/** What a worker says to the controller. */
sealed interface WorkerMessage {

  /** It has nothing to do. */
  record GetJob() implements WorkerMessage {}

  /** It has compiled a unit; there are no class files of it if there are problems. */
  record JobFinished(int unit, List<Problem> problems) implements WorkerMessage {}
}
