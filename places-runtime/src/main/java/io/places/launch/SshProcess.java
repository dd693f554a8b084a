package io.places.launch;

import io.places.LaunchException;
import io.places.PlaceInterruptedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node on another machine, at the other end of an ssh connection. */
final class SshProcess implements LaunchedProcess {
  /** From the loss of a connection to the end of ssh is a few milliseconds. */
  private static final Duration ENDING = Duration.ofMillis(300);

  /** Those that run, by the address at which they are reached from here. */
  private static final Map<InetSocketAddress, SshProcess> RUNNING = new ConcurrentHashMap<>();

  private final SshLauncher launcher;
  private final String nodeName;
  private final SshSession session;
  private final long processId;
  private final int farPort;
  private final InetSocketAddress address;
  private final Map<InetSocketAddress, Integer> forwardedBack = new ConcurrentHashMap<>();

  SshProcess(
      SshLauncher launcher, String nodeName, SshSession session, long processId, int farPort)
      throws IOException, InterruptedException, TimeoutException {
    this.launcher = launcher;
    this.nodeName = nodeName;
    this.session = session;
    this.processId = processId;
    this.farPort = farPort;
    this.address = session.forward(farPort);
    RUNNING.values().removeIf(other -> !other.session.process().isAlive());
    RUNNING.put(address, this);
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public long processId() {
    return processId;
  }

  @Override
  public Duration answerLimit() {
    return launcher.limit();
  }

  @Override
  public String host() {
    return launcher.host();
  }

  @Override
  public InetSocketAddress seenFromThere(InetSocketAddress here) {
    SshProcess other = RUNNING.get(here);
    if (other != null && other.launcher.destination().equals(launcher.destination())) {
      return HostAndPort.loopback(other.farPort);
    }
    synchronized (forwardedBack) {
      Integer port = forwardedBack.get(here);
      if (port == null) {
        port = forwardBack(here);
        forwardedBack.put(here, port);
      }
      return HostAndPort.loopback(port);
    }
  }

  private int forwardBack(InetSocketAddress here) {
    try {
      return session.forwardBack(here);
    } catch (IOException | TimeoutException e) {
      throw new LaunchException(
          "%s cannot be given a way to %s: %s".formatted(this, here, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted while %s was given a way to %s".formatted(this, here), e);
    }
  }

  @Override
  public void end(Duration limit) {
    try {
      session.process().getOutputStream().close();
    } catch (IOException e) {
      // It is gone already, or will be killed below.
    }
    if (!waitFor(limit)) {
      kill();
    }
    session.output().join(limit);
  }

  @Override
  public void kill() {
    if (session.process().isAlive()) {
      try {
        session.kill(processId);
        waitFor(ENDING);
      } catch (IOException | TimeoutException e) {
        // It is gone, or the connection is: without that it ends by itself.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    session.end();
  }

  @Override
  public String fate() {
    if (waitFor(ENDING)) {
      return "the ssh to its process %d on %s ended%s"
          .formatted(processId, host(), session.exitClause());
    }
    return "the ssh to its process %d on %s still runs%s"
        .formatted(
            processId,
            host(),
            forwards()
                ? ""
                : ", but the sshd there refuses to forward ports: its configuration must not say AllowTcpForwarding no");
  }

  @Override
  public OptionalInt exitCode() {
    waitFor(ENDING);
    return exitCodeNow();
  }

  @Override
  public OptionalInt exitCodeNow() {
    return session.process().isAlive() ? OptionalInt.empty() : session.exitCode();
  }

  /** Of a port over there ssh cannot tell why it did not get through; of one here sshd tells at once. */
  private boolean forwards() {
    try {
      session.forwardBack(address);
      return true;
    } catch (FarFailure e) {
      return false;
    } catch (IOException | TimeoutException e) {
      return true; // nobody knows
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean waitFor(Duration limit) {
    try {
      return session.process().waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !session.process().isAlive();
    }
  }

  @Override
  public String toString() {
    return "process %d of node %s on %s".formatted(processId, nodeName, host());
  }
}
