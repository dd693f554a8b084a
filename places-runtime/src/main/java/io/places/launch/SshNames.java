package io.places.launch;

import java.util.regex.Pattern;

/*
 * What reaches ssh's command line from outside. A name that begins with '-' would be an option; one with
 * shell characters could reach a shell by a ProxyCommand of the user's that mentions %h or %r.
 */
/** The names of hosts and users that may be given to ssh. */
final class SshNames {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

  /** An IPv6 address has at least two colons; a name with one is a name and a port. */
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}(:\\d{1,3}(\\.\\d{1,3}){3})?");

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  private SshNames() {}

  static void requireHost(String host) {
    if (!HOST.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no host: letters, digits, '.', '-' and '_', the first a letter, digit or '_', or an IPv6 address without brackets; a port is given apart from it"
              .formatted(printable(host)));
    }
  }

  static void requireUser(String user) {
    if (!USER.matcher(user).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no user name: 1 to 64 letters, digits, '.', '-' and '_', the first a letter, digit or '_'"
              .formatted(printable(user)));
    }
  }

  /** Whether it is free of line ends and other control characters. */
  static boolean isOneLine(String text) {
    return text.codePoints()
        .noneMatch(
            character ->
                Character.isISOControl(character) || character == '\u2028' || character == '\u2029');
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
