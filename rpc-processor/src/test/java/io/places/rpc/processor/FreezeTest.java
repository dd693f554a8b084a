package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.rpc.Protoc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The .proto beside a source fixes its numbers: what fits is added, what does not fails the build. */
class FreezeTest {
  private static final String PROTO = "shop/shop.proto";

  @TempDir private Path folder;

  private Project project;

  @BeforeEach
  void aShopThatWasCompiledOnce() {
    project = new Project(folder);
    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String name, long cents, Size size) {}
        @Rpc long add(Item item, int count) { return 0; }
        @Rpc void remove(String name) {}
        @Cast void hello() {}
        """);
    project.compile().succeeds();
  }

  /** The body of class {@code Shop}, whose first line is line 6. */
  private void shop(String body) {
    project.source(
        "shop/Shop.java",
        """
        package shop;
        import io.places.rpc.*;
        import io.places.message.Field;
        import java.util.*;
        @RpcServer public class Shop {
        """
            + body
            + "}\n");
  }

  private int line(String text) {
    String[] lines = project.read(PROTO).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].replaceAll(" // Java: .*", "").strip().equals(text)) {
        return i + 1;
      }
    }
    throw new AssertionError("no line '" + text + "' in\n" + project.read(PROTO));
  }

  private void replace(String text, String by) {
    String proto = project.read(PROTO);
    assertThat(proto).contains(text);
    project.source(PROTO, proto.replace(text, by));
  }

  private void assertErrors(String... errors) {
    String before = project.read(PROTO);
    assertThat(project.compile().errors()).containsExactly(errors);
    assertThat(project.read(PROTO)).isEqualTo(before);
  }

  @Test
  void isWrittenBesideTheSourceAndANoteAsksToCommitIt() throws Exception {
    Files.delete(project.path(PROTO));

    var outcome = project.compile().succeeds();

    assertThat(outcome.notes())
        .containsExactly(
            "Shop.java:5: wrote %s, which fixes the numbers on the wire: commit it"
                .formatted(project.path(PROTO)));
    assertThat(project.read(PROTO))
        .startsWith("// What clients and server of 'shop' say to each other,")
        .contains(
            """
            syntax = "proto3";

            package shop;

            """,
            """
              oneof value {
                Add add = 1;
                Remove remove = 2;
                Hello hello = 3;
              }
            """,
            """

            message Add {
              Item item = 1;
              int32 count = 2; // Java: int
            }

            message Item {
              string name = 1;
              int64 cents = 2;
              Size size = 3;
            }

            enum Size {
              SIZE_SMALL = 0;
              SIZE_LARGE = 1;
            }
            """,
            """

