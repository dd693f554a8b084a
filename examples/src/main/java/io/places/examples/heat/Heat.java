package io.places.examples.heat;

import io.places.PlacesException;
import io.places.rmpi.Cartesian;
import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;
import io.places.rmpi.Slice;
import java.util.List;

/**
 * Lets heat spread over a plate, step by step. Each rank of a grid has a part of the plate, and before each step
 * gets from its neighbours the rows and columns of cells that border on it. The temperatures are the same, bit
 * for bit, for every number of ranks.
 *
 * <p>Its arguments are how many cells are in a row of the plate, and how many steps there are.
 */
public final class Heat implements RmpiFunction<HeatResult> {
  /** The plate must fit a message of 64 MiB. */
  public static final int MOST_SIZE = 2_000;

  @Override
  public HeatResult call(Comm all, String[] arguments) {
    Plate plate = new Plate(Integer.parseInt(arguments[0]));
    int steps = Integer.parseInt(arguments[1]);
    int[] sizes = Cartesian.sizes(all.size(), 0, 0);
    if (sizes[0] > plate.size()) {
      throw new PlacesException(
          "%d rows of ranks do not fit a plate of %d rows; take a larger plate or fewer ranks"
              .formatted(sizes[0], plate.size()));
    }
    Cartesian grid = all.cartesian(sizes, new boolean[] {false, false}).orElseThrow();
    Tile tile = new Tile(grid, sizes, plate);
    double change = 0;
    for (int step = 0; step < steps; step++) {
      tile.exchange();
      change = tile.step();
    }
    double most = grid.comm().allreduce(change, Math::max);
    return new HeatResult(sizes[0], sizes[1], most, gather(grid.comm(), tile, plate));
  }

  private static double[] gather(Comm comm, Tile tile, Plate plate) {
    List<Tile.Frame> frames = comm.gather(tile.frame(), 0);
    int[] counts = frames.stream().mapToInt(Tile.Frame::cells).toArray();
    int[] offsets = new int[counts.length];
    for (int rank = 1; rank < offsets.length; rank++) {
      offsets[rank] = offsets[rank - 1] + counts[rank - 1];
    }
    double[] tiles = new double[comm.rank() == 0 ? plate.size() * plate.size() : 0];
    comm.gatherv(Slice.of(tile.inside()), Slice.of(tiles), counts, offsets, 0);
    double[] whole = new double[tiles.length];
    for (int rank = 0; rank < frames.size(); rank++) {
      Tile.Frame frame = frames.get(rank);
      for (int row = 0; row < frame.rows(); row++) {
        System.arraycopy(
            tiles,
            offsets[rank] + row * frame.columns(),
            whole,
            (frame.top() + row) * plate.size() + frame.left(),
            frame.columns());
      }
    }
    return whole;
  }
}
