package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a server is said at its line, with what to do. */
class ErrorsTest {
  @TempDir private Path folder;

  /** The body of class {@code Shop}, whose first line is line 7. */
  private Project shop(String body) {
    return new Project(folder)
        .source(
            "shop/Shop.java",
            """
            package shop;
            import io.places.rpc.*;
            import io.places.message.*;
            import java.util.*;
            import java.util.function.*;
            @RpcServer public class Shop {
            """
                + body
                + "}\n");
  }

  private void assertErrors(String body, String... errors) {
    assertThat(shop(body).compile().errors()).containsExactly(errors);
  }

  /** In the words of the runtime. */
  private static final String WHAT_CAN =
      "what can: records, sealed interfaces of records, enums, generated protobuf messages, String, boxed"
          + " primitives, byte[], long[], int[], double[], float[], MemorySegment, LocalDate, Instant,"
          + " Duration, UUID, ends of channels, Transfer, SharedBytes,"
          + " SharedLongs, SharedDoubles, and Optional, List, Set and Map of these";

  @Test
  void aParameterThatCannotTravelIsNamedWithThePathToTheReason() {
    assertErrors(
        """
        public record Line(Function<String, String> callback) {}
        public record Order(Map<String, List<Line>> lines) {}
        @Rpc void order(
            String who,
            Order order) {}
        """,
        "Shop.java:11: parameter 'order' of call 'order' cannot travel: Order.lines[][].callback:"
            + " java.util.function.Function<java.lang.String, java.lang.String> cannot travel between places; "
            + WHAT_CAN);
  }

  @Test
  void aResultThatCannotTravelIsAtTheMethod() {
    assertErrors(
        """
        @Rpc public
        Thread worker() { return Thread.currentThread(); }
        """,
        "Shop.java:8: the result of call 'worker' cannot travel: java.lang.Thread cannot travel between"
            + " places; "
            + WHAT_CAN);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertErrors(
        """
        @Rpc void one(Object a, ArrayList<String> b) {}
        @Cast void two(Map<Runnable, String> c) {}
        """,
        "Shop.java:7: parameter 'a' of call 'one' cannot travel: java.lang.Object cannot travel between"
            + " places; "
            + WHAT_CAN,
        "Shop.java:7: parameter 'b' of call 'one' cannot travel: java.util.ArrayList<java.lang.String>"
            + " cannot travel between places; "
            + WHAT_CAN,
        "Shop.java:8: parameter 'c' of cast 'two' cannot travel: Map<Runnable, String>[key]:"
            + " java.lang.Runnable cannot travel between places; "
            + WHAT_CAN);
  }

  @Test
  void typesThatAreOpenAtRunTime() {
    assertErrors(
        """
        public record Growing<T>(Optional<Growing<List<T>>> next) {}
        @Rpc void wild(List<? extends Number> a) {}
        @Rpc void arrays(List<String>[] b) {}
        @Rpc void names(String[] c) {}
        @Rpc void grows(Growing<String> d) {}
        """,
        "Shop.java:8: parameter 'a' of call 'wild' cannot travel: the wildcard ? extends java.lang.Number"
            + " is not known at run time; declare it with a concrete type",
        "Shop.java:9: parameter 'b' of call 'arrays' cannot travel: java.util.List<java.lang.String>[] is an"
            + " array of a generic type; use a List",
        "Shop.java:10: parameter 'c' of call 'names' cannot travel: java.lang.String[] cannot travel between"
            + " places; "
            + WHAT_CAN,
        "Shop.java:11: parameter 'd' of call 'grows' cannot travel: Growing<String>"
            + ".next".repeat(64)
            + ": shop.Shop.Growing is inside 64 other types: the type has itself as an argument, which grows"
            + " without end");
  }

  @Test
  void aRecordWhoseValuesHaveNoEnd() {
    assertErrors(
        """
        public record Endless(int value, Endless next) {}
        public record Chain(int value, Optional<Chain> next) {}
        @Rpc void first(Endless a) {}
        @Rpc void second(Chain b) {}
        """,
        "Shop.java:9: parameter 'a' of call 'first' cannot travel: Endless.next: every shop.Shop.Endless has"
            + " another one in it, without end; make this an Optional, a List or a sealed interface");
  }

