package io.places.peers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** DuckDB with two threads: a word count, and a sort of lines by their first ten characters. */
final class Duck {
  private Duck() {}

  /** Arguments: {@code words} or {@code sort}, input, output, folder for temporary files, bound on memory. */
  public static void main(String[] arguments) throws SQLException {
    String input = arguments[1];
    String output = arguments[2];
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      sql.execute("SET threads = 2");
      sql.execute("SET temp_directory = '" + arguments[3] + "'");
      sql.execute("SET memory_limit = '" + arguments[4] + "'");
      String lines =
          "read_csv('%s', header = false, delim = '\u0001', quote = '', escape = '', columns = {'line': 'VARCHAR'})"
              .formatted(input);
      if (arguments[0].equals("words")) {
        sql.execute(
            "CREATE TABLE counts AS SELECT word, count(*) AS n FROM (SELECT unnest(string_split(line, ' ')) AS word FROM "
                + lines
                + ") WHERE word <> '' GROUP BY word");
        sql.execute("COPY counts TO '" + output + "' (DELIMITER '\t', HEADER false)");
        try (ResultSet sums = sql.executeQuery("SELECT sum(n), count(*) FROM counts")) {
          sums.next();
          System.out.printf("total words: %d%ndistinct words: %d%n", sums.getLong(1), sums.getLong(2));
        }
      } else {
        sql.execute(
            "COPY (SELECT line FROM %s ORDER BY line[1:10]) TO '%s' (HEADER false, QUOTE '', DELIMITER '\u0001')"
                .formatted(lines, output));
      }
    }
  }
}
