package io.places.mapreduce;

import io.places.launch.Launch;
import io.places.launch.ProcessLauncher;

/** Workers as {@link Workers#processes} starts them, for jobs that are too short for code to be optimised. */
final class Processes {
  private Processes() {}

  static ProcessLauncher launcher() {
    return WorkerJvm.tuned(Launch.process(), 1).jvmOption("-XX:TieredStopAtLevel=1");
  }

  static Workers start(int count, String... packages) {
    return Workers.launch(count, launcher(), packages);
  }
}
