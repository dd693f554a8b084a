package io.places.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The nodes among the processes that this one has started; another may be making an AOT cache. */
public final class NodeProcesses {
  private NodeProcesses() {}

  /** Those that run. */
  public static List<ProcessHandle> running() {
    return ProcessHandle.current().children().filter(NodeProcesses::isNode).toList();
  }

  private static boolean isNode(ProcessHandle process) {
    Path command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    if (!Files.exists(Path.of("/proc/self/cmdline"))) {
      return process.isAlive(); // no Linux: whatever it is
    }
    try {
      return Files.readString(command).contains(NodeMain.class.getName());
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
