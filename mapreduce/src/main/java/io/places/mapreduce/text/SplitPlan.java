package io.places.mapreduce.text;

import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts files into splits of about equal size: large files at borders, small ones and zip entries
 * grouped in the order in which they come.
 */
final class SplitPlan {
  /** With fewer bytes a task would cost more to hand out than to run. */
  private static final long LEAST_BYTES = 1 << 20;

  /** With more, a lost or slow task would be too much to do again, and progress would be coarse. */
  private static final long MOST_BYTES = 32 << 20;

  /**
   * So many for each worker: the last ones still busy then work on a quarter of a share at most.
   */
  private static final int FOR_EACH_WORKER = 4;

  /**
   * A split travels as one message, which names every piece: this keeps it below a megabyte or so.
   */
  static final int MOST_PIECES = 4096;

  private final Border border;
  private final long target;
  private final List<Split> splits = new ArrayList<>();
  private Split.Builder current = Split.newBuilder();

  private SplitPlan(Border border, long target) {
    this.border = border;
    this.target = target;
  }

  /** The splits of the files for so many workers. */
  static List<Split> forWorkers(List<InputFile> files, Border border, int workers)
      throws IOException {
    if (workers < 1) {
      throw new IllegalArgumentException("splits are for 1 or more workers, not " + workers);
    }
    long total = files.stream().mapToLong(InputFile::length).sum();
    long share = total / ((long) workers * FOR_EACH_WORKER);
    return ofSize(files, border, Math.clamp(share, LEAST_BYTES, MOST_BYTES));
  }

  /** The splits of the files with about {@code target} bytes each. */
  static List<Split> ofSize(List<InputFile> files, Border border, long target) throws IOException {
    SplitPlan plan = new SplitPlan(border, target);
    for (InputFile file : files) {
      plan.add(file);
    }
    plan.closeSplit();
    return List.copyOf(plan.splits);
  }

  private void add(InputFile file) throws IOException {
    if (border != Border.NONE && file.canBeCut() && file.length() > target) {
      addParts(file);
    } else {
      addPiece(file, 0, file.length());
    }
  }

  private void addParts(InputFile file) throws IOException {
    long parts = Math.ceilDiv(file.length(), target);
    long part = Math.ceilDiv(file.length(), parts);
    try (Borders borders = new Borders(border, file)) {
      long from = 0;
      for (long wanted = part; from < file.length(); wanted += part) {
        if (wanted > from) {
          long to = wanted < file.length() ? borders.atOrAfter(wanted) : file.length();
          addPiece(file, from, to);
          from = to;
        }
      }
    }
  }

  private void addPiece(InputFile file, long from, long to) {
    long length = to - from;
    if (length == 0) {
      return;
    }
    boolean full = current.getBytes() + length > target || current.getPiecesCount() == MOST_PIECES;
    if (full) {
      closeSplit();
    }
    current
        .setBytes(current.getBytes() + length)
        .addPieces(
            Piece.newBuilder()
                .setFile(PathText.of(file.file()))
                .setEntry(file.entry())
                .setOffset(from)
                .setLength(length));
  }

  private void closeSplit() {
    if (current.getPiecesCount() > 0) {
      splits.add(current.build());
      current = Split.newBuilder();
    }
  }
}
