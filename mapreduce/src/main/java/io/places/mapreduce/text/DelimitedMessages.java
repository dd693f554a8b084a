package io.places.mapreduce.text;

import io.places.PlacesException;
import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import io.places.message.MessageType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf messages, each behind its length as a varint, as {@code writeDelimitedTo} writes them in any language,
 * and {@link DelimitedOutput} here. The key says where a message begins. A format for one type is a class of its own:
 *
 * {@snippet :
 * record Visit(String user, long time) {}
 *
 * public static final class Visits extends DelimitedMessages<Visit> {
 *   public Visits() {
 *     super(Visit.class);
 *   }
 * }
 *
 * // in the job: .input(new Visits().from(Path.of("visits")))
 * }
 *
 * <p>The messages may be of any class that may travel between places: a generated protobuf class, or a record, whose
 * components have the numbers that it has as a message. One of more than 64 MiB is refused. Where a message begins can be known only
 * from the beginning of a file, so each file is read by one task. Paths and errors are as in {@link TextBlocks}.
 *
 * @param <V> the messages
 */
public abstract class DelimitedMessages<V> extends TextInput<Origin, V> {
  private final MessageType<V> type;

  /**
   * A format for messages of a class.
   *
   * @throws io.places.MessageNotAllowedException if such may not travel
   */
  protected DelimitedMessages(Class<V> type) {
    super(Border.NONE);
    this.type = MessageType.of(type);
  }

  /** The messages in the files behind these paths. Answers this format. */
  public final DelimitedMessages<V> from(Path... paths) {
    read(List.of(paths));
    return this;
  }

  @Override
  public final RecordReader<Origin, V> open(Split split) {
    return new Reader<>(type, split.getPiecesList().iterator());
  }

  private static final class Reader<V> implements RecordReader<Origin, V> {
    private static final int BITS = 7;
    private static final int MOST_BITS = 35;

    private final MessageType<V> type;
    private final Iterator<Piece> pieces;
    private final PieceStreams streams = new PieceStreams();
    private Piece piece = Piece.getDefaultInstance();
    private @Nullable PieceBytes bytes;
    private long before;
    private long begin;
    private byte[] message = {};

    Reader(MessageType<V> type, Iterator<Piece> pieces) {
      this.type = type;
      this.pieces = pieces;
    }

    @Override
    public boolean next() throws IOException {
      while (true) {
        PieceBytes open = bytes;
        if (open != null) {
          begin = open.taken();
          int first = open.next();
          if (first >= 0) {
            message = message(open, first);
            return true;
          }
          before += open.taken();
          closePiece();
        }
        if (!pieces.hasNext()) {
          return false;
        }
        piece = pieces.next();
        bytes = new PieceBytes(streams.open(piece), piece);
      }
    }

    private byte[] message(PieceBytes open, int first) throws IOException {
      long length = first & 0x7F;
      int next = first;
      for (int shift = BITS; (next & 0x80) != 0; shift += BITS) {
        next = open.next();
        if (next < 0 || shift >= MOST_BITS) {
          throw damaged("its length is none");
        }
        length |= (long) (next & 0x7F) << shift;
      }
      if (length > MessageType.LARGEST) {
        throw damaged("it has %d bytes, at most %d can be read".formatted(length, MessageType.LARGEST));
      }
      byte[] read = open.next((int) length);
      if (read.length < length) {
        throw damaged("it has %d bytes, and %d more should follow".formatted(read.length, length - read.length));
      }
      return read;
    }

    @Override
    public Origin key() {
      return new Origin(piece.getFile(), piece.getEntry(), begin);
    }

    @Override
    public V value() {
      try {
        return type.decode(message, 0, message.length);
      } catch (PlacesException e) {
        throw damaged("it is none of " + type.javaType().getName() + ": " + e.getMessage());
      }
    }

    private InputException damaged(String what) {
      return new InputException("the message of %s is damaged: %s".formatted(key(), what));
    }

    @Override
    public String position() {
      return key().toString();
    }

    @Override
    public long bytesRead() {
      return before + (bytes == null ? 0 : bytes.taken());
    }

    @Override
    public void close() throws IOException {
      try (streams) {
        closePiece();
      }
    }

    private void closePiece() throws IOException {
      PieceBytes open = bytes;
      bytes = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
