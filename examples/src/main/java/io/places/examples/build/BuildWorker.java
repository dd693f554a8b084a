package io.places.examples.build;

import io.places.channel.PlaceChannel;
import java.io.IOException;

/** Asks for a job, compiles it, says what came of it, and again, until there are no more. */
final class BuildWorker {
  private BuildWorker() {}

  static void body(PlaceChannel<WorkerMessage, Order> controller, Settings settings)
      throws IOException {
    var compiler = new SourceCompiler(settings);
    while (true) {
      controller.put(new WorkerMessage.GetJob());
      switch (controller.get()) {
        case Order.Compile job ->
            controller.put(
                new WorkerMessage.JobFinished(job.unit(), compiler.compile(job.files())));
        case Order.Done done -> {
          return;
        }
      }
    }
  }
}