  @Test
  void numbersThatAreTakenAndTypesThatAreNoMessages() {
    assertErrors(
        """
        public record Twice(@Field(2) String a, String b) {}
        public record Kept(@Field(19_500) String a) {}
        public sealed interface Animal {}
        public record Cat(String name) implements Animal {}
        public static final class Dog implements Animal {}
        public enum Empty {}
        private record Hidden(String a) {}
        @Rpc void a(Twice a, Kept b) {}
        @Rpc void b(List<Animal> a) {}
        @Rpc void c(Empty a, Transfer<List<String>> b) {}
        @Rpc void d(Hidden a) {}
        """,
        "Shop.java:14: parameter 'a' of call 'a' cannot travel: 'a' and 'b' of shop.Shop.Twice both have"
            + " number 2; fix another one with @Field",
        "Shop.java:14: parameter 'b' of call 'a' cannot travel: 'a' of shop.Shop.Kept has number 19500;"
            + " numbers go from 1 to 536870911, without 19000 to 19999",
        "Shop.java:15: parameter 'a' of call 'b' cannot travel: List<Animal>[](Dog): shop.Shop.Animal permits"
            + " shop.Shop.Dog, which is neither a record nor a sealed interface of records",
        "Shop.java:16: parameter 'a' of call 'c' cannot travel: an enum without constants has no values to"
            + " send",
        "Shop.java:16: parameter 'b' of call 'c' cannot travel: a Transfer moves byte[], long[], int[],"
            + " double[] or float[], not a java.util.List<java.lang.String>",
        "Shop.java:17: parameter 'a' of call 'd' cannot travel: shop.Shop.Hidden is private, so the generated"
            + " client cannot name it; leave 'private' out");
  }

  @Test
  void nullCannotTravel() {
    assertErrors(
        """
        @Rpc void find(@org.jspecify.annotations.Nullable String name) {}
        @Rpc @org.jspecify.annotations.Nullable String get() { return null; }
        """,
        "Shop.java:7: parameter 'name' of call 'find' is @Nullable, and null cannot travel; declare it as an"
            + " Optional",
        "Shop.java:8: the result of call 'get' is @Nullable, and null cannot travel; declare it as an"
            + " Optional");
  }

  @Test
  void nullCannotTravelInsideOfSomethingEither() {
    assertErrors(
        """
        @interface Nullable {}
        public record Name(String first, @org.jspecify.annotations.Nullable String last) {}
        public record Old(@Nullable String name) {}
        public record Bad(List<Name> names) implements RpcError {}
        public record Pair<A, B>(A a, B b) {}
        @Rpc void a(List<@org.jspecify.annotations.Nullable String> names) {}
        @Rpc Map<String, Optional<@org.jspecify.annotations.Nullable Long>> b() { return Map.of(); }
        @Rpc void c(Optional<Name> name) {}
        @Rpc(errors = Bad.class) void d(Pair<Long, @org.jspecify.annotations.Nullable Long> pair) {}
        @Rpc void e(@Nullable String name, Old old) {}
        """,
        "Shop.java:12: parameter 'names' of call 'a' cannot travel: a java.lang.String is @Nullable there, and"
            + " null cannot travel; declare it as an Optional",
        "Shop.java:13: the result of call 'b' cannot travel: a java.lang.Long is @Nullable there, and null cannot"
            + " travel; declare it as an Optional",
        "Shop.java:14: parameter 'name' of call 'c' cannot travel: Optional<Name>.last: a java.lang.String is"
            + " @Nullable there, and null cannot travel; declare it as an Optional",
        "Shop.java:15: parameter 'pair' of call 'd' cannot travel: a java.lang.Long is @Nullable there, and null"
            + " cannot travel; declare it as an Optional",
        "Shop.java:15: error Bad of call 'd' cannot travel: Bad.names[].last: a java.lang.String is @Nullable"
            + " there, and null cannot travel; declare it as an Optional",
        "Shop.java:16: parameter 'name' of call 'e' is @Nullable, and null cannot travel; declare it as an"
            + " Optional",
        "Shop.java:16: parameter 'old' of call 'e' cannot travel: Old.name: a java.lang.String is @Nullable"
            + " there, and null cannot travel; declare it as an Optional");
  }

