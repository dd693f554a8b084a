package io.places.examples.kmeansmr;

import io.places.mapreduce.Context;
import io.places.mapreduce.Mapper;
import java.util.Arrays;

/**
 * Reads points, one in each line with its coordinates between commas, and emits them in blocks, with their
 * dimensions: an object for each point would take most of the memory. Empty lines are left out.
 */
public final class ParsePoints implements Mapper<Long, String, Integer, double[]> {
  /** Numbers in a block: some pages of memory. */
  private static final int BLOCK = 1 << 14;

  private double[] block = {};
  private int size;
  private int dimensions;

  @Override
  public void map(Long offset, String line, Context<Integer, double[]> context) {
    if (line.isBlank()) {
      return;
    }
    int count = 1 + (int) line.chars().filter(c -> c == ',').count();
    if (dimensions == 0) {
      dimensions = count;
      block = new double[Math.max(1, BLOCK / count) * count];
    } else if (dimensions != count) {
      throw new IllegalArgumentException(
          "a point of %d dimensions is among points of %d".formatted(count, dimensions));
    }
    int from = 0;
    for (int i = 0; i < count; i++) {
      int comma = line.indexOf(',', from);
      block[size++] = number(line.substring(from, comma < 0 ? line.length() : comma));
      from = comma + 1;
    }
    if (size == block.length) {
      emit(context);
    }
  }

  @Override
  public void cleanup(Context<Integer, double[]> context) {
    if (size > 0) {
      emit(context);
    }
  }

  private void emit(Context<Integer, double[]> context) {
    context.emit(dimensions, Arrays.copyOf(block, size)); // it is kept, and so must be another each time
    size = 0;
  }

  static double number(String text) {
    double number = Double.parseDouble(text.strip());
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("'" + text + "' is at no distance from anything");
    }
    return number;
  }
}
