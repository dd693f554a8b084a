package io.places.channel;

import io.places.message.MessageContext;
import io.places.message.ReferenceType;
import io.places.message.SharedMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes beside the encoding of one message to a place of the same JVM that has classes of its own:
 * memory that both share. The encoding names it by its number here.
 */
public final class Attachments implements MessageContext {
  private final List<SharedMemory> shared = new ArrayList<>(0);

  @Override
  public byte[] encodeShared(SharedMemory memory) {
    shared.add(memory);
    return ByteBuffer.allocate(Integer.BYTES).putInt(shared.size() - 1).array();
  }

  @Override
  public SharedMemory decodeShared(byte[] handle) {
    return shared.get(ByteBuffer.wrap(handle).getInt());
  }

  @Override
  public <T> byte[] encodeReference(ReferenceType<T> type, T reference) {
    return NONE.encodeReference(type, reference);
  }

  @Override
  public <T> T decodeReference(ReferenceType<T> type, byte[] handle) {
    return NONE.decodeReference(type, handle);
  }
}
