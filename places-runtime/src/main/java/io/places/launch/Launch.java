package io.places.launch;

/** The launchers. */
public final class Launch {
  private Launch() {}

  /** A JVM on this machine with this JVM's class path. */
  public static ProcessLauncher process() {
    return ProcessLauncher.standard();
  }

  /**
   * A JVM on another machine, by ssh.
   *
   * @param host a name, an address or an alias of the user's ssh configuration, as "host" or "user@host"
   * @throws IllegalArgumentException if that is neither
   */
  public static SshLauncher ssh(String host) {
    return SshLauncher.to(host);
  }
}
