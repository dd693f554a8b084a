package io.places.mapreduce;

import io.places.ProtocolException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** What a {@link Packer} has packed, chunk by chunk as it comes. */
final class Unpacked implements ChunkSource {
  private final ChunkSource packed;
  private final String name;
  private final Inflater inflater = new Inflater();
  private final byte[] buffer = new byte[RunWriter.CHUNK_BYTES];
  private boolean ended;

  /**
   * Unpacks a run.
   *
   * @param name of the run, for errors
   */
  Unpacked(ChunkSource packed, String name) {
    this.packed = packed;
    this.name = name;
  }

  @Override
  public byte @Nullable [] next() {
    while (!ended) {
      int length = inflate();
      if (length > 0) {
        return Arrays.copyOf(buffer, length);
      }
      if (inflater.finished()) {
        end();
      } else {
        takeInput();
      }
    }
    return null;
  }

  private int inflate() {
    try {
      return inflater.inflate(buffer);
    } catch (DataFormatException e) {
      throw damaged("it cannot be unpacked: " + e.getMessage());
    }
  }

  private void takeInput() {
    byte[] chunk = inflater.needsDictionary() ? null : packed.next();
    if (chunk == null) {
      throw damaged("it was cut off within its packed form");
    }
    inflater.setInput(chunk);
  }

  private void end() {
    ended = true;
    int left = inflater.getRemaining();
    inflater.end();
    if (left > 0 || packed.next() != null) {
      throw damaged("it goes on after the end of its packed form");
    }
  }

  private ProtocolException damaged(String what) {
    return new ProtocolException("the run " + name + " is damaged: " + what);
  }
}
