package io.places.launch;

import io.places.LaunchException;
import io.places.PlaceInterruptedException;
import io.places.Seconds;
import io.places.channel.Timeouts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Starts a node on another machine by the {@code ssh} program of this one. All that must be there is a
 * shell and a JDK of this JVM's version: the class path is brought along.
 *
 * <p>Keys, ports, jump hosts and the like come from the user's own ssh configuration; nobody is asked for
 * a password. The class path's jars, and its folders packed as jars, are kept in {@code ~/.cache/places}
 * ({@code XDG_CACHE_HOME} moves it) over there, named by their SHA-256, and only those are sent that are
 * missing. What no launch has used for 30 days is removed.
 *
 * <p>The node listens on the loopback interface of its machine; the connections to it go through that of
 * ssh. It gets its configuration, secret included, on its standard input, and ends when the ssh
 * connection does. What it prints appears on this JVM's streams, each line with the node's name in front.
 *
 * <p>This machine needs OpenSSH 7.6 or later, on a system with Unix sockets. Immutable; the methods
 * answer changed copies.
 *
 * @param host its name, address or alias in the ssh configuration
 * @param user null for the one that ssh chooses
 * @param port null for the one that ssh chooses
 * @param identity the file with the key to use; null for those that ssh chooses
 * @param config ssh's configuration file; null for the user's own
 * @param java the folder of the JDK there; null to look for one
 * @param jvmOptions for the node
 * @param limit how long the other machine may take to answer, then its node until it listens, and then until it
 *     has answered
 */
