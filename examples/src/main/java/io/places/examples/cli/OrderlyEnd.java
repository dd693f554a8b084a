package io.places.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.ExitCode;

/**
 * Whether a job in a child JVM has come to its end: a program that it runs may end the whole process first, and say
 * with exit code 0 that all is well. A file is there as long as it has not; in it is who has ended the process.
 */
record OrderlyEnd(Path file) {
  /** In the parent: of a job that has not begun. */
  static OrderlyEnd awaited(Path folder) throws IOException {
    Path file = folder.resolve("places-rmpirun-%s.unfinished".formatted(UUID.randomUUID()));
    file.toFile().deleteOnExit(); // first: a signal may end this process as soon as it is there
    return new OrderlyEnd(Files.createFile(file));
  }

  /** In the child: tells the parent who calls {@link System#exit} too early. */
  void watch() {
    long parent = parent();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> tell(parent), "places-unfinished"));
  }

  private static long parent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
  }

  private void tell(long parent) {
    if (parent != parent()) {
      reached(); // nobody is there to be told, or to delete the file
      return;
    }
    if (!Files.exists(file)) {
      return;
    }
    for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
      StackTraceElement[] stack = each.getValue();
      for (int i = 0; i + 1 < stack.length; i++) {
        if (isExit(stack[i]) && !isExit(stack[i + 1])) {
          if (stack[i + 1].getClassName().equals(ChildMain.class.getName())) {
            reached(); // the parent was gone before it was looked for here
          } else {
            told(each.getKey().getName(), stack[i + 1]);
          }
          return;
        }
      }
    }
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getMethodName().equals("exit")
        && (frame.getClassName().equals("java.lang.Runtime")
            || frame.getClassName().equals("java.lang.System"));
  }

  private void told(String thread, StackTraceElement caller) {
    try {
      Files.writeString(
          file,
          "%s has ended the process of all ranks by System.exit, at %s.%s(%s:%d)"
              .formatted(
                  thread,
                  caller.getClassName(),
                  caller.getMethodName(),
                  caller.getFileName(),
                  caller.getLineNumber()));
    } catch (IOException e) {
      // Then the parent does not say who.
    }
  }

  /** In the child: the job is over, well or not, and its exit code is the truth. */
  void reached() {
    try {
      Files.deleteIfExists(file); // it may be gone with a parent that was ended
    } catch (IOException e) {
      throw new IllegalStateException("the end of the job cannot be told: " + e, e);
    }
  }

  /**
   * In the parent: the exit code of the job, by that of the child; says on the error output what is wrong, unless the
   * user has stopped the command and so interrupted the thread.
   */
  int exitCode(int ofChild) {
    if (Thread.currentThread().isInterrupted()) {
      return ofChild;
    }
    try {
      if (!Files.exists(file)) {
        return ofChild;
      }
      String who = Files.readString(file);
      if (!who.isEmpty()) {
        System.err.println("places rmpirun: " + who);
      } else {
        System.err.println(
            "places rmpirun: the process of all ranks has ended before they had"
                + (ofChild == ExitCode.OK ? "" : ", with exit code " + ofChild));
      }
    } catch (IOException e) {
      System.err.println("places rmpirun: how the job has ended is unknown: " + e);
    }
    return ofChild == ExitCode.OK ? ExitCode.SOFTWARE : ofChild;
  }

  /** In the parent: of a job that is over. */
  void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
