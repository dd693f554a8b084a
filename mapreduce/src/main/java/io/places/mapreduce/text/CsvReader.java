package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import io.places.mapreduce.RecordReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes records of the lines of CSV files. */
final class CsvReader implements RecordReader<Origin, List<String>> {
  /** Of a record; what a line has at most is in a record all the same. */
  private static final int MOST_CHARS = 16 << 20;

  private final LineReader lines;
  private final char separator;
  private final boolean header;
  private final boolean oneLineEach;
  private final int mostChars;

  /** Whether only empty lines were read of the file that is read, from its beginning. */
  private boolean headerAhead;

  private Origin origin = new Origin("", "", 0);
  private List<String> fields = new ArrayList<>();

  /** The record's text so far, which grows by a line if that ends within quotes. */
  private String text = "";

  private int at;

  /** Of the record so far. */
  private long chars;

  CsvReader(LineReader lines, char separator, boolean header, boolean oneLineEach) {
    this(lines, separator, header, oneLineEach, MOST_CHARS);
  }

  CsvReader(
      LineReader lines, char separator, boolean header, boolean oneLineEach, int mostChars) {
    this.lines = lines;
    this.separator = separator;
    this.header = header;
    this.oneLineEach = oneLineEach;
    this.mostChars = mostChars;
  }

  @Override
  public boolean next() throws IOException {
    boolean isHeader;
    do {
      if (!lines.next()) {
        return false;
      }
      Origin line = lines.origin();
      headerAhead = line.offset() == 0 ? header : headerAhead && isSameFile(line);
      origin = line;
      text = lines.value();
      chars = text.length();
      isHeader = headerAhead && !text.isEmpty();
      if (!text.isEmpty()) {
        headerAhead = false;
        parse();
      }
    } while (isHeader || text.isEmpty());
    return true;
  }

  private void parse() throws IOException {
    fields = new ArrayList<>();
    at = 0;
    do {
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
    } while (at++ < text.length()); // a separator at the very end has an empty field behind it
  }

  private String plain() {
    int end = text.indexOf(separator, at);
    int from = at;
    at = end < 0 ? text.length() : end;
    return text.substring(from, at);
  }

  private String quoted() throws IOException {
    StringBuilder field = new StringBuilder();
    at++;
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        field.append(text, at, text.length());
        at = text.length();
        field.append(lines.end());
        addLine();
      } else {
        field.append(text, at, quote);
        at = quote + 1;
        if (at == text.length() || text.charAt(at) == separator) {
          return field.toString();
        }
        if (text.charAt(at) != '"') {
          throw wrong("'%s' follows a closing quote, where there should be a '%s' or the end of the line".formatted(text.charAt(at), separator));
        }
        field.append('"');
        at++;
      }
    }
  }

  /** Goes on in the next line, which must be of the same file. */
  private void addLine() throws IOException {
    if (oneLineEach) {
      throw wrong("a line ends within quotes, which was ruled out by withoutLineEndsInFields");
    }
    if (!lines.next() || !isSameFile(lines.origin())) {
      throw wrong("a quote is not closed before the file ends");
    }
    text = lines.value();
    at = 0;
    chars += text.length() + 1;
    if (chars > mostChars) {
      throw wrong("it has more than %d characters; is a quote missing?".formatted(mostChars));
    }
  }

  private boolean isSameFile(Origin other) {
    return other.file().equals(origin.file()) && other.entry().equals(origin.entry());
  }

  private InputException wrong(String what) {
    return new InputException("%s: no record of CSV: %s".formatted(origin, what));
  }

  @Override
  public Origin key() {
    return origin;
  }

  @Override
  public List<String> value() {
    return Collections.unmodifiableList(fields);
  }

  @Override
  public String position() {
    return origin.toString();
  }

  @Override
  public long bytesRead() {
    return lines.bytesRead();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
