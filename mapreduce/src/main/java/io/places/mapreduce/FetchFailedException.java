package io.places.mapreduce;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.mapreduce.proto.Source;

/** Map output could not be fetched from another worker: no fault of the task that wanted it. */
final class FetchFailedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final int worker;

  FetchFailedException(Source source, Throwable cause) {
    super(
        "map output cannot be fetched from node %s: %s"
            .formatted(source.getNode(), cause.getMessage()),
        cause);
    this.worker = source.getWorker();
  }

  /** Whether the way to the worker was lost, and not for what the worker said. */
  boolean isLoss() {
    return getCause() instanceof NodeLostException || getCause() instanceof ChannelClosedException;
  }

  /** The number of the worker that did not give it. */
  int worker() {
    return worker;
  }
}
