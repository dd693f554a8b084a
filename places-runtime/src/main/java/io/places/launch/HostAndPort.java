package io.places.launch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The written form of a node's address. */
public final class HostAndPort {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<v6>[0-9A-Fa-f:.]+)\\]|(?<name>[A-Za-z0-9_.-]+)):(?<port>\\d{1,5})");

  private static final int MOST_PORTS = 65_535;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private HostAndPort() {}

  /**
   * A port of 127.0.0.1, where nodes listen if they are not told otherwise. The JDK's own loopback address is
   * another in a JVM that prefers IPv6, and two JVMs need not agree in that.
   */
  public static InetSocketAddress loopback(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress("localhost", LOOPBACK), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  /**
   * Reads "host:port" or "[IPv6 address]:port". A host that nobody knows stays unresolved.
   *
   * @throws IllegalArgumentException if it is neither
   */
  @SuppressWarnings("AddressSelection") // a name for loopback addresses has one that serves: the first
  public static InetSocketAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > MOST_PORTS) {
      throw new IllegalArgumentException(
          "'%s' is no address: it must be written as host:port or [IPv6 address]:port"
              .formatted(text.replaceAll("[^\\x20-\\x7E]", "?")));
    }
    String host = matcher.group("v6") != null ? matcher.group("v6") : matcher.group("name");
    return new InetSocketAddress(host, Integer.parseInt(matcher.group("port")));
  }

  /** What {@link #parse} reads: the address if it is known, else the name, and the port. */
  public static String format(InetSocketAddress address) {
    return written(
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress(),
        address.getPort());
  }

  /** What {@link #parse} reads, with the host as it was given. */
  public static String asGiven(InetSocketAddress address) {
    return written(address.getHostString(), address.getPort());
  }

  private static String written(String host, int port) {
    return (host.contains(":") ? "[%s]:%d" : "%s:%d").formatted(host, port);
  }
}
