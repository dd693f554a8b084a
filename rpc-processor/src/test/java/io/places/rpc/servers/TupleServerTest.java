package io.places.rpc.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.message.MessageType;
import io.places.place.Spawn;
import io.places.rpc.Protoc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated for the tuple server, at work. */
class TupleServerTest {
  private static final Path PROTO =
      Path.of("src", "test", "java", "io", "places", "rpc", "servers", "tuple_server.proto");

  private static final BlockingQueue<TupleServerRequest> SENT = new LinkedBlockingQueue<>();

  /** Answers each call with the same, and keeps what it got. */
  static void echo(
      PlaceChannel<Void, PlaceChannel<TupleServerReply, TupleServerRequest>> clients) {
    PlaceChannel<TupleServerReply, TupleServerRequest> client = clients.get();
    for (TupleServerRequest request : client.messages()) {
      SENT.add(request);
      client.put(new TupleServerReply.SetReply("done"));
    }
  }

  @Test
  void whatTravelsAreMessagesOfTheCommittedProto(@TempDir Path folder) throws Exception {
    try (LocalCluster cluster = LocalCluster.inJvm(1)) {
      cluster.node(1).place(Spawn.named(TupleServerPlace.NAME), TupleServerTest::echo);
      try (var client = TupleServerClient.connect(cluster.node(1))) {
        client.set("user0", "100");
      }
    }
    byte[] bytes = MessageType.of(TupleServerRequest.class).encode(SENT.take());
    Descriptor request = new Protoc(folder).compile(Files.readString(PROTO), "TupleServerRequest");

    DynamicMessage read = DynamicMessage.parseFrom(request, bytes);

    Message call = message(message(read, "call"), "set");
    assertThat(call.getField(field(call, "key"))).isEqualTo("user0");
    assertThat(call.getField(field(call, "value"))).isEqualTo("100");
    Message header = message(read, "header");
    assertThat((long) header.getField(field(header, "timeout_micros"))).isBetween(1L, 30_000_000L);
    assertThat(List.of(read, header, message(read, "call"), call))
        .allMatch(each -> each.getUnknownFields().asMap().isEmpty());
  }

  private static Message message(Message in, String name) {
    return (Message) in.getField(field(in, name));
  }

  private static FieldDescriptor field(Message of, String name) {
    return Objects.requireNonNull(of.getDescriptorForType().findFieldByName(name), name);
  }
}
