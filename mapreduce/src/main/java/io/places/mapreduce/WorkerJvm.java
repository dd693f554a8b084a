package io.places.mapreduce;

import io.places.launch.ProcessLauncher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/*
 * Measured with a word count of 256 MiB on two workers of two cores:
 *
 * - The compiler that optimizes took more processor time than the job's own work: most of it for methods that are
 *   warm for a second. Asking for ten times as many calls before it is used halves that, and a long job does not
 *   notice. It is used as before for all that is called that often.
 * - With few cores for each worker, a collector that works beside the program takes the cores from it. What a worker
 *   holds is in few large arrays, so the simple ones have little to do, and give memory back.
 */
/** What the JVM of a worker process is told. None of it changes what a job can do. */
final class WorkerJvm {
  /** The version whose options these are; another may not know them, and would not start. */
  private static final int VERSION = 25;

  /** Up to here one thread collects garbage as fast as it is made. */
  private static final int FEW_TASKS = 1;

  private static final List<String> RARE_COMPILING =
      List.of(
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000");

  private static final Pattern COLLECTOR_OR_FILE =
      Pattern.compile("-XX:\\+Use\\w*GC|(^|\\s)@|-XX:(Flags|VMOptionsFile)=");

  private WorkerJvm() {}

  /** The launcher with options that suit workers that run so many tasks at a time. */
  static ProcessLauncher tuned(ProcessLauncher launcher, int tasksAtATime) {
    ProcessLauncher tuned = launcher;
    for (String option : options(tasksAtATime)) {
      tuned = tuned.jvmOption(option);
    }
    return tuned;
  }

  private static List<String> options(int tasksAtATime) {
    String name = System.getProperty("java.vm.name", "");
    if (Runtime.version().feature() != VERSION
        || !(name.contains("OpenJDK") || name.contains("HotSpot"))) {
      return List.of();
    }
    List<String> options = new ArrayList<>(RARE_COMPILING);
    if (!userChoosesCollector()) {
      options.add(tasksAtATime <= FEW_TASKS ? "-XX:+UseSerialGC" : "-XX:+UseParallelGC");
    }
    return options;
  }

  /** Two collectors at once are refused by the JVM. What options a file has is not looked at. */
  private static boolean userChoosesCollector() {
    return Stream.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
        .map(System.getenv()::get)
        .anyMatch(options -> options != null && COLLECTOR_OR_FILE.matcher(options).find());
  }
}
