package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A user's jar with one program for ranks, which does what its first argument says. */
record RanksJar(Path folder, Path jar) {
  private static final String PROGRAM =
      """
      package com.example;

      import io.places.place.Place;
      import io.places.rmpi.Comm;
      import io.places.rmpi.RmpiProgram;

      public final class Ranks implements RmpiProgram {
        @Override
        public void run(Comm comm, String[] arguments) throws Exception {
          switch (arguments[0]) {
            case "sum" -> {
              int sum = comm.allreduce(comm.rank(), Integer::sum);
              System.out.println("process " + ProcessHandle.current().pid());
              if (comm.rank() == 0) {
                System.out.println("sum " + sum + " of " + String.join("|", arguments));
              }
            }
            case "lines" -> {
              comm.barrier();
              for (int i = 0; i < 200; i++) {
                System.out.print("line ");
                System.out.flush();
                System.out.println(i);
              }
              System.err.println("complaint");
              System.out.print("no end");
            }
            case "fail" -> {
              System.out.println("process " + ProcessHandle.current().pid());
              comm.barrier();
              if (comm.rank() == 1) {
                System.out.println("fails at " + System.currentTimeMillis());
                throw new IllegalStateException("this is enough");
              }
              spin();
            }
            case "exit" -> {
              if (comm.rank() == 1) {
                Place.exit(7);
              }
              comm.barrier();
            }
            case "system-exit" -> {
              if (comm.rank() == 1) {
                System.exit(Integer.parseInt(arguments[1]));
              }
              comm.barrier();
            }
            case "halt" -> {
              if (comm.rank() == 1) {
                Runtime.getRuntime().halt(Integer.parseInt(arguments[1]));
              }
              comm.barrier();
            }
            case "deadlock" -> comm.recv(String.class, 1 - comm.rank(), 4);
            default -> {
              System.out.println("process " + ProcessHandle.current().pid());
              spin();
            }
          }
        }

        private static void spin() {
          while (true) { // ends for nobody
            Thread.onSpinWait();
          }
        }
      }
      """;

  private static final String MAIN = "com.example.Ranks";

  /** Compiles and packs it. */
  static RanksJar in(Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("Ranks.java"), PROGRAM);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    tool("javac", "-d", classes.toString(), "-cp", classPath, source.toString());
    Path jar = folder.resolve("ranks.jar");
    tool("jar", "cf", jar.toString(), "-C", classes.toString(), ".");
    return new RanksJar(folder, jar);
  }

  private static void tool(String name, String... arguments) {
    int code = ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
    assertThat(code).isZero();
  }

  /** Runs {@code places rmpirun} to its end. */
  Run run(String options, String... arguments) throws IOException {
    return Run.toEnd(folder, command(options, arguments));
  }

  String[] command(String options, String... arguments) {
    return Stream.of(
            Stream.of("rmpirun"),
            Stream.of(options.split(" ")),
            Stream.of("-cp", jar.toString(), MAIN),
            Stream.of(arguments))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  /** What the lines with a label say. */
  static Stream<Long> numbers(Run run, String label) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(label))
        .map(line -> Long.valueOf(line.substring(label.length())));
  }
}