  @Test
  void aCastHasNoResult() {
    assertErrors(
        """
        @Cast int hello() { return 1; }
        """,
        "Shop.java:7: cast 'hello' returns int, which nobody waits for; make it void, or a call: @Rpc");
  }

  @Test
  void overloadsThatCollideOnTheWire() {
    assertErrors(
        """
        @Rpc void put(String a) {}
        @Rpc void put(long b) {}
        @Cast void getAll(int a) {}
        @Cast void get_all() {}
        """,
        "Shop.java:8: 'put(long)' and 'put(String)' have names that are one on the wire, 'put'; give one of"
            + " them another: @Rpc(\"…\")",
        "Shop.java:10: 'get_all()' and 'getAll(int)' have names that are one on the wire, 'get_all'; give one"
            + " of them another: @Cast(\"…\")");
  }

  @Test
  void overloadsWithNamesOfTheirOwnAreGood() {
    var outcome =
        shop(
                """
                @Rpc void put(String a) {}
                @Rpc("putNumber") void put(long b) {}
                """)
            .compile();
    outcome.succeeds();
  }

  @Test
  void methodsThatTheGeneratedCodeCannotCall() {
    assertErrors(
        """
        @Rpc private void a() {}
        @Rpc static void b() {}
        @Rpc <T> void c() {}
        @Rpc @Cast void d() {}
        @Cast @Concurrent void e() {}
        """,
        "Shop.java:7: call 'a' is private, so the generated code cannot call it; leave 'private' out",
        "Shop.java:8: call 'b' is static, so it has no state to serve; leave 'static' out",
        "Shop.java:9: call 'c' has type parameters, which are not known at run time; declare it with concrete"
            + " types",
        "Shop.java:10: 'd' is both @Rpc and @Cast; a caller waits for a call and not for a cast: choose one",
        "Shop.java:11: 'e' is a cast, and only a call can be @Concurrent; make it a call or leave @Concurrent"
            + " out");
  }

  @Test
  void checkedExceptionsCannotReachACaller() {
    assertErrors(
        """
        @Rpc void a() throws java.io.IOException {}
        @Rpc void b() throws InterruptedException, IllegalStateException {}
        """,
        "Shop.java:7: call 'a' throws IOException, which cannot reach a caller as it is; make a record that"
            + " implements RpcError of what the caller needs, name it in @Rpc(errors = …) and throw it in an"
            + " RpcErrorException, or handle the exception here");
  }

  @Test
  void anErrorIsARecordThatCanTravel() {
    assertErrors(
        """
        public static class NoRecord implements RpcError {}
        public record Bad(Object what) implements RpcError {}
        @Rpc(errors = {NoRecord.class, Bad.class})
        void a() {}
        """,
        "Shop.java:9: error NoRecord of call 'a' is no record; its components are what travels",
        "Shop.java:9: error Bad of call 'a' cannot travel: Bad.what: java.lang.Object cannot travel between"
            + " places; "
            + WHAT_CAN);
  }

  @Test
  void errorsAndCasesOfOneNameCouldExchangeTheirNumbers() {
    assertErrors(
        """
        interface A { record Missing(long c) implements RpcError {} record Item(long c) implements Some {} }
        interface B { record Missing(long c) implements RpcError {} record Item(long c) implements Some {} }
        sealed interface Some permits A.Item, B.Item {}
        @Rpc(errors = A.Missing.class) void a() {}
        @Rpc(errors = {A.Missing.class, B.Missing.class}) void b() {}
        @Rpc void c(Some some) {}
        """,
        "Shop.java:12: parameter 'some' of call 'c' cannot travel: shop.Shop.Some permits shop.Shop.A.Item and"
            + " shop.Shop.B.Item, whose names are one on the wire; rename one",
        "Shop.java:11: errors shop.Shop.A.Missing and shop.Shop.B.Missing have names that are one on the wire;"
            + " rename one");
  }

