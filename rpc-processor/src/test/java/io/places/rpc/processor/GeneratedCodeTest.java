package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.rpc.Protoc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated code compiles without warnings, whatever the user's names and types are. */
class GeneratedCodeTest {
  @TempDir private Path folder;

  @Test
  void ofAServerWithEveryKindOfTypeAndName() throws IOException {
    new Project(folder)
        .source(
            "shop/Shop.java",
            """
            package shop;
            import io.places.channel.PlaceChannel;
            import io.places.message.*;
            import io.places.rpc.*;
            import java.lang.foreign.MemorySegment;
            import java.time.*;
            import java.util.*;
            /** A shop. */
            @RpcServer(value = "the-shop", interceptors = {Shop.Seen.class, Heard.class})
            public class Shop {
              static class Seen implements Interceptor {
                public Ended before(InterceptedCall call) { return Ended.NOTHING; }
              }
              public enum Size { SMALL, LARGE }
              public record Pair<A, B>(A first, B second) {}
              public sealed interface Thing {}
              public record Book(String title) implements Thing {}
              public record Car(Optional<Size> size) implements Thing {}
              public record TooFew(int left) implements RpcError {}
              public record TooMany(List<Thing> things) implements RpcError {}
              Shop(Map<String, Long> stock) throws java.io.IOException {}
              @Rpc void put(long client, int server, short call, byte arguments, char reply, boolean at) {}
              @Rpc("putObjects") void put(Long options, Integer error, Character declared) {}
              @Rpc boolean isOpen() { return true; }
              @Rpc char letter() { return 'a'; }
              @Rpc double[] doubles(double[] a, byte[] b, long... more) { return a; }
              @Rpc Map<String, List<Optional<Thing>>> things(Set<Size> sizes) { return Map.of(); }
              @Rpc Pair<String, Pair<Long, Size>> pair(Pair<Thing, Thing> pair) { return null; }
              @Rpc Transfer<long[]> move(Transfer<double[]> a, MemorySegment b, UUID c) { return null; }
              @Rpc PlaceChannel<String, Thing> channel(PlaceChannel<Void, Long> end) { return null; }
              @Rpc Instant when(Duration duration, LocalDate date) { return null; }
              @Rpc Shop.Thing set(Thing object) { return object; }
              @Rpc @Concurrent String string(String object) { return object; }
              @Rpc Optional<String> optional() throws InterruptedException { return Optional.empty(); }
              @Rpc(errors = {TooFew.class, TooMany.class}) void take(int count) {}
              /** Old. @deprecated take more */
              @Deprecated @Rpc(errors = TooFew.class) void take() {}
              @Rpc void putResult(ShopReply reply) {}
              @Cast protected void class_(int $, int _a) {}
              /** Says * / something of {@link #take}, 50% and $100. */
              @Cast public synchronized void duration(String Object) {}
            }
            """
                .replace("@Rpc(errors = TooFew.class) void take() {}", "@Rpc(value = \"takeOne\", errors = TooFew.class) void take() {}")
                .replace("@Rpc void putResult(ShopReply reply) {}", "@Rpc void putResult(Size reply) {}"))
        .source(
            "shop/Heard.java",
            """
            package shop;
            import io.places.rpc.*;
            class Heard implements Interceptor {
              public Ended before(InterceptedCall call) { return Ended.NOTHING; }
            }
            """)
        .compile()
        .succeeds();
    try (Stream<Path> files = Files.list(folder.resolve("generated").resolve("shop"))) {
      assertThat(files.map(each -> String.valueOf(each.getFileName())))
          .containsExactlyInAnyOrder(
              "ShopCall.java",
              "ShopClient.java",
              "ShopPlace.java",
              "ShopReply.java",
              "ShopRequest.java");
    }
    assertThat(Files.readString(folder.resolve("generated/shop/ShopClient.java")))
        .contains(
            "   * Says * / something of {@link #take}, 50% and $100.\n",
            "@throws RpcErrorException with {@link Shop.TooMany}\n")
        .doesNotContain("java.lang.reflect");
    assertThat(Files.readString(folder.resolve("generated/shop/ShopPlace.java")))
        .contains("List.of(new Shop.Seen(), new Heard())");
  }

