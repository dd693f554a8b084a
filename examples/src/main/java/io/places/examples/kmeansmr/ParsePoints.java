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

  /**
   * As far as all whole numbers of so many digits are doubles: the nearest double to a decimal of fewer is its digits
   * divided by one of these, which is much quicker than to parse it.
   */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private double[] block = {};
  private int size;
  private int dimensions;

  @Override
  public void map(Long offset, String line, Context<Integer, double[]> context) {
    if (line.isBlank()) {
      return;
    }
    if (dimensions == 0) {
      dimensions = dimensions(line);
      block = new double[Math.max(1, BLOCK / dimensions) * dimensions];
    }
    int end = size + dimensions;
    int comma;
    int from = 0;
    do {
      comma = line.indexOf(',', from);
      if (size == end) {
        throw another(line);
      }
      block[size++] = number(line, from, comma < 0 ? line.length() : comma);
      from = comma + 1;
    } while (comma >= 0);
    if (size < end) {
      throw another(line);
    }
    if (size == block.length) {
      emit(context);
    }
  }

  private static int dimensions(String line) {
    return 1 + (int) line.chars().filter(c -> c == ',').count();
  }

  private IllegalArgumentException another(String line) {
    return new IllegalArgumentException(
        "a point of %d dimensions is among points of %d".formatted(dimensions(line), dimensions));
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

  /** The nearest double to the decimal between two places of a line. */
  private static double number(String line, int from, int to) {
    boolean negative = from < to && line.charAt(from) == '-';
    long digits = 0;
    int count = 0;
    int point = -1;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      char c = line.charAt(at);
      if (c >= '0' && c <= '9') {
        digits = 10 * digits + (c - '0');
        count++;
      } else if (c == '.' && point < 0) {
        point = count;
      } else {
        return number(line.substring(from, to));
      }
    }
    if (count == 0 || count >= POWERS_OF_TEN.length) {
      return number(line.substring(from, to));
    }
    double number = point < 0 ? digits : digits / POWERS_OF_TEN[count - point];
    return negative ? -number : number;
  }

  static double number(String text) {
    double number;
    try {
      number = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      var told =
          new NumberFormatException(
              "'%s' is no number; a line is a point: numbers with commas between them".formatted(text));
      told.initCause(e);
      throw told;
    }
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("'" + text + "' is at no distance from anything");
    }
    return number;
  }
}
