package io.places.examples.cli;

import io.places.examples.pi.Pi;
import io.places.examples.tuple.TupleSession;
import io.places.examples.wordcount.TopWords;
import io.places.launch.Hosts;
import io.places.mapreduce.JobListener;
import io.places.mapreduce.Workers;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.rmpi.Rmpi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/**
 * Does, in one small run, what a command and its nodes do at their start, while the JVM that makes the
 * AOT cache looks on. The nodes run in this JVM, so that one cache serves both.
 */
final class AotTraining {
  private AotTraining() {}

  static void run() throws IOException {
    CommandLine command = PlacesCommand.commandLine();
    command.parseArgs("wordcount", "--nodes", "2", "--reducers", "2", "input");
    command.usage(new PrintWriter(Writer.nullWriter()));
    try (var scratch = new Scratch()) {
      Path text = Files.write(scratch.path("text"), List.of("To be, or not to be: größer?"));
      Path counts = scratch.path("counts");
      try (var workers =
          Workers.launch(2, Node.inThisJvm(), WordCountCommand.JOB_PACKAGE)) {
        workers.run(WordCountCommand.job(List.of(text), counts, 2), JobListener.NONE);
      }
      TopWords.of(counts, 1);
    }
    TupleSession.on(Hosts.of(2, Node.inThisJvm()));
    try (Node node =
        Node.start(
            NodeOptions.standard().allow(Pi.class.getPackageName(), Rmpi.class.getPackageName()))) {
      Rmpi.call(node.launch(2, Node.inThisJvm()), Pi.class, Double.class, "2");
    }
  }
}
