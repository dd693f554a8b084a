package io.places.examples.build;

import java.util.List;

/** What the controller says to a worker that asks for a job. */
sealed interface Order {

  /** Compile these files, together. */
  record Compile(int unit, List<String> files) implements Order {}

  /** There will be no further job. */
  record Done() implements Order {}
}
