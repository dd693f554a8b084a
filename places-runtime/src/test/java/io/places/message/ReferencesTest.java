package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferencesTest {

  /** A thing that stays where it is. */
  @ByReference(SocketTypes.class)
  interface Socket<T> {}

  static final class Plug<T> implements Socket<T> {}

  static final class SocketTypes implements ReferenceTypes {
    @Override
    public ReferenceType<?> of(List<MessageType<?>> arguments) {
      return new SocketType(arguments.getFirst());
    }
  }

  static final class SocketType extends ReferenceType<Socket<?>> {
    private final MessageType<?> carries;

    @SuppressWarnings("unchecked") // a class object knows no type arguments
    SocketType(MessageType<?> carries) {
      super((Class<Socket<?>>) (Class<?>) Socket.class);
      this.carries = carries;
    }

    @Override
    public String name() {
      return "Socket<" + carries.name() + ">";
    }
  }

  record Request(String text, Socket<Request> replyTo, List<Socket<Void>> watchers, Optional<Socket<Long>> log) {}

  /** Hands out numbers as handles, as a connection would. */
  private static final class Handles implements MessageContext {
    private final Map<String, Object> known = new HashMap<>();

    @Override
    public byte[] room(int size) {
      return new byte[size];
    }

    @Override
    public void copiedMuch() {}

    @Override
    public <T> byte[] encodeReference(ReferenceType<T> type, T reference) {
      String handle = type.name() + "#" + known.size();
      known.put(handle, reference);
      return handle.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <T> T decodeReference(ReferenceType<T> type, byte[] handle) {
      Object found = known.get(new String(handle, StandardCharsets.UTF_8));
      if (found == null) {
        throw new ProtocolException("no such handle");
      }
      return type.javaType().cast(found);
    }

    @Override
    public byte[] encodeShared(SharedMemory memory) {
      return NONE.encodeShared(memory);
    }

    @Override
    public SharedMemory decodeShared(byte[] handle) {
      return NONE.decodeShared(handle);
    }
  }

  private static final Request REQUEST =
      new Request("hello", new Plug<>(), List.of(new Plug<>(), new Plug<>()), Optional.of(new Plug<>()));

  @Test
  void referencesInRecordsAndListsGoThroughTheContext() {
    MessageType<Request> type = MessageType.of(Request.class);
    Handles handles = new Handles();

    byte[] bytes = type.encode(REQUEST, handles);

    assertThat(type.decode(bytes, 0, bytes.length, handles)).isEqualTo(REQUEST);
    assertThat(handles.known.keySet())
        .anySatisfy(handle -> assertThat(handle).startsWith("Socket<" + Request.class.getName() + ">#"))
        .anySatisfy(handle -> assertThat(handle).startsWith("Socket<java.lang.Void>#"));
  }

  @Test
  void withinOneJvmTheyAreThemselves() {
    assertThat(MessageType.of(Request.class).copy(REQUEST)).isSameAs(REQUEST);
  }

  @Test
  void withoutAContextTheyAreRefused() {
    assertThatThrownBy(() -> MessageType.of(Request.class).encode(REQUEST))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "Request.log: a Socket<java.lang.Long> travels as a reference, which means something only on"
                + " a connection between two nodes; it has no encoding by itself");
  }

  @Test
  void aHandleThatMeansNothingIsRefusedWithThePathToIt() {
    byte[] bytes = MessageType.of(Request.class).encode(REQUEST, new Handles());
    assertThatThrownBy(
            () -> MessageType.of(Request.class).decode(bytes, 0, bytes.length, new Handles()))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "%d bytes are no %s: Request.replyTo: no such handle"
                .formatted(bytes.length, Request.class.getName()));
  }
}
