package io.places.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.InterruptKind;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Place;
import io.places.rpc.RpcErrorException;
import io.places.rpc.RpcException;
import io.places.rpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BankTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  /** One life of a bank. */
  private void open(Consumer<BankClient> life) {
    NodeOptions options = NodeOptions.standard().allow(Bank.class.getPackageName());
    try (Node node = Node.start(options)) {
      Place<?, ?> place = BankPlace.start(node, folder.resolve("journal").toString());
      try (var bank = BankClient.connect(node)) {
        life.accept(bank);
      }
      place.interrupt(InterruptKind.TERMINATE);
      place.join(LIMIT);
    }
  }

  @Test
  void moneyMovesAndIsStillThereInTheNextLife() {
    open(
        bank -> {
          bank.deposit("1", "ann", 100);
          bank.deposit("2", "bob", 50);
          bank.transfer("3", "ann", "bob", 30);
        });
    open(
        bank ->
            assertThat(bank.balances())
                .isEqualTo(Map.of("ann", 70L, "bob", 80L, Entry.CASH, -150L)));
  }

  @Test
  void whoHasNotEnoughIsToldHowMuchIsMissing() {
    open(
        bank -> {
          bank.deposit("1", "ann", 100);
          assertThatThrownBy(() -> bank.transfer("2", "ann", "bob", 130))
              .isInstanceOfSatisfying(
                  RpcErrorException.class,
                  e -> assertThat(e.error()).isEqualTo(new InsufficientFunds("ann", 30)));
          assertThat(bank.balance("ann")).isEqualTo(100);
        });
  }

  @Test
  void whatIsRepeatedIsDoneOnce() {
    open(
        bank -> {
          bank.deposit("1", "ann", 100);
          bank.transfer("2", "ann", "bob", 100);
          bank.transfer("2", "ann", "bob", 100);
        });
    open(
        bank -> {
          bank.transfer("2", "ann", "bob", 100);
          assertThat(bank.balance("bob")).isEqualTo(100);
        });
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    open(
        bank -> {
          assertStatus(() -> bank.deposit("1", "ann\n2 cash ann 5", 1), Status.INVALID_ARGUMENT);
          assertStatus(() -> bank.deposit("1", "ann", -1), Status.INVALID_ARGUMENT);
          assertStatus(() -> bank.balance("ann"), Status.NOT_FOUND);
        });
  }

  private static void assertStatus(Runnable call, Status status) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void halfALineThatAKillHasLeftDoesNotCount() throws IOException {
    open(bank -> bank.deposit("1", "ann", 100));
    Files.writeString(folder.resolve("journal"), "2 cash ann 9", StandardOpenOption.APPEND);
    open(
        bank -> {
          assertThat(bank.balance("ann")).isEqualTo(100);
          bank.deposit("3", "ann", 1);
        });
    open(bank -> assertThat(bank.balance("ann")).isEqualTo(101));
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // twenty JVMs are started one after the other
  void twentyKillsUnderLoadLoseNoAcknowledgedTransfer() throws IOException {
    long seed = System.nanoTime();
    System.out.println("test.seed=" + seed);
    Path hosts = folder.resolve("hosts.yaml"); // with options for JVMs that live a second
    Files.writeString(
        hosts,
        "hosts: [{launcher: process, jvm-options: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']}]\n");

    BankUnderFire.Outcome outcome = BankUnderFire.run(Hosts.read(hosts), 20, seed);

    assertThat(outcome.differences()).isEmpty();
    assertThat(outcome.lives()).isEqualTo(21);
    assertThat(outcome.acknowledged()).isGreaterThanOrEqualTo(21 * 50);
    assertThat(outcome.repeated()).isPositive();
  }
}
