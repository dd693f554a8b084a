package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads records that all have the same number of bytes, without anything between them: the key is where
 * the record begins in its file. A file whose length is no multiple of that is refused, and so is one
 * that is packed by gzip. Paths and errors are as in {@link TextBlocks}.
 */
public final class FixedRecords extends TextInput<Long, byte[]> {
  private static final String LENGTH = "length";
  private static final int MOST_LENGTH = 16 << 20;
  private static final long LEAST_SPLIT = 1 << 20;
  private static final long MOST_SPLIT = 32 << 20;
  private static final int SPLITS_FOR_EACH_WORKER = 4;
  private static final int BUFFER_BYTES = 256 << 10;

  private int length;

  /** For workers, which configure it. Programs use {@link #of}. */
  public FixedRecords() {
    super(Border.NONE);
  }

  /**
   * The records of the files behind these paths.
   *
   * @param length of a record in bytes, from 1 to 16 MiB
   */
  public static FixedRecords of(int length, Path... paths) {
    FixedRecords records = new FixedRecords();
    records.length = checked(length);
    records.read(List.of(paths));
    return records;
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>(super.parameters());
    parameters.put(LENGTH, Integer.toString(length));
    return parameters;
  }

  @Override
  public void configure(Map<String, String> parameters) {
    super.configure(parameters);
    length = checked(Integer.parseInt(parameters.getOrDefault(LENGTH, "0")));
  }

  @Override
  public List<Split> splits(int workers) throws IOException {
    List<InputFile> files = InputFiles.of(paths());
    long total = files.stream().mapToLong(InputFile::length).sum();
    long share = total / ((long) workers * SPLITS_FOR_EACH_WORKER);
    long wanted = splitBytes() > 0 ? splitBytes() : Math.clamp(share, LEAST_SPLIT, MOST_SPLIT);
    long target = Math.max(1, wanted / length) * length;
    List<Split> splits = new ArrayList<>();
    Split.Builder current = Split.newBuilder();
    for (InputFile file : files) {
      check(file);
      for (long at = 0; at < file.length(); ) {
        long part = file.canBeCut() ? Math.min(target, file.length() - at) : file.length();
        if (current.getBytes() > 0
            && (current.getBytes() + part > target
                || current.getPiecesCount() == SplitPlan.MOST_PIECES)) {
          splits.add(current.build());
          current = Split.newBuilder();
        }
        current.setBytes(current.getBytes() + part).addPieces(piece(file, at, part));
        at += part;
      }
    }
    if (current.getBytes() > 0) {
      splits.add(current.build());
    }
    return splits;
  }

  @Override
  public RecordReader<Long, byte[]> open(Split split) throws IOException {
    return new Reader(split.getPiecesList().iterator(), length);
  }

  private void check(InputFile file) {
    if (GzipPiece.isName(file.file().toString())) {
      throw new InputException(
          "the file %s is packed, so it is not known how many records it has: unpack it"
              .formatted(file.file()));
    }
    if (file.length() % length != 0) {
      throw new InputException(
          "%s has %d bytes, which is no multiple of the record's length, %d"
              .formatted(new Origin(file.file().toString(), file.entry(), 0), file.length(), length));
    }
  }

  private static Piece piece(InputFile file, long from, long length) {
    return Piece.newBuilder()
        .setFile(PathText.of(file.file()))
        .setEntry(file.entry())
        .setOffset(from)
        .setLength(length)
        .build();
  }

  private static int checked(int length) {
    if (length < 1 || length > MOST_LENGTH) {
      throw new IllegalArgumentException(
          "a record has 1 to %d bytes, not %d".formatted(MOST_LENGTH, length));
    }
    return length;
  }

  private static final class Reader implements RecordReader<Long, byte[]> {
    private final Iterator<Piece> pieces;
    private final int length;
    private final PieceStreams streams = new PieceStreams();
    private final byte[] buffer;
    private Piece piece = Piece.getDefaultInstance();

    /** Of the piece: from where the buffer was filled, and how much was. */
    private long buffered;

    private int filled;
    private int at;
    private long bytesRead;
    private @Nullable PieceStream stream;

    Reader(Iterator<Piece> pieces, int length) {
      this.pieces = pieces;
      this.length = length;
      this.buffer = new byte[Math.max(1, BUFFER_BYTES / length) * length];
      this.at = -length;
    }

    @Override
    public boolean next() throws IOException {
      at += length;
      if (at >= filled && !fill()) {
        return false;
      }
      bytesRead += length;
      return true;
    }

    private boolean fill() throws IOException {
      buffered += filled;
      PieceStream open = stream;
      if (open == null || buffered == piece.getLength()) {
        closeStream();
        if (!pieces.hasNext()) {
          return false;
        }
        piece = pieces.next();
        open = streams.open(piece);
        stream = open;
        buffered = 0;
      }
      int size = (int) Math.min(buffer.length, piece.getLength() - buffered);
      for (filled = 0; filled < size; ) {
        filled += open.read(buffer, filled, size - filled);
      }
      if (buffered + filled == piece.getLength()) {
        open.end();
      }
      at = 0;
      return true;
    }

    @Override
    public Long key() {
      return piece.getOffset() + buffered + at;
    }

    @Override
    public byte[] value() {
      return Arrays.copyOfRange(buffer, at, at + length);
    }

    @Override
    public String position() {
      return new Origin(piece.getFile(), piece.getEntry(), key()).toString();
    }

    @Override
    public long bytesRead() {
      return bytesRead;
    }

    @Override
    public void close() throws IOException {
      try (streams) {
        closeStream();
      }
    }

    private void closeStream() throws IOException {
      if (stream != null) {
        stream.close();
        stream = null;
      }
      filled = 0;
    }
  }
}
