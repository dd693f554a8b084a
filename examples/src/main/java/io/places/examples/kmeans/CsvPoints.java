package io.places.examples.kmeans;

import io.places.PlacesException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads points from a file: one in each line, its coordinates between commas. Empty lines, and a first line in
 * which no column is a number, are left out.
 */
final class CsvPoints {
  /** The squares of larger numbers, and sums of them, would overflow. */
  static final double MOST = 1e140;

  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  /** Spreadsheets put it in front of the first line. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private double[] values = new double[1024];
  private int size;
  private int dimensions;
  private int line;

  private CsvPoints(Path file) {
    this.file = file;
  }

  /**
   * @throws PlacesException if that is no such file, with the line and the column
   */
  static Points read(Path file) {
    CsvPoints points = new CsvPoints(file);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        points.add(text);
      }
    } catch (NoSuchFileException e) {
      throw new PlacesException("there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new PlacesException(file + " is neither UTF-8 text nor a PNG or JPEG picture", e);
    } catch (IOException e) {
      throw new PlacesException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    if (points.size == 0) {
      throw new PlacesException(file + " has no points");
    }
    return new Points(points.dimensions, Arrays.copyOf(points.values, points.size));
  }

  private void add(String read) {
    line++;
    String text =
        line == 1 && read.startsWith(BYTE_ORDER_MARK) ? read.substring(BYTE_ORDER_MARK.length()) : read;
    if (text.isBlank()) {
      return;
    }
    String[] columns = text.split(",", -1);
    if (line == 1 && Arrays.stream(columns).noneMatch(CsvPoints::isNumber)) {
      return; // names
    }
    if (dimensions == 0) {
      dimensions = columns.length;
    } else if (columns.length != dimensions) {
      throw wrong(
          " has %d columns, those before have %d".formatted(columns.length, dimensions));
    }
    reserve(columns.length);
    for (int column = 0; column < columns.length; column++) {
      values[size++] = number(columns[column].strip(), column + 1);
    }
  }

  private static boolean isNumber(String column) {
    try {
      double ignored = parse(column);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** As Java does, but for its hexadecimal numbers and the letters behind them that name a type. */
  private static double parse(String column) {
    String text = column.strip();
    if (!text.isEmpty()) {
      char last = text.charAt(text.length() - 1);
      if ("dDfF".indexOf(last) >= 0 || text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
        throw new NumberFormatException(text);
      }
    }
    return Double.parseDouble(text);
  }

  private double number(String text, int column) {
    double number;
    try {
      number = parse(text);
    } catch (NumberFormatException e) {
      boolean otherwise = text.indexOf(';') >= 0 || text.indexOf('\t') >= 0;
      throw wrong(
          ", column %d: '%s' is no number%s"
              .formatted(column, text, otherwise ? "; put commas between the columns" : ""));
    }
    if (!Double.isFinite(number)) {
      throw wrong(
          ", column %d: %s is at no distance from anything; give finite numbers, or leave the point out"
              .formatted(column, text));
    }
    if (Math.abs(number) > MOST) {
      throw wrong(
          ", column %d: %s is too large, the squares of such numbers overflow; scale them to %s at most"
              .formatted(column, text, MOST));
    }
    return number;
  }

  private void reserve(int more) {
    if (size > MOST_VALUES - more) {
      throw wrong(": there are more than the %d numbers that fit an array".formatted(MOST_VALUES));
    }
    if (size + more > values.length) {
      long doubled = Math.max(2L * values.length, size + more);
      values = Arrays.copyOf(values, (int) Math.min(doubled, MOST_VALUES));
    }
  }

  private PlacesException wrong(String what) {
    return new PlacesException("%s, line %d%s".formatted(file, line, what));
  }
}
