package io.places.examples.bank;

import io.places.rpc.RpcErrorException;
import io.places.rpc.RpcException;
import io.places.rpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Transfers money between random accounts, and keeps a ledger of what the bank has acknowledged. */
final class Teller {
  /** So that an account is empty now and then. */
  private static final int MOST_CENTS = 50_000;

  private final BankClient bank;
  private final int number;
  private final int accounts;
  private final Random random;
  private final Map<String, Long> ledger = new HashMap<>();
  private int acknowledged;
  private int refused;
  private int repeated;

  Teller(BankClient bank, int number, int accounts, long seed) {
    this.bank = bank;
    this.number = number;
    this.accounts = accounts;
    this.random = new Random(seed + number);
  }

  /**
   * Works until it is told to stop.
   *
   * @param done gets a permit for each transfer that was acknowledged
   */
  Teller work(BooleanSupplier stopped, Semaphore done) {
    for (int i = 0; !stopped.getAsBoolean(); i++) {
      int from = random.nextInt(accounts);
      int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
      var transfer =
          new Entry(
              "teller-%d-%d".formatted(number, i),
              BankUnderFire.account(from),
              BankUnderFire.account(to),
              1 + random.nextInt(MOST_CENTS));
      if (isAcknowledged(transfer)) {
        ledger.merge(transfer.from(), -transfer.cents(), Long::sum);
        ledger.merge(transfer.to(), transfer.cents(), Long::sum);
        acknowledged++;
        done.release();
      } else {
        refused++;
      }
    }
    return this;
  }

  /** Makes a transfer, as often as it takes to know what became of it. */
  private boolean isAcknowledged(Entry transfer) {
    while (true) {
      try {
        bank.transfer(transfer.id(), transfer.from(), transfer.to(), transfer.cents());
        return true;
      } catch (RpcErrorException e) {
        return switch (e.error()) {
          case InsufficientFunds refusal -> false;
          default -> throw e;
        };
      } catch (RpcException e) {
        if (e.status() != Status.UNKNOWN_OUTCOME) {
          throw e;
        }
        repeated++; // the id says that it is the same one
      }
    }
  }

  /** What the acknowledged transfers have changed, by account. */
  Map<String, Long> ledger() {
    return ledger;
  }

  int acknowledged() {
    return acknowledged;
  }

  int refused() {
    return refused;
  }

  int repeated() {
    return repeated;
  }
}
