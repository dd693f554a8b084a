package io.places.node;

import io.places.PlacesException;
import io.places.Surroundings;
import io.places.wire.ClusterKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A cluster's secret in a file: 32 bytes that nobody but the file's owner may read or write. */
public final class SecretFile {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private SecretFile() {}

  /**
   * Makes the file with a new secret, unless it is there. Of several that do this at once all find the
   * same secret.
   *
   * @throws PlacesException if it cannot be made
   */
  public static void makeIfMissing(Path file) {
    if (Files.exists(file)) {
      return;
    }
    byte[] secret = new byte[ClusterKey.SECRET_SIZE];
    Surroundings.system().random().nextBytes(secret);
    try {
      // The link gives a whole file its name, or fails if another process was faster.
      Path folder = file.toAbsolutePath().getParent();
      Path whole =
          Files.createTempFile(folder, ".secret", "", PosixFilePermissions.asFileAttribute(OWNER));
      try {
        Files.write(whole, secret);
        Files.createLink(file, whole);
      } finally {
        Files.delete(whole);
      }
    } catch (NoSuchFileException e) {
      throw new PlacesException(
          "cannot make the secret file %s: there is no folder %s; make it first"
              .formatted(file, file.toAbsolutePath().getParent()),
          e);
    } catch (FileAlreadyExistsException e) {
      // Then that is the secret.
    } catch (IOException | UnsupportedOperationException e) {
      throw new PlacesException("cannot make the secret file %s: %s".formatted(file, e), e);
    }
  }

  static ClusterKey read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new PlacesException(
            "the secret file %s is a folder; name a file in it, which 'places node' makes".formatted(file));
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      for (PosixFilePermission permission : permissions) {
        if (OTHERS.contains(permission)) {
          throw new PlacesException(
              "the secret file %s has the permissions %s, so others can get at it; 'chmod 600 %s' closes it, but the secret may be known by now"
                  .formatted(file, PosixFilePermissions.toString(permissions), file));
        }
      }
      if (Files.size(file) != ClusterKey.SECRET_SIZE) {
        throw new PlacesException(
            "the secret file %s has %d bytes instead of %d; a file that is missing is made by 'places node'"
                .formatted(file, Files.size(file), ClusterKey.SECRET_SIZE));
      }
      return ClusterKey.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new PlacesException(
          "there is no secret file %s; 'places node' makes it where it starts a node".formatted(file), e);
    } catch (IOException | UnsupportedOperationException e) {
      throw new PlacesException("cannot read the secret file %s: %s".formatted(file, e), e);
    }
  }
}