  @Test
  void namesThatTheGeneratedCodeHasAlready() {
    assertErrors(
        """
        @Rpc void close() {}
        @Rpc void set(String key) {}
        @Rpc void setAsync(String key) {}
        @Rpc void a(int hashCode) {}
        """,
        "Shop.java:10: parameter 'hashCode' of call 'a' becomes the component of a record, which cannot have"
            + " that name; choose another",
        "Shop.java:7: 'close' is a method of every client, so a call cannot have this name; choose another",
        "Shop.java:9: 'setAsync' is also the name of the client's method that calls 'set' without waiting;"
            + " choose another");
  }

  @Test
  void aMethodThatOnlyItsTypeArgumentsTellFromAClientsOwn() {
    assertErrors(
        """
        @Rpc void f(List<String> a) {}
        @Rpc void fAsync(List<Integer> b) {}
        @Rpc void g(List<String> a) {}
        @Rpc void gAsync(Set<String> b) {}
        """,
        "Shop.java:8: 'fAsync' is also the name of the client's method that calls 'f' without waiting; choose"
            + " another");
  }

  @Test
  void namesThatAreNone() {
    assertErrors(
        """
        @Rpc("put-all") void a() {}
        @Cast("class") void b() {}
        @Rpc("a.b") void c() {}
        """,
        "Shop.java:7: 'put-all' is no name for a call: it must be one that a Java method could have",
        "Shop.java:8: 'class' is no name for a cast: it must be one that a Java method could have",
        "Shop.java:9: 'a.b' is no name for a call: it must be one that a Java method could have");
  }

  @Test
  void aServerWithoutCalls() {
    assertErrors(
        "void a() {}\n",
        "Shop.java:6: Shop has neither calls nor casts; mark its methods with @Rpc or @Cast");
  }

  @Test
  void constructorsThatThePlaceCannotCall() {
    assertErrors(
        """
        private Shop() {}
        @Rpc void a() {}
        """,
        "Shop.java:6: Shop needs a constructor that is not private, with at most one parameter: the place"
            + " makes its own instance");
    assertErrors(
        """
        Shop() {}
        Shop(String name) {}
        @Rpc void a() {}
        """,
        "Shop.java:6: Shop has 2 constructors that are not private, so it is open which one makes the"
            + " instance; leave one");
    assertErrors(
        """
        Shop(String name, int number) {}
        @Rpc void a() {}
        """,
        "Shop.java:7: the constructor of Shop has 2 parameters, and a place starts with at most one message;"
            + " put them into a record");
    assertErrors(
        """
        Shop(Thread thread) {}
        @Rpc void a() {}
        """,
        "Shop.java:7: parameter 'thread' of the constructor of Shop cannot travel: java.lang.Thread cannot"
            + " travel between places; "
            + WHAT_CAN);
  }

  @Test
  void classesOfWhichThereIsNoInstance() {
    assertThat(
            new Project(folder)
                .source(
                    "Outer.java",
                    """
                    import io.places.rpc.*;
                    public class Outer {
                      @RpcServer abstract static class A { @Rpc void a() {} }
                      @RpcServer class B { @Rpc void a() {} }
                      @RpcServer static class C<T> { @Rpc void a() {} }
                      @RpcServer private static class D { @Rpc void a() {} }
                      @RpcServer interface E { @Rpc void a(); }
                    }
                    """)
                .compile()
                .errors())
        .containsExactly(
            "Outer.java:3: A is abstract, so no instance of it can serve; leave 'abstract' out",
            "Outer.java:4: B is inside an instance of another class; make it static or a class of its own",
            "Outer.java:5: C has type parameters, which are not known at run time; declare it without",
            "Outer.java:6: D is private, so the generated code cannot make one; leave 'private' out",
            "Outer.java:7: E must be a class to be a server: its fields are the state");
  }

  @Test
  void callsOfAClassThatIsNoServer() {
    assertThat(
            new Project(folder)
                .source(
                    "Plain.java",
                    """
                    import io.places.rpc.*;
                    class Plain {
                      @Rpc void a() {}
                    }
                    @RpcServer class Good {
                      @Rpc void a() {}
                      @Concurrent void b() {}
                    }
                    """)
                .compile()
                .errors())
        .containsExactlyInAnyOrder(
            "Plain.java:3: 'a' is marked @Rpc, and its class Plain is no server; mark it @RpcServer",
            "Plain.java:7: 'b' is marked @Concurrent and is no call; mark it @Rpc");
  }

