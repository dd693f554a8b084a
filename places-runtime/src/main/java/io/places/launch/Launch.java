package io.places.launch;

import java.net.InetSocketAddress;
import java.util.Objects;

/** The launchers. */
public final class Launch {
  private Launch() {}

  /** A JVM on this machine with this JVM's class path. */
  public static ProcessLauncher process() {
    return ProcessLauncher.standard();
  }

  /**
   * A node that somebody has started already, by {@code places node} for example: it is only connected to,
   * and left running in the end. It has its own name and its own allow-list, and it must belong to the
   * cluster of the node that attaches it: see {@code NodeOptions.secretFile}.
   */
  public static Launcher attach(InetSocketAddress address) {
    return new AttachLauncher(Objects.requireNonNull(address, "address"));
  }

  /**
   * A JVM on another machine, by ssh.
   *
   * @param host a name, an address or an alias of the user's ssh configuration, as "host" or "user@host"
   * @throws IllegalArgumentException if that is neither
   */
  public static SshLauncher ssh(String host) {
    return SshLauncher.to(Objects.requireNonNull(host, "host"));
  }
}
