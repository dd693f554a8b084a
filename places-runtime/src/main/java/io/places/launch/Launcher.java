package io.places.launch;

import io.places.LaunchException;

/** A way to bring up the process of a node. */
public interface Launcher {

  /**
   * Starts a process and waits until its node listens.
   *
   * @throws LaunchException with what the process wrote to its standard error, if it ends or is not
   *     ready in time; nothing is left running then
   */
  LaunchedProcess launch(NodeProcess process);
}