  @Test
  void serversForWhichTheSameWouldBeGenerated() {
    assertThat(
            new Project(folder)
                .source(
                    "shop/Outer.java",
                    """
                    package shop;
                    import io.places.rpc.*;
                    class Outer {
                      static class A { @RpcServer("one") static class Tuple { @Rpc void a() {} } }
                      static class B {
                        @RpcServer("two") static class Tuple { @Rpc void a() {} } }
                      @RpcServer("three") static class ABServer { @Rpc void a() {} }
                      @RpcServer("four") static class AbServer { @Rpc void a() {} }
                      @RpcServer("five") static class ABserver { @Rpc void a() {} }
                    }
                    """)
                .compile()
                .errors())
        .containsExactly(
            "Outer.java:6: what is generated for shop.Outer.B.Tuple would have the names of what is generated for"
                + " shop.Outer.A.Tuple, such as shop.TupleClient; rename one",
            "Outer.java:9: shop.Outer.ABserver and shop.Outer.ABServer would share one abserver.proto, which"
                + " fixes the numbers of one server; rename one");
  }

  @Test
  void classesOfNoPackageThatAGeneratedRecordHides() {
    assertThat(
            new Project(folder)
                .source(
                    "Shop.java",
                    """
                    import io.places.rpc.*;
                    import java.util.*;
                    @RpcServer class Shop {
                      record Inner(int a) {}
                      @Rpc void item(List<Item> items) {}
                      @Rpc Failed failed(Inner shop) { return new Failed(1); }
                      @Rpc void price(long price) {}
                    }
                    record Item(String name) {}
                    record Failed(int code) {}
                    record Price(long cents) {}
                    """)
                .compile()
                .errors())
        .containsExactly(
            "Shop.java:5: the record Item, which is generated inside ShopCall, would hide your class Item there,"
                + " which is in no package; put your classes into a package, or rename one",
            "Shop.java:3: the record Failed, which is generated inside ShopReply, would hide your class Failed"
                + " there, which is in no package; put your classes into a package, or rename one");
  }

  @Test
  void serversInsideMethods() {
    assertThat(
            new Project(folder)
                .source(
                    "shop/Outer.java",
                    """
                    package shop;
                    import io.places.rpc.*;
                    class Outer {
                      void method() {
                        @io.places.rpc.RpcServer
                        class Local { @Rpc void a() {} }
                      }
                      static final Runnable LAMBDA = () -> {
                        @io.places.rpc.RpcServer class Inner { @Rpc void a() {} }
                      };
                      @interface RpcServer {}
                      void other() {
                        @Outer.RpcServer class Free {}
                      }
                    }
                    """)
                .compile()
                .errors())
        .containsExactly(
            "Outer.java:6: Local is declared inside a method, where no code can be generated for it; make it a"
                + " class of its own or a static member of one",
            "Outer.java:9: Inner is declared inside a method, where no code can be generated for it; make it a"
                + " class of its own or a static member of one");
  }

  @Test
  void anOptionThatSaysNeitherTrueNorFalse() {
    assertThat(
            shop("@Rpc void a() {}\n").option("-Aplaces.rpc.frozen=yes").compile().errors())
        .containsExactly(
            "-Aplaces.rpc.frozen=yes says neither true nor false; write -Aplaces.rpc.frozen=true where no .proto"
                + " may change");
  }

  @Test
  void namesOfServers() {
    assertThat(
            new Project(folder)
                .source(
                    "Names.java",
                    """
                    import io.places.rpc.*;
                    class Names {
                      @RpcServer("Tuple Server") static class A { @Rpc void a() {} }
                      @RpcServer("b") static class B1 { @Rpc void a() {} }
                      @RpcServer("b") static class B2 { @Rpc void a() {} }
                      @RpcServer static class C { @Rpc void a() {} }
                    }
                    class CClient {}
                    """)
                .compile()
                .errors())
        .containsExactly(
            "Names.java:3: 'Tuple Server' is no name of a server: small letters and digits, with single"
                + " hyphens between, as in 'a'",
            "Names.java:5: 'b' is also the name of the server Names.B1; two of one name cannot be on one node:"
                + " give one another",
            "Names.java:6: a class CClient is there already, and the one that is generated for C has the same"
                + " name; rename one");
  }
}
