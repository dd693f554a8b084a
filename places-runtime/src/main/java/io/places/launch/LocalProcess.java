package io.places.launch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A child process of this JVM. */
final class LocalProcess implements LaunchedProcess {
  /**
   * From the loss of a connection, or the end of the streams, to the end of the process is a few milliseconds, and more on
   * a busy machine.
   */
  private static final Duration ENDING = Duration.ofSeconds(2);

  /** Exit codes above this are 128 + the number of the signal that ended the process. */
  private static final int SIGNALLED = 128;

  private static final int LAST_SIGNAL = 64;

  private final String nodeName;
  private final Process process;
  private final InetSocketAddress address;
  private final ProcessOutput output;
  private final Duration answerLimit;

  /**
   * @param answerLimit how long its node may take to answer
   */
  LocalProcess(
      String nodeName, Process process, int port, ProcessOutput output, Duration answerLimit) {
    this.nodeName = nodeName;
    this.process = process;
    this.address = HostAndPort.loopback(port);
    this.output = output;
    this.answerLimit = answerLimit;
  }

  @Override
  public Duration answerLimit() {
    return answerLimit;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public long processId() {
    return process.pid();
  }

  @Override
  public void end(Duration limit) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The child is gone already, or will be killed below.
    }
    if (!waitFor(limit)) {
      kill();
    }
    output.join(limit);
  }

  @Override
  public void kill() {
    kill(process);
  }

  /** Ends a process by force and waits until it is gone, also if the thread is to end. */
  static void kill(Process process) {
    process.destroyForcibly();
    process.onExit().completeOnTimeout(process, ENDING.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  @Override
  public String fate() {
    if (!waitFor(ENDING)) {
      return "its process " + process.pid() + " still runs";
    }
    int code = process.exitValue();
    return "its process %d %s"
        .formatted(
            process.pid(),
            isOfSignal(code) ? "was ended by " + cause(code) : "ended with " + cause(code));
  }

  private static boolean isOfSignal(int code) {
    return code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL;
  }

  /** What has ended a process: "signal 9", or "exit code 3". */
  static String cause(int code) {
    return isOfSignal(code) ? "signal " + (code - SIGNALLED) : "exit code " + code;
  }

  @Override
  public OptionalInt exitCode() {
    waitFor(ENDING);
    return exitCodeNow();
  }

  @Override
  public OptionalInt exitCodeNow() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  private boolean waitFor(Duration limit) {
    return ended(process, limit);
  }

  /** Whether a process ends within a limit. */
  static boolean ended(Process process, Duration limit) {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  @Override
  public String toString() {
    return "process %d of node %s".formatted(process.pid(), nodeName);
  }
}
