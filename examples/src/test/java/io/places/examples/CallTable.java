package io.places.examples;

import io.places.rmpi.ArrayOp;
import io.places.rmpi.Cartesian;
import io.places.rmpi.Comm;
import io.places.rmpi.Group;
import io.places.rmpi.Located;
import io.places.rmpi.Message;
import io.places.rmpi.Request;
import io.places.rmpi.Slice;
import io.places.rmpi.Status;
import java.lang.reflect.Member;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the guide of RMPI sets beside the calls of MPI, in the last column of its table. */
final class CallTable {
  private static final Pattern TABLE =
      Pattern.compile("\\| MPI \\| mpi4py \\| RMPI \\|\n((?:\\|.*\n)+)");
  private static final Pattern LAST_COLUMN =
      Pattern.compile("\\|([^|]*)\\|$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** By what stands in front of the dot. */
  private static final Map<String, Class<?>> OWNERS =
      Map.of(
          "comm", Comm.class,
          "Comm", Comm.class,
          "Request", Request.class,
          "message", Message.class,
          "group", Group.class,
          "grid", Cartesian.class,
          "ArrayOp", ArrayOp.class);

  /** What stands alone is one of these, or of what they have. */
  private static final List<Class<?>> TYPES =
      List.of(Comm.class, Group.class, ArrayOp.class, Status.class, Located.class, Slice.class, Optional.class);

  /** What is no Java: a command, its option, an event of Flight Recorder; and what {@code run} is given. */
  private static final Pattern OTHER = Pattern.compile("\\./.*|--.*|io\\..*|comm|run");

  private final List<String> all;

  CallTable(String guide) {
    MatchResult table = TABLE.matcher(guide).results().findFirst().orElseThrow();
    all =
        LAST_COLUMN
            .matcher(table.group(1))
            .results()
            .flatMap(column -> CODE.matcher(column.group(1)).results())
            .map(code -> code.group(1))
            .filter(code -> !OTHER.matcher(code).matches())
            .toList();
  }

  /** A program of those that stand there with their arguments, or as references to methods. */
  String program() {
    String statements =
        all.stream()
            .filter(code -> code.contains("(") || code.contains("::"))
            .map(CallTable::statement)
            .collect(Collectors.joining("\n    "));
    return """
      import io.places.rmpi.*;
      import java.lang.foreign.MemorySegment;

      class Calls {
        record Type(int value) {}

        static void all(
            Comm comm, String message, int to, int tag, int from, Slice slice, Request<Status> request,
            Status status, Type x, Op<Type> op, int root, Slice data, Slice part, int[] counts, int colour,
            int key, Group group, int ranks, Cartesian grid, int dimension, int by, double[] array, int offset,
            int count, int stride, int[] sizes, int[] starts, MemorySegment memorySegment, ElementType type,
            String why) {
          %s
        }
      }
      """
        .formatted(statements);
  }

  private static String statement(String code) {
    if (code.contains("::")) {
      String type = code.startsWith("Located") ? "Located" : "Integer";
      return "{ Op<%s> one = %s; }".formatted(type, code);
    }
    return (code.startsWith(".") ? "ArrayOp.SUM" : code.contains(".") ? "" : "status.") + code + ";";
  }

  /** Those that stand there by their names alone, and are not. */
  List<String> missing() {
    return all.stream()
        .filter(code -> !code.contains("(") && !code.contains("::"))
        .filter(code -> !isThere(code))
        .toList();
  }

  private static boolean isThere(String code) {
    int dot = code.indexOf('.');
    if (dot >= 0) {
      Class<?> owner = OWNERS.get(code.substring(0, dot));
      return owner != null && members(owner).contains(code.substring(dot + 1));
    }
    return TYPES.stream()
        .anyMatch(type -> type.getSimpleName().equals(code) || members(type).contains(code));
  }

  /** The methods of a communicator of which the table says nothing. */
  Set<String> untold() {
    String told = String.join(" ", all);
    return Arrays.stream(Comm.class.getMethods())
        .filter(method -> method.getDeclaringClass() == Comm.class)
        .map(Member::getName)
        .filter(name -> !name.equals("toString"))
        .filter(name -> !Pattern.compile("\\b" + name + "\\b").matcher(told).find())
        .collect(Collectors.toSet());
  }

  private static Set<String> members(Class<?> type) {
    return Stream.<Member>concat(Arrays.stream(type.getMethods()), Arrays.stream(type.getFields()))
        .map(Member::getName)
        .collect(Collectors.toSet());
  }
}
