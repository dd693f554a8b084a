package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of one server talk, each compiled by itself, in processes of their own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class VersionsTest {
  private static final String PEER =
      """
      package shop;
      import io.places.node.*;
      import io.places.rpc.RpcException;
      import java.net.InetSocketAddress;
      import java.nio.file.Path;
      import java.util.Optional;
      public class Peer {
        public static void main(String[] arguments) throws Exception {
          var options = NodeOptions.standard().secretFile(Path.of(arguments[0])).allow("shop");
          try (Node node = Node.start(options)) {
            if (arguments.length == 1) {
              ShopPlace.start(node);
              System.out.println(node.address().getPort());
              System.in.read();
              return;
            }
            var server = node.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])));
            try (var shop = ShopClient.connect(server)) {
              CALLS
            }
          }
          System.out.println("done");
        }
      }
      """;

  @TempDir private static Path folder;

  private static Project first;
  private static Project second;
  private static Path secret;

  @BeforeAll
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  static void twoVersions() throws IOException {
    secret =
        Files.createFile(
            folder.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(secret, new byte[32]);
    first =
        new Project(folder.resolve("v1"))
            .source(
                "shop/Shop.java",
                """
                package shop;
                import io.places.rpc.*;
                import java.util.*;
                @RpcServer public class Shop {
                  public enum Size { SMALL, LARGE }
                  public record Item(String name, long cents) {}
                  @Rpc Item twice(Item item) { return new Item(item.name(), 2 * item.cents()); }
                  @Rpc String last(String name) { return name; }
                }
                """)
            .source(
                "shop/Peer.java",
                PEER.replace(
                    "CALLS",
                    """
                    System.out.println(shop.twice(new Shop.Item("tea", 3)));
                    System.out.println(shop.last("x"));
                    """));
    first.compile().succeeds();
    second =
        new Project(folder.resolve("v2"))
            .source("shop/shop.proto", first.read("shop/shop.proto"))
            .source(
                "shop/Shop.java",
                """
                package shop;
                import io.places.rpc.*;
                import java.util.*;
                @RpcServer public class Shop {
                  public enum Size { SMALL, LARGE }
                  public record Item(String name, long cents, Optional<String> note, Size size) {}
                  @Rpc int count(Size size) { return 7; }
                  @Rpc Item twice(Item item) {
                    return new Item(item.name(), 2 * item.cents(), Optional.of(item.note().orElse("none")), item.size());
                  }
                  @Rpc String last(Optional<Integer> number, String name) { return name + number; }
                }
                """)
            .source(
                "shop/Peer.java",
                PEER.replace(
                    "CALLS",
                    """
                    System.out.println(shop.twice(new Shop.Item("tea", 3, Optional.of("hot"), Shop.Size.LARGE)));
                    System.out.println(shop.last(Optional.of(5), "x"));
                    try {
                      System.out.println(shop.count(Shop.Size.SMALL));
                    } catch (RpcException e) {
                      System.out.println(e.status());
                    }
                    System.out.println(shop.last(Optional.empty(), "y"));
                    """));
    second.compile().succeeds();
  }

  @Test
  void anOldClientTalksToANewServer() throws Exception {
    assertThat(talk(first, second)).containsExactly("Item[name=tea, cents=6]", "xOptional.empty", "done");
  }

  @Test
  void aNewClientTalksToAnOldServer() throws Exception {
    assertThat(talk(second, first))
        .containsExactly(
            "Item[name=tea, cents=6, note=Optional.empty, size=SMALL]",
            "x",
            "UNIMPLEMENTED",
            "y",
            "done");
  }

  /** What the client prints. */
  private static List<String> talk(Project clientVersion, Project serverVersion) throws Exception {
    Process server = start(serverVersion, secret.toString());
    try (BufferedReader says = server.inputReader(StandardCharsets.UTF_8)) {
      Process client = start(clientVersion, secret.toString(), says.readLine());
      List<String> lines = client.inputReader(StandardCharsets.UTF_8).lines().toList();
      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
      return lines;
    } finally {
      server.outputWriter(StandardCharsets.UTF_8).close(); // it ends at the end of its input
      server.waitFor(20, TimeUnit.SECONDS);
      server.destroyForcibly();
    }
  }

  private static Process start(Project version, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // they run for too short a time to optimise anything
    command.add("-cp");
    command.add(version.classes() + ":" + System.getProperty("java.class.path"));
    command.add("shop.Peer");
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
