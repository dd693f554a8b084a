package io.places.rpc.processor;

import java.util.List;
import javax.annotation.processing.ProcessingEnvironment;

/** Writes the Java sources of a server. */
final class SourceWriter {
  /** What is appended to the name of the server's class for each generated one. */
  static final List<String> SUFFIXES = List.of("Client", "Call", "Request", "Reply", "Body");

  SourceWriter(
      ServerModel server,
      Envelope envelope,
      SchemaMaker maker,
      ProcessingEnvironment environment) {}

  void write(Reports reports) {}
}
