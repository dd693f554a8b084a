package io.places.launch;

/** The launchers. */
public final class Launch {
  private Launch() {}

  /** A JVM on this machine with this JVM's class path. */
  public static ProcessLauncher process() {
    return ProcessLauncher.standard();
  }
}