public record SshLauncher(
    String host,
    @Nullable String user,
    @Nullable Integer port,
    @Nullable Path identity,
    @Nullable Path config,
    @Nullable String java,
    List<String> jvmOptions,
    Duration limit)
    implements Launcher {
  /** A cold JVM on a busy machine takes 2 s, a far machine's name and login a few more. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What a node that has failed may take to end and to say why. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final int MOST_PORTS = 65_535;

  /** Hosts whose cache is being filled: a second launch waits instead of sending the same again. */
  private static final ConcurrentHashMap<String, ReentrantLock> FILLING = new ConcurrentHashMap<>();

  public SshLauncher {
    SshNames.requireHost(host);
    if (user != null) {
      SshNames.requireUser(user);
    }
    if (port != null && (port < 1 || port > MOST_PORTS)) {
      throw new IllegalArgumentException(
          "an ssh port is 1 to %d, not %d".formatted(MOST_PORTS, port));
    }
    if (java != null && !(java.startsWith("/") && SshNames.isOneLine(java))) {
      throw new IllegalArgumentException(
          "the JDK's folder on %s must be an absolute path, not '%s'".formatted(host, java));
    }
    jvmOptions = List.copyOf(jvmOptions);
    for (String option : jvmOptions) {
      if (!option.startsWith("-") || !SshNames.isOneLine(option)) {
        throw new IllegalArgumentException(
            "a JVM option is one line that begins with '-', not '%s'".formatted(option));
      }
    }
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("the launch limit must be positive, but is " + Seconds.of(limit));
    }
    limit = Duration.ofNanos(Timeouts.nanos(limit)); // to which something can be added
  }

  static SshLauncher to(String destination) {
    int at = destination.indexOf('@');
    return new SshLauncher(
        destination.substring(at + 1),
        at < 0 ? null : destination.substring(0, at),
        null,
        null,
        null,
        null,
        List.of(),
        LIMIT);
  }

  /** Logs in as another user. */
  public SshLauncher user(String name) {
    return new SshLauncher(host, name, port, identity, config, java, jvmOptions, limit);
  }

  /** Connects to another port. */
  public SshLauncher port(int other) {
    return new SshLauncher(host, user, other, identity, config, java, jvmOptions, limit);
  }

  /** Offers the key in this file, and otherwise only those that the configuration names for the host. */
  public SshLauncher identity(Path file) {
    return new SshLauncher(host, user, port, file, config, java, jvmOptions, limit);
  }

  /** Reads this file instead of the user's and the system's ssh configuration. */
  public SshLauncher config(Path file) {
    return new SshLauncher(host, user, port, identity, file, java, jvmOptions, limit);
  }

  /** Takes the JDK in this folder of the other machine instead of looking for one. */
  public SshLauncher java(String folder) {
    return new SshLauncher(host, user, port, identity, config, folder, jvmOptions, limit);
  }

  /** With one more option for the node's JVM, such as {@code -Xmx512m}. */
  public SshLauncher jvmOption(String option) {
    List<String> more = new ArrayList<>(jvmOptions);
    more.add(option);
    return new SshLauncher(host, user, port, identity, config, java, more, limit);
  }

  /** With another limit on the time until the other machine answers, and then until its node listens. */
  public SshLauncher limit(Duration other) {
    return new SshLauncher(host, user, port, identity, config, java, jvmOptions, other);
  }

  @Override
  public LaunchedProcess launch(NodeProcess node) {
    SshSession session;
    try {
      session = SshSession.open(this, node.nodeName());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot start ssh for node %s on %s: %s; is OpenSSH installed here?"
              .formatted(node.nodeName(), host, e.getMessage()),
          e);
    }
    try {
      session.say("node", Integer.toString(Runtime.version().feature()), java == null ? "" : java);
      awaitJdk(session); // before anything is packed and sent
      List<ClassPathJar> jars = ClassPathJar.ofThisJvm();
      ReentrantLock filling = FILLING.computeIfAbsent(destination(), absent -> new ReentrantLock());
      filling.lockInterruptibly();
      try {
        bring(jars, session);
      } finally {
        filling.unlock();
      }
      long processId = run(node, session);
      int farPort = session.output().port().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new SshProcess(this, node.nodeName(), session, processId, farPort);
    } catch (InterruptedException e) {
      session.end();
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted while launching %s on %s".formatted(node.nodeName(), host), e);
    } catch (TimeoutException e) {
      throw failed(session, node, "was not ready within " + Seconds.of(limit), e);
    } catch (FarFailure e) {
      throw failed(session, node, "could not be started: " + e.getMessage(), e);
    } catch (IOException | ExecutionException e) {
      throw failed(session, node, "ended before it listened", e);
    }
  }

  private void awaitJdk(SshSession session)
      throws IOException, InterruptedException, TimeoutException {
    String answer = session.answer(limit);
    if (!answer.startsWith("jdk ")) {
      throw new IOException("it answered '" + answer + "' when it was asked for a JDK");
    }
  }

  /** Sends the jars that the other machine lacks. */
  private void bring(List<ClassPathJar> jars, SshSession session)
      throws IOException, InterruptedException, TimeoutException {
    for (ClassPathJar jar : jars) {
      session.say(jar.name());
    }
    session.say("");
    Set<String> there = ConcurrentHashMap.newKeySet();
    for (String answer = session.answer(limit);
        !answer.equals("listed");
        answer = session.answer(limit)) {
      // "has", hash, name: a file whose content does not fit its name counts as missing.
      String[] words = answer.split(" +\\*?", 3);
      if (words.length == 3 && words[0].equals("has") && words[2].equals(words[1] + ".jar")) {
        there.add(words[1]);
      }
    }
    for (ClassPathJar jar : jars) {
      if (there.add(jar.hash())) {
        session.send(jar);
      }
    }
    session.say("all sent");
  }

  /** Has the far shell become the node's JVM, and answers its process id. */
  private long run(NodeProcess node, SshSession session)
      throws IOException, InterruptedException, TimeoutException {
    session.say(jvmOptions);
    session.say(node.mainClass(), node.nodeName(), "");
    session.say(node.configuration());
    session.say(NodeProcess.END_OF_CONFIGURATION);
    String answer = session.answer(limit);
    if (!answer.startsWith("process ")) {
      throw new IOException("it answered '" + answer + "'");
    }
    return Long.parseLong(answer.substring("process ".length()));
  }

  /** The machine and who one is there, for one cache. */
  String destination() {
    return "%s@%s:%s %s".formatted(user, host, port, config);
  }

  private LaunchException failed(
      SshSession session, NodeProcess node, String what, Exception cause) {
    // First the errors, then the end by force: that closes the stream, whatever is still in it.
    String written = session.output().errors(LAST_WORDS);
    String exit = session.exitClause();
    session.end();
    return new LaunchException(
        "node %s on %s %s%s; it wrote: %s"
            .formatted(
                node.nodeName(),
                host,
                what,
                exit,
                written.isEmpty() ? "nothing" : "\n" + written.stripTrailing()),
        cause);
  }
}
