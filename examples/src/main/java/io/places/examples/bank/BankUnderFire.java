package io.places.examples.bank;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
import io.places.launch.Launcher;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.rpc.ClientOptions;
import io.places.supervise.Restart;
import io.places.supervise.SupervisedNode;
import io.places.supervise.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/*
 * The process of the bank is killed by force again and again while tellers transfer money. Each teller
 * keeps a ledger of what was acknowledged to it. In the end the bank's balances must be exactly what the
 * ledgers make: a transfer that was lost, or done twice, would show.
 */

/** Kills a bank under load, and looks whether its books balance. */
public final class BankUnderFire {
  private static final int ACCOUNTS = 10;
  private static final long CENTS_EACH = 100_000;
  private static final int TELLERS = 4;

  /** Transfers between two kills: enough that all tellers are at work again when the next one comes. */
  private static final int TRANSFERS_A_KILL = 50;

  /** A new life takes about a second. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private BankUnderFire() {}

  /**
   * What became of it.
   *
   * @param acknowledged transfers that the bank has said it had done
   * @param refused transfers for which an account had not enough
   * @param repeated attempts whose outcome nobody knew, so that they were made again
   * @param lives of the bank
   * @param differences between the bank's balances and those of the tellers' ledgers, a line for each
   *     account; empty if the books balance
   */
  public record Outcome(
      int acknowledged, int refused, int repeated, long lives, List<String> differences) {}

  /**
   * Runs it.
   *
   * @param hosts the bank's process is on the first of them
   * @param seed of the transfers
   * @throws PlacesException if that host's node cannot be killed, since somebody else has started it
   */
  public static Outcome run(Hosts hosts, int kills, long seed) {
    NodeOptions options = NodeOptions.standard().hosts(hosts).allow(Bank.class.getPackageName());
    Launcher launcher = hosts.launchers().getFirst();
    Restart restart =
        Restart.always()
            .backoff(Duration.ofMillis(10), Duration.ofMillis(10))
            .atMost(kills + 1)
            .within(Duration.ofDays(1));
    try (Node node = Node.start(options);
        SupervisedNode bankNode =
            Supervisor.superviseNode(node, "bank-node", launcher, restart);
        Supervisor supervisor = Supervisor.at(bankNode)) {
      requireOurs(bankNode.node());
      String journal = bankNode.node().place(BankUnderFire::makeJournal).get(LIMIT);
      BankPlace.supervise(supervisor, journal, restart);
      ClientOptions patient =
          ClientOptions.standard().deadline(LIMIT).waiting().ignoringRestarts();
      try (var client = BankClient.connect(() -> bankNode.node(LIMIT), patient)) {
        for (int i = 0; i < ACCOUNTS; i++) {
          client.deposit("open-" + i, account(i), CENTS_EACH);
        }
        List<Teller> tellers = new ArrayList<>();
        for (int i = 0; i < TELLERS; i++) {
          tellers.add(new Teller(client, i, ACCOUNTS, seed));
        }
        work(tellers, kills, bankNode);
        Outcome outcome = outcome(tellers, client.balances(), bankNode.epoch());
        bankNode.node(LIMIT).place(BankUnderFire::deleteJournal, journal).join(LIMIT);
        return outcome;
      }
    }
  }

  private static void requireOurs(RemoteNode node) {
    try {
      node.processId();
    } catch (IllegalStateException e) {
      throw new PlacesException(
          "the bank's process is to be killed, but somebody else has started %s; list a host whose launcher is 'ssh' or 'process' first"
              .formatted(node),
          e);
    }
  }

  /** The body of a place on the bank's machine, where its file is. */
  static void makeJournal(PlaceChannel<String, Void> creator) throws IOException {
    creator.put(Files.createTempFile("places-bank-", ".journal").toString());
  }

  /** The body of a place there, too. */
  static void deleteJournal(PlaceChannel<Void, Void> creator, String journal) throws IOException {
    Files.delete(Path.of(journal));
  }

  /** Lets the tellers work while the bank is killed, and a little longer. */
  private static void work(List<Teller> tellers, int kills, SupervisedNode bankNode) {
    var stopped = new AtomicBoolean();
    var done = new Semaphore(0);
    List<Future<Teller>> working = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (Teller each : tellers) {
          working.add(threads.submit(() -> each.work(stopped::get, done)));
        }
        for (int i = 0; i < kills; i++) {
          await(done, working);
          bankNode.node(LIMIT).kill();
        }
        await(done, working);
      } finally {
        stopped.set(true);
      }
      for (Future<Teller> each : working) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new PlacesException("a teller has given up: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlacesException("interrupted while tellers were at work", e);
    }
  }

  private static void await(Semaphore done, List<Future<Teller>> working)
      throws InterruptedException, ExecutionException {
    if (!done.tryAcquire(TRANSFERS_A_KILL, LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      for (Future<Teller> each : working) {
        if (each.isDone()) {
          each.get(); // says why
        }
      }
      throw new PlacesException(
          "%d transfers were not made within %s".formatted(TRANSFERS_A_KILL, LIMIT));
    }
  }

  private static Outcome outcome(List<Teller> tellers, Map<String, Long> balances, long lives) {
    Map<String, Long> expected = new HashMap<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      expected.merge(account(i), CENTS_EACH, Long::sum);
      expected.merge(Entry.CASH, -CENTS_EACH, Long::sum);
    }
    tellers.forEach(teller -> teller.ledger().forEach((a, c) -> expected.merge(a, c, Long::sum)));
    List<String> differences = new ArrayList<>();
    new TreeMap<>(expected)
        .forEach(
            (account, cents) -> {
              if (!cents.equals(balances.get(account))) {
                differences.add(
                    "%s has %d cents, and by the ledgers %d"
                        .formatted(account, balances.get(account), cents));
              }
            });
    if (balances.size() != expected.size()) {
      differences.add("the bank has %d accounts, not %d".formatted(balances.size(), expected.size()));
    }
    return new Outcome(
        tellers.stream().mapToInt(Teller::acknowledged).sum(),
        tellers.stream().mapToInt(Teller::refused).sum(),
        tellers.stream().mapToInt(Teller::repeated).sum(),
        lives,
        differences);
  }

  static String account(int number) {
    return "account-" + number;
  }
}
