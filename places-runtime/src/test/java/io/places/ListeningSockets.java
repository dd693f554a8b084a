package io.places;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the processes of Linux listen. */
public final class ListeningSockets {
  /** A line of the table: the local address, then others, and the number of the socket. */
  private static final Pattern LISTENING =
      Pattern.compile("\\s*\\d+: (\\w+):\\w+ \\S+ 0A( +\\S+){5} +(\\d+) .*");

  /** As the system writes them: 127.0.0.1, the same as an address of IPv6, and ::1. */
  private static final Set<String> LOOPBACK =
      Set.of(
          "0100007F",
          "0000000000000000FFFF00000100007F",
          "00000000000000000000000001000000");

  private ListeningSockets() {}

  /** How many addresses a process listens at, and which of them others than this machine can reach. */
  public record Addresses(int count, List<String> reachable) {}

  public static Addresses of(long process) throws IOException {
    Set<String> own = socketsOf(process);
    int count = 0;
    List<String> reachable = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.matches() && own.contains("socket:[" + listening.group(3) + "]")) {
          count++;
          if (!LOOPBACK.contains(listening.group(1))) {
            reachable.add(line);
          }
        }
      }
    }
    return new Addresses(count, reachable);
  }

  private static Set<String> socketsOf(long process) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "fd"))) {
      for (Path each : all) {
        try {
          sockets.add(Files.readSymbolicLink(each).toString());
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    } catch (AccessDeniedException | NoSuchFileException e) {
      // another user's, or over
    }
    return sockets;
  }
}
