package io.places.mapreduce;

import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;

/** Splits for people to read. */
final class SplitText {
  private SplitText() {}

  /** What is read and from where, in short. */
  static String of(Split split) {
    if (split.getPiecesCount() == 0) {
      return "nothing";
    }
    Piece first = split.getPieces(0);
    String name =
        first.getEntry().isEmpty() ? first.getFile() : first.getEntry() + " in " + first.getFile();
    return split.getPiecesCount() == 1
        ? "%s from byte %d".formatted(name, first.getOffset())
        : "%s and %d more".formatted(name, split.getPiecesCount() - 1);
  }
}
