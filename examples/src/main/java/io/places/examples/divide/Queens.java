package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.ArrayList;
import java.util.List;

/**
 * In how many ways n queens stand on a board of n by n without threatening each other. A problem is a board on whose
 * first rows queens stand; its parts have one more.
 */
public final class Queens implements DivideAndConquer<Queens.Board, Long> {
  /** Rows that are left to one thread: some milliseconds of work. */
  private static final int SMALL_ROWS = 9;

  /**
   * A board. Fields are bits, the lowest for the first column.
   *
   * @param size of a side
   * @param rows on which a queen stands
   * @param columns that are taken
   * @param left fields of the next row that are threatened from the upper right
   * @param right fields of the next row that are threatened from the upper left
   */
  public record Board(int size, int rows, int columns, int left, int right) {
    /** The most queens: with 18 it takes minutes. */
    public static final int MOST = 18;

    /** An empty board. */
    public static Board empty(int size) {
      return new Board(size, 0, 0, 0, 0);
    }

    private int free() {
      return ~(columns | left | right) & ((1 << size) - 1);
    }

    private Board with(int field) {
      return new Board(
          size, rows + 1, columns | field, (left | field) << 1, (right | field) >>> 1);
    }
  }

  @Override
  public boolean isSmall(Board board) {
    return board.size() - board.rows() <= SMALL_ROWS;
  }

  @Override
  public List<Board> split(Board board) {
    List<Board> more = new ArrayList<>();
    for (int free = board.free(); free != 0; free &= free - 1) {
      more.add(board.with(Integer.lowestOneBit(free)));
    }
    return more;
  }

  @Override
  public Long solve(Board board) {
    return count(board.size(), board.columns(), board.left(), board.right());
  }

  private static long count(int size, int columns, int left, int right) {
    int all = (1 << size) - 1;
    if (columns == all) {
      return 1;
    }
    long count = 0;
    for (int free = ~(columns | left | right) & all; free != 0; free &= free - 1) {
      int field = Integer.lowestOneBit(free);
      count += count(size, columns | field, (left | field) << 1, (right | field) >>> 1);
    }
    return count;
  }

  @Override
  public Long combine(Board board, List<Long> parts) {
    return parts.stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public double work(Board board) {
    double fields = 1;
    for (int row = board.rows(); row < board.size(); row++) {
      fields *= Math.max(1, (board.size() - row) * 0.45); // what is not threatened, about
    }
    return 10 * fields;
  }

  @Override
  public long resultBytes(Board board, long bytes) {
    return Long.BYTES;
  }
}