  @Test
  void ofServersInsideOtherClassesAndInNoPackage() {
    new Project(folder)
        .source(
            "Outer.java",
            """
            import io.places.rpc.*;
            class Outer {
              @RpcServer static class Tuple {
                @Rpc int a() { return 1; }
              }
            }
            """)
        .compile()
        .succeeds();
    assertThat(folder.resolve("src/tuple.proto")).exists();
  }

  @Test
  void ofCallsNamedAsTheirServer() {
    new Project(folder)
        .source(
            "a/Echo.java",
            """
            package a;
            import io.places.rpc.*;
            @RpcServer class Echo {
              record Bad(int a) implements RpcError {}
              static class Other { record Worse(long b) implements RpcError {} }
              @Rpc(errors = {Bad.class, Other.Worse.class}) String echo(String echo) { return echo; }
              @Rpc int echoCall() { return 1; }
              @Rpc int echoClient() { return 1; }
              @Rpc int failed(int failed) { return 1; }
            }
            """)
        .compile()
        .succeeds();
  }

  @Test
  void ofNamesInOtherLettersThanThoseOfTheProto() throws Exception {
    Project project =
        new Project(folder)
            .source(
                "läden/Käse.java",
                """
                package läden;
                import io.places.rpc.*;
                @RpcServer("cheese") public class Käse {
                  public record Stück(int größe, String наименование) {}
                  @Rpc Stück schneide(Stück stück, long $dicke) { return stück; }
                  @Rpc int größe() { return 1; }
                }
                """);
    project.compile().succeeds();
    String proto = project.read("läden/käse.proto");
    assertThat(proto).contains("package lu00e4den;\n", "int32 gru00f6u00dfe = 1; // Java: int\n");
    assertThat(new Protoc(Files.createDirectory(folder.resolve("protoc"))).compile(proto)).isNotNull();
    project.compile().succeeds();
  }

  @Test
  void ofParametersThatAreCalledAsTheRecordsOfTheirCalls() {
    new Project(folder)
        .source(
            "a/Shop.java",
            """
            package a;
            import io.places.rpc.*;
            import java.util.*;
            @RpcServer class Shop {
              @Rpc List<Item> item(Item item) { return List.of(item); }
              @Rpc Failed failed(ItemReply failed) { return new Failed(1); }
            }
            """)
        .source("a/Item.java", "package a; record Item(String name) {}")
        .source("a/Failed.java", "package a; record Failed(int code) {}")
        .source("a/ItemReply.java", "package a; record ItemReply(int code) {}")
        .compile()
        .succeeds();
  }

  @Test
  void ofAServerInNoPackageWithAMethodOfItsOwnName() {
    new Project(folder)
        .source(
            "S.java",
            """
            import io.places.rpc.*;
            @RpcServer class S {
              @Rpc int s(int s) { return s; }
            }
            """)
        .compile()
        .succeeds();
  }

  @Test
  void ofCallsThatAreCalledAsWhatTheGeneratedCodeUses() {
    String calls =
        Stream.of(
                "override", "field", "string", "object", "optional", "list", "record", "generated",
                "nullable", "rpcCall", "rpcError", "rpcFailure", "callHeader", "rpcReply", "rpcClient",
                "clientOptions", "completableFuture", "duration", "supplier", "placeLocation", "deprecated",
                "void_", "exception", "suppressWarnings", "status", "placeChannel", "rpcService", "result")
            .map("  @Deprecated @io.places.rpc.Rpc(errors = Bad.class) String %s(String result) { return result; }\n"::formatted)
            .collect(Collectors.joining());
    for (String server : List.of("Rpc", "Call", "Named", "Remote", "Shop")) {
      new Project(folder.resolve(server))
          .source(
              "a/%s.java".formatted(server),
              """
              package a;
              import io.places.rpc.*;
              @RpcServer class %s {
                record Bad(int a) implements RpcError {}
              %s}
              """
                  .formatted(server, calls))
          .compile()
          .succeeds();
    }
  }