            message Hello {
            }
            """);
    assertThat(new Protoc(Files.createDirectory(folder.resolve("protoc"))).compile(project.read(PROTO)))
        .isNotNull();
  }

  @Test
  void isLeftAloneWhileNothingChanges() throws IOException {
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(project.path(PROTO), longAgo);

    var outcome = project.option("-Aplaces.rpc.frozen=true").compile().succeeds();

    assertThat(outcome.notes()).isEmpty();
    assertThat(Files.getLastModifiedTime(project.path(PROTO))).isEqualTo(longAgo);
  }

  private static final String LARGER =
      """
      public enum Size { SMALL, LARGE, HUGE }
      public record Item(String name, long cents, Size size, Optional<String> note) {}
      public record Offer(Item item, java.time.Instant until) {}
      @Cast void hello(boolean loud) {}
      @Rpc void offer(Offer offer) {}
      @Rpc long add(boolean now, Item item, int count) { return 0; }
      @Rpc void remove(String name) {}
      """;

  @Test
  void whatFitsIsAddedUnderTheNextNumbers() throws Exception {
    String before = project.read(PROTO);
    shop(LARGER);

    var outcome = project.compile().succeeds();

    assertThat(outcome.notes()).hasSize(1);
    assertThat(outcome.notes().getFirst())
        .startsWith("Shop.java:5: added to %s: ".formatted(project.path(PROTO)))
        .contains(
            "import of google/protobuf/timestamp.proto",
            "'offer' of ShopCall as number 4",
            "'now' of Add as number 3",
            "'note' of Item as number 4",
            "'SIZE_HUGE' of Size as number 2",
            "message Offer")
        .endsWith("; commit it");
    String after = project.read(PROTO);
    assertThat(after)
        .contains(
            """
                Add add = 1;
                Remove remove = 2;
                Hello hello = 3;
                Offer offer = 4;
              }
            """,
            """
            message Add {
              Item item = 1;
              int32 count = 2; // Java: int
              bool now = 3;
            }
            """,
            "  Size size = 3;\n  optional string note = 4;\n}\n",
            "  SIZE_LARGE = 1;\n  SIZE_HUGE = 2;\n}\n",
            "import \"google/protobuf/timestamp.proto\";\n",
            "message Hello {\n  bool loud = 1;\n}\n");
    before.lines().forEach(line -> assertThat(after).contains(line));
    assertThat(new Protoc(Files.createDirectory(folder.resolve("protoc"))).compile(after)).isNotNull();

    project.compile().succeeds();
    assertThat(project.read(PROTO)).isEqualTo(after);
  }

  @Test
  void aFrozenBuildAddsNothing() throws IOException {
    shop("@Rpc long add() { return 0; }\n");
    project.option("-Aplaces.rpc.frozen=true");
    project.source(PROTO, "syntax = \"proto3\";\npackage shop;\nmessage ShopCall { oneof value { } }\n");
    assertThat(project.compile().errors())
        .singleElement()
        .asString()
        .startsWith("Shop.java:5: shop.proto lacks message CallHeader, ")
        .contains(", 'add' of ShopCall as number 1, message Add, ")
        .endsWith(
            ", and -Aplaces.rpc.frozen=true forbids to add it; compile once without, and commit the file");

    Files.delete(project.path(PROTO));
    assertThat(project.compile().errors())
        .containsExactly(
            "Shop.java:5: there is no shop.proto beside the source, and -Aplaces.rpc.frozen=true forbids to"
                + " write it; compile once without, and commit it");
  }

  @Test
  void whatAPersonHasWrittenStays() {
    replace("  int64 cents = 2;\n", "  // in the smallest unit\n  int64   cents=2 [ deprecated = true ];\n");
    replace("message Remove {\n", "message Remove { /* gone:\n*/ reserved 7 to 9, 12; reserved \"why\", \"who\";\n");
    replace("package shop;\n", "package shop;\noption java_package = \"x\";\n");
    project.source(PROTO, project.read(PROTO) + "\nservice S { rpc A(Item) returns (Item) { option a = 1; } }");
    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String name, long cents, Size size) {}
        @Rpc long add(Item item, int count) { return 0; }
        @Rpc void remove(String name, int number) {}
        @Cast void hello() {}
        @Cast void bye() {}
        """);

    project.compile().succeeds();

    assertThat(project.read(PROTO))
        .contains(
            "  // in the smallest unit\n  int64   cents=2 [ deprecated = true ];\n",
            "  int32 number = 13; // Java: int\n}\n",
            "{ option a = 1; } }\n\nmessage Bye {\n}\n");
  }

  @Test
  void aTypeThatChanges() {
    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String name,
            Optional<String> cents, Size size) {}
        @Rpc long add(Item item,
            List<Integer> count) { return 0; }
        @Rpc void remove(String name) {}
        @Cast void hello() {}
        """);
    assertErrors(
        ("Shop.java:10: shop.proto:%d fixes the type 'int32' for 'count' of Add, which has type 'repeated"
                + " int32' now; peers that have the old type would misread it: give what has changed another"
                + " name and keep 'count', or say there that it is gone: reserved 2; reserved \"count\";")
            .formatted(line("int32 count = 2;")),
        ("Shop.java:8: shop.proto:%d fixes the type 'int64' for 'cents' of Item, which has type 'optional"
                + " string' now; peers that have the old type would misread it: give what has changed another"
                + " name and keep 'cents', or say there that it is gone: reserved 2; reserved \"cents\";")
            .formatted(line("int64 cents = 2;")));
  }

  @Test
  void aValueThatBecomesOptional() {
    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String name, Optional<Long> cents, Size size) {}
        @Rpc long add(Item item, int count) { return 0; }
        @Rpc void remove(String name) {}
        @Cast void hello() {}
        """);
    assertErrors(
        ("Shop.java:7: shop.proto:%d fixes the type 'int64' for 'cents' of Item, which has type 'optional"
                + " int64' now; both are the same on the wire, so change that line to 'optional int64 cents ="
                + " 2;'")
            .formatted(line("int64 cents = 2;")));

    replace("  int64 cents = 2;", "  optional int64 cents = 2;");
    project.compile().succeeds();
  }

  @Test
  void whatIsGoneIsReserved() {
    shop(
        """
        public enum Size { SMALL }
        public record Item(String name, long cents) {}
        @Rpc long add(Item item, Size size) { return 0; }
        @Cast void hello() {}
        """);
    assertErrors(
        ("Shop.java:5: shop.proto:%d has 'remove' of ShopCall, which is gone; delete that line and write"
                + " 'reserved 2; reserved \"remove\";' after 'message ShopCall {', so that nothing else ever"
                + " gets its number")
            .formatted(line("Remove remove = 2;")),
        ("Shop.java:8: shop.proto:%d has 'count' of Add, which is gone; delete that line and write 'reserved"
                + " 2; reserved \"count\";' after 'message Add {', so that nothing else ever gets its number")
            .formatted(line("int32 count = 2;")),
        ("Shop.java:7: shop.proto:%d has 'size' of Item, which is gone; delete that line and write 'reserved"
                + " 3; reserved \"size\";' after 'message Item {', so that nothing else ever gets its number")
            .formatted(line("Size size = 3;")),
        ("Shop.java:6: shop.proto:%d has 'SIZE_LARGE' of Size, which is gone; delete that line and write"
                + " 'reserved 1; reserved \"SIZE_LARGE\";' after 'enum Size {', so that nothing else ever gets"
                + " its number")
            .formatted(line("SIZE_LARGE = 1;")),
        ("Shop.java:5: shop.proto:%d has 'remove_reply' of ShopReply, which is gone; delete that line and"
                + " write 'reserved 3; reserved \"remove_reply\";' after 'message ShopReply {', so that nothing"
                + " else ever gets its number")
            .formatted(line("RemoveReply remove_reply = 3;")));

    reserveWhatIsGone();
    project.compile().succeeds();
    assertThat(project.read(PROTO)).contains("  reserved 2; reserved \"count\";\n  Size size = 3;\n}\n");
  }

  private void reserveWhatIsGone() {
    replace("    Remove remove = 2;\n", "");
    replace("message ShopCall {\n", "message ShopCall {\n  reserved 2; reserved \"remove\";\n");
    replace("    RemoveReply remove_reply = 3;\n", "");
    replace("message ShopReply {\n", "message ShopReply {\n  reserved 3; reserved \"remove_reply\";\n");
    replace("  int32 count = 2; // Java: int\n", "  reserved 2; reserved \"count\";\n");
    replace("  Size size = 3;\n", "  reserved 3; reserved \"size\";\n");
    replace("  SIZE_LARGE = 1;\n", "  reserved 1; reserved \"SIZE_LARGE\";\n");
  }

  @Test
  void whatIsReservedIsNotUsedAgain() {
    reserveWhatIsGone();
    shop(
        """
        public enum Size { SMALL,
          MIDDLE }
        public record Item(String name, long cents,
            String colour) {}
        @Rpc long add(Item item, Size size) { return 0; }
        @Rpc void remove(String name) {}
        @Cast void hello() {}
        """);
    assertErrors(
        "Shop.java:11: shop.proto:%d says that 'remove' of ShopCall was removed and its name is reserved; choose another name"
            .formatted(line("message ShopCall {")),
        "Shop.java:9: shop.proto:%d reserves number 3 of Item, so 'colour' cannot have it; give it one that was never used: @Field(4)"
            .formatted(line("reserved 3; reserved \"size\";")),
        "Shop.java:6: shop.proto:%d reserves number 1 of Size, so 'SIZE_MIDDLE' cannot have it; put new constants at the end, after those that were there"
            .formatted(line("reserved 1; reserved \"SIZE_LARGE\";")),
        "Shop.java:11: shop.proto:%d says that 'remove_reply' of ShopReply was removed and its name is reserved; choose another name"
            .formatted(line("message ShopReply {")));
  }

  @Test
  void aNumberThatGoesToSomethingElse() {
    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String title, long cents, Size size) {}
        @Rpc long add(Item item, int count) { return 0; }
        @Rpc void remove(String name) {}
        @Cast void hello() {}
        """);
    assertErrors(
        ("Shop.java:7: shop.proto:%d gives number 1 of Item to 'name', so 'title' cannot have it; if it is the"
                + " same under a new name, rename it there too, else give it one that was never used:"
                + " @Field(4)")
            .formatted(line("message Item {") + 1));

    replace("  string name = 1;\n  int64", "  string title = 1;\n  int64");
    project.compile().succeeds();
  }

  @Test
  void anotherOrder() {
    shop(
        """
        public enum Size { LARGE, SMALL }
        public record Item(String name, Size size, long cents) {}
        @Rpc void remove(String name) {}
        @Rpc long add(int count, Item item) { return 0; }
        @Cast void hello() {}
        """);
    assertErrors(
        ("Shop.java:7: shop.proto:%d fixes number 3 for 'size' of Item, which has number 2 now; write"
                + " @Field(3) before it")
            .formatted(line("Size size = 3;")),
        ("Shop.java:7: shop.proto:%d fixes number 2 for 'cents' of Item, which has number 3 now; write"
                + " @Field(2) before it")
            .formatted(line("int64 cents = 2;")),
        ("Shop.java:6: shop.proto:%d fixes number 1 for 'SIZE_LARGE' of Size, which has number 0 now;"
                + " constants are numbered in order: restore the order, and put new ones at the end")
            .formatted(line("SIZE_LARGE = 1;")),
        ("Shop.java:6: shop.proto:%d fixes number 0 for 'SIZE_SMALL' of Size, which has number 1 now;"
                + " constants are numbered in order: restore the order, and put new ones at the end")
            .formatted(line("SIZE_SMALL = 0;")));

    shop(
        """
        public enum Size { SMALL, LARGE }
        public record Item(String name, @Field(3) Size size, @Field(2) long cents) {}
        @Rpc void remove(String name) {}
        @Rpc long add(int count, Item item) { return 0; }
        @Cast void hello() {}
        """);
    project.compile().succeeds();
  }

  @Test
  void anotherPackageOrKind() {
    replace("package shop;", "package other;");
    assertErrors(
        "Shop.java:5: shop.proto is of package 'other', the server of 'shop'; change its line 'package'");

    replace("package other;", "package shop;");
    replace("enum Size {", "message Size {");
    replace("  SIZE_SMALL = 0;\n  SIZE_LARGE = 1;\n", "");
    assertErrors(
        "Shop.java:6: shop.proto:%d defines the message Size, which is of kind enum now; give the changed type another name"
            .formatted(line("message Size {")));
  }

  @Test
  void aFileThatCannotBeUnderstood() {
    replace("  int32 count = 2;", "  int32 count 2;");
    assertErrors("Shop.java:5: shop.proto:%d: '2' where '=' must be".formatted(line("int32 count 2;")));

    replace("  int32 count 2;", "  int32 count = 1;");
    assertErrors(
        "Shop.java:5: shop.proto:%d: 'count' has number 1, which 'item' has in line %d"
            .formatted(line("int32 count = 1;"), line("int32 count = 1;") - 1));

    replace("  int32 count = 1;", "  message Inner {}\n");
    assertErrors(
        "Shop.java:5: shop.proto:%d: 'message' inside a message is not understood here"
            .formatted(line("message Inner {}")));

    replace("  message Inner {}\n", "  int32 item = 2;");
    assertErrors(
        "Shop.java:5: shop.proto:%d: 'item' is in line %d, too; delete the one that is wrong"
            .formatted(line("int32 item = 2;"), line("int32 item = 2;") - 1));

    replace("  int32 item = 2;", "  int32 count = 2; reserved \"count\";\n");
    assertErrors(
        "Shop.java:5: shop.proto:%d: 'count' is a name that Add reserves; delete that from its 'reserved', or this line"
            .formatted(line("int32 count = 2; reserved \"count\";")));

    replace("  int32 count = 2; reserved \"count\";\n", "  int32 count = 2;}\nmessage Item {");
    assertErrors(
        "Shop.java:5: shop.proto:%d: Item is defined in line %d, too; delete the one that is wrong"
            .formatted(line("message Item {") + 3, line("message Item {")));

    project.source(PROTO, "message Add {\n}\n");
    assertErrors("Shop.java:5: shop.proto:1: the line 'syntax = \"proto3\";' is missing");

    project.source(PROTO, "syntax = \"proto2\";");
    assertErrors("Shop.java:5: shop.proto:1: the syntax must be \"proto3\"");

    project.source(PROTO, "syntax = \"proto3\";\n\nmessage A {\n");
    assertErrors("Shop.java:5: shop.proto:4: unexpected end of the file");

    project.source(PROTO, "syntax = \"proto3\";\n\nmessage A { ? }\n");
    assertErrors("Shop.java:5: shop.proto:3: unexpected '?'");

    project.source(PROTO, "\ufeffsyntax = \"proto3\";\n");
    assertErrors("Shop.java:5: shop.proto:1: unexpected U+FEFF");
  }

  @Test
  void aFileThatIsNoText() throws Exception {
    Files.write(project.path(PROTO), new byte[] {'/', '/', (byte) 0xfc, '\n'});
    assertThat(project.compile().errors())
        .containsExactly("Shop.java:5: %s is not in UTF-8; store it so".formatted(project.path(PROTO)));
  }

  @Test
  void theFileIsReadableAsTheSourceIs() throws Exception {
    Files.delete(project.path(PROTO));
    project.compile().succeeds();
    assertThat(Files.getPosixFilePermissions(project.path(PROTO)))
        .isEqualTo(Files.getPosixFilePermissions(project.path("shop/Shop.java")));
  }

  @Test
  void aJavaTypeThatChangesWithoutTheTypeOnTheWire() {
    shop("public record Kinds(UUID id, List<Integer> all) {}\n@Rpc void a(byte[] b, int c, Kinds d) {}\n");
    project.source(PROTO, "syntax = \"proto3\";\npackage shop;\n");
    project.compile().succeeds();
    assertThat(project.read(PROTO))
        .contains(
            "  bytes b = 1; // Java: byte[]\n  int32 c = 2; // Java: int\n",
            "  bytes id = 1; // Java: UUID\n  repeated int32 all = 2; // Java: List of int\n");

    shop("public record Kinds(byte[] id, Set<Integer> all) {}\n@Rpc void a(UUID b, short c, Kinds d) {}\n");
    List<String> errors = project.compile().errors();
    assertThat(errors).hasSize(4);
    assertThat(errors.getFirst())
        .isEqualTo(
            ("Shop.java:7: shop.proto:%d fixes the Java type 'byte[]' for 'b' of A, which has 'UUID' now, and"
                    + " both are 'bytes' on the wire, so peers that have the old type would misread it: give"
                    + " what has changed another name and keep 'b', or say there that it is gone: reserved 1;"
                    + " reserved \"b\"; or, if each reads what the other sends, change that comment to 'Java:"
                    + " UUID'")
                .formatted(line("bytes b = 1;")));
    assertThat(errors.get(1)).contains("'int' for 'c' of A, which has 'short' now");
    assertThat(errors.get(2)).contains("'UUID' for 'id' of Kinds, which has 'byte[]' now");
    assertThat(errors.get(3)).contains("'List of int' for 'all' of Kinds, which has 'Set of int' now");
  }

  @Test
  void aFileThatDoesNotSayTheJavaTypesIsCompleted() throws Exception {
    String before = project.read(PROTO);
    String without = before.replaceAll(" // Java: .*", "");
    project.source(PROTO, without.replace("int32 count = 2;", "int32 count = 2; // how many"));

    assertThat(project.compile().succeeds().notes())
        .singleElement()
        .asString()
        .contains("the Java types of fields of Add");

    assertThat(project.read(PROTO))
        .isEqualTo(before.replace("count = 2; // Java: int", "count = 2; // Java: int // how many"));
    assertThat(project.compile().succeeds().notes()).isEmpty();
  }

  @Test
  void aMessageOnOneLine() throws Exception {
    replace(
        "message Add {\n  Item item = 1;\n  int32 count = 2; // Java: int\n}\n",
        "message Add { Item item = 1; int32 count = 2; }\n");
    replace("message Hello {\n}\n", "message Hello {}");
    shop(LARGER);

    project.compile().succeeds();

    String after = project.read(PROTO);
    assertThat(after)
        .contains(
            "message Add { Item item = 1; int32 count = 2; /* Java: int */ \n  bool now = 3;\n}\n",
            "message Hello {\n  bool loud = 1;\n}");
    assertThat(new Protoc(Files.createDirectory(folder.resolve("protoc"))).compile(after)).isNotNull();
    assertThat(project.compile().succeeds().notes()).isEmpty();
  }

  @Test
  void numbersThatNoFieldCanHave() {
    for (int number : new int[] {0, 19_000, 19_999, 536_870_912}) {
      String written = "int64 cents = " + number + ";";
      replace("int64 cents = 2;", written);
      assertErrors(
          "Shop.java:5: shop.proto:%d: 'cents' has number %d; numbers go from 1 to 536870911, without 19000 to 19999"
              .formatted(line(written), number));
      replace(written, "int64 cents = 2;");
    }
  }

  @Test
  void whereTheEndIsReservedTheNextNumberIsTheFirstThatIsFree() {
    replace("  Item item = 1;\n  int32 count = 2;", "  reserved 5 to max;\n  Item item = 1;\n  int32 count = 3;");
    shop(COUNT_AND_MORE);
    project.compile().succeeds();
    assertThat(project.read(PROTO)).contains("  int64 more = 4;\n  int64 most = 2;\n}\n");
  }

  @Test
  void whereTheHighestNumberIsInUseTheNextIsTheFirstThatIsFree() {
    replace("int32 count = 2;", "int32 count = 536870911;");
    shop(COUNT_AND_MORE);
    project.compile().succeeds();
    assertThat(project.read(PROTO)).contains("  int64 more = 2;\n  int64 most = 3;\n}\n");
  }

  private static final String COUNT_AND_MORE =
      """
      public enum Size { SMALL, LARGE }
      public record Item(String name, long cents, Size size) {}
      @Rpc long add(Item item, int count, long more, long most) { return 0; }
      @Rpc void remove(String name) {}
      @Cast void hello() {}
      """;

  @Test
  void whereAllIsReservedNothingIsAdded() {
    replace("  Item item = 1;\n", "  reserved 3 to max;\n  Item item = 1;\n");
    shop(COUNT_AND_MORE);
    assertErrors(
        ("Shop.java:8: shop.proto:%d leaves no number for 'more' of Add: all that are not in use are reserved"
                + " there; shorten a 'reserved' whose numbers were never used")
            .formatted(line("message Add {")),
        ("Shop.java:8: shop.proto:%d leaves no number for 'most' of Add: all that are not in use are reserved"
                + " there; shorten a 'reserved' whose numbers were never used")
            .formatted(line("message Add {")));
  }

  @Test
  void aRangeThatReservesNothing() {
    replace("  Item item = 1;\n", "  reserved 7 to 5;\n  Item item = 1;\n");
    assertErrors(
        "Shop.java:5: shop.proto:%d: 'reserved 7 to 5' reserves nothing; write the lower number first, and none below 1"
            .formatted(line("reserved 7 to 5;")));
  }

  @Test
  void aBuildIsFrozenHoweverTrueIsWritten() {
    shop(COUNT_AND_MORE);
    for (String option : new String[] {"-Aplaces.rpc.frozen=TRUE", "-Aplaces.rpc.frozen"}) {
      Project frozen = new Project(folder).option(option);
      assertThat(frozen.compile().errors())
          .singleElement()
          .asString()
          .contains("shop.proto lacks 'more' of Add as number 3");
    }
  }

  @Test
  void anEmptyFileIsWrittenLikeAMissingOne() {
    String before = project.read(PROTO);
    project.source(PROTO, "\n");

    project.compile().succeeds();

    assertThat(project.read(PROTO)).isEqualTo(before);
  }
}
