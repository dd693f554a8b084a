package io.places.rpc.processor;

import java.io.IOException;
import java.util.List;

/** Writes the Java sources of a server. */
final class SourceWriter {
  /** What is appended to the name of the server's class for each generated one. */
  static final List<String> SUFFIXES = List.of("Client", "Place", "Call", "Request", "Reply");

  private final ServerModel server;
  private final MessagesWriter messages;
  private final ClientWriter client;
  private final PlaceWriter place;
  private final Generated generated;

  SourceWriter(ServerModel server, Envelope envelope, SchemaMaker maker, Generated generated) {
    this.server = server;
    this.messages = new MessagesWriter(server, envelope, maker);
    this.client = new ClientWriter(server, envelope, generated);
    this.place = new PlaceWriter(server, envelope);
    this.generated = generated;
  }

  void write(Reports reports) {
    try {
      generated.write(messages.calls());
      generated.write(messages.request());
      generated.write(messages.replies());
      generated.write(client.client());
      generated.write(place.place());
    } catch (IOException e) {
      reports.error(server.type(), "the sources of %s cannot be written: %s".formatted(server.name(), e));
    }
  }
}