  @Test
  void ofDeprecatedTypes() {
    new Project(folder)
        .source("a/Item.java", "package a; @Deprecated record Item(int a) {}")
        .source(
            "a/Old.java",
            """
            package a;
            import io.places.rpc.*;
            @SuppressWarnings("deprecation") @RpcServer class Old {
              @Rpc Item item(Item item) { return item; }
            }
            """)
        .compile()
        .succeeds();
  }

  @Test
  void ofAMethodWithAnyNumberOfArguments() {
    Project project =
        new Project(folder)
            .source(
                "a/Sum.java",
                """
                package a;
                import io.places.rpc.*;
                @RpcServer class Sum {
                  @Rpc long of(String name, long... numbers) { return numbers.length; }
                }
                """)
            .source(
                "a/Use.java",
                """
                package a;
                class Use {
                  long use(SumClient client) {
                    return client.of("some", 1, 2, 3) + client.of("none") + client.ofAsync("one", 1).join();
                  }
                }
                """);
    project.compile().succeeds();
  }

  @Test
  void ofANullMarkedPackage() {
    new Project(folder)
        .source(
            "a/package-info.java", "@org.jspecify.annotations.NullMarked package a;\n")
        .source(
            "a/Counter.java",
            """
            package a;
            import io.places.rpc.*;
            @RpcServer class Counter {
              private long count;
              @Rpc long next(int step) { return count += step; }
              @Cast void reset() { count = 0; }
            }
            """)
        .compile()
        .succeeds();
  }

  @Test
  void ofWhichNoLintHasAnythingToSay() {
    new Project(folder)
        .lint("-Xlint:all")
        .source(
            "a/Counter.java",
            """
            package a;
            import io.places.message.Field;
            import io.places.rpc.*;
            @RpcServer public class Counter {
              public record Step(@Field(2) int width, @Field(1) int height) {}
              private long count;
              @Rpc @Concurrent long next(Step step) { return count; }
              @Deprecated @Cast void reset() { count = 0; }
            }
            """)
        .compile()
        .succeeds();
  }

  @Test
  void doesNotChangeWhenNothingChanges() throws IOException {
    Project project =
        new Project(folder)
            .source(
                "a/Counter.java",
                """
                package a;
                import io.places.rpc.*;
                @RpcServer public class Counter {
                  @Rpc long next(int step) { return step; }
                  @Rpc long last() { return 0; }
                }
                """);
    project.compile().succeeds();
    List<String> first = sources();
    project.compile().succeeds();
    assertThat(sources()).isEqualTo(first);
  }

  private List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("generated"))) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .map(
              each -> {
                try {
                  return Files.readString(each);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void theNumbersOfTheRecordsAreThoseOfTheProto() throws IOException {
    Project project =
        new Project(folder)
            .source(
                "a/counter.proto",
                """
                syntax = "proto3";
                package a;
                message CounterCall {
                  reserved 1 to 6;
                  oneof value { Next next = 7; }
                }
                message Next { int32 step = 12; }
                """)
            .source(
                "a/Counter.java",
                """
                package a;
                import io.places.rpc.*;
                @RpcServer public class Counter {
                  @Rpc long last() { return 0; }
                  @Rpc long next(boolean twice, int step) { return step; }
                }
                """);
    project.compile().succeeds();
    assertThat(Files.readString(folder.resolve("generated/a/CounterCall.java")).replaceAll("\\s+", " "))
        .contains(
            "@Field(7) record Next(@Field(13) boolean twice, @Field(12) int step)",
            "@Field(8) record Last()");
  }
}
