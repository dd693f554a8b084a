package io.places.examples.bank;

import io.places.rpc.Rpc;
import io.places.rpc.RpcException;
import io.places.rpc.RpcServer;
import io.places.rpc.Status;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Accounts with cents in them. What it has acknowledged it never loses. */
@RpcServer
public class Bank implements AutoCloseable {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]{1,40}");

  private final Journal journal;
  private final Map<String, Long> balances = new TreeMap<>();
  private final Set<String> done = new HashSet<>();

  /** Opens the bank with what its earlier lives have written. */
  Bank(String journalFile) {
    journal = new Journal(Path.of(journalFile));
    journal.read().forEach(line -> apply(Entry.parse(line)));
  }

  /** Pays cents in. */
  @Rpc void deposit(String id, String account, long cents) {
    check(id, account, cents);
    record(new Entry(id, Entry.CASH, account, cents));
  }

  /**
   * Moves cents from one account to another.
   *
   * @param id of the transfer; repeating one with its id does nothing, so whoever does not know what
   *     became of it just repeats it
   */
  @Rpc(errors = InsufficientFunds.class)
  void transfer(String id, String from, String to, long cents) {
    check(id, to, cents);
    long there = balance(from);
    if (there < cents && !done.contains(id)) {
      throw new InsufficientFunds(from, cents - there).exception();
    }
    record(new Entry(id, from, to, cents));
  }

  /** What is in an account. */
  @Rpc long balance(String account) {
    Long balance = balances.get(account);
    if (balance == null) {
      throw new RpcException(Status.NOT_FOUND, "no account '" + account + "'");
    }
    return balance;
  }

  /** What is in each account; all together it is nothing, since all came from {@link Entry#CASH}. */
  @Rpc Map<String, Long> balances() {
    return Map.copyOf(balances);
  }

  private static void check(String id, String account, long cents) {
    if (!WORD.matcher(id).matches() || !WORD.matcher(account).matches() || cents <= 0) {
      throw new RpcException(
          Status.INVALID_ARGUMENT,
          "an id and an account are words of letters, digits and hyphens, and cents are positive; not '%s', '%s', %d"
              .formatted(id, account, cents));
    }
  }

  /** First on disk, then here, then the answer: in any other order a kill could take back what was said. */
  private void record(Entry entry) {
    if (!done.contains(entry.id())) {
      journal.append(entry.line());
      apply(entry);
    }
  }

  private void apply(Entry entry) {
    done.add(entry.id());
    balances.merge(entry.from(), -entry.cents(), Long::sum);
    balances.merge(entry.to(), entry.cents(), Long::sum);
  }

  @Override
  public void close() {
    journal.close();
  }
}
