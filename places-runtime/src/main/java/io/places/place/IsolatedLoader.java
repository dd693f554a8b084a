package io.places.place;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of the allowed packages for one place alone, from where the parent has them; every
 * other class, and all of this library, is the parent's. So the place's static fields are its own, while
 * channels and messages of the library mean the same on both sides.
 */
final class IsolatedLoader extends ClassLoader {
  private final AllowList allowed;

  static {
    registerAsParallelCapable();
  }

  IsolatedLoader(AllowList allowed, ClassLoader parent) {
    super("place", parent);
    this.allowed = allowed;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> found = findLoadedClass(name);
      if (found == null) {
        found = allowed.allows(name) && !isOurs(name) ? define(name) : null;
      }
      return found == null ? super.loadClass(name, resolve) : found;
    }
  }

  /** Null if the parent has no bytes for it: then the parent says what is missing. */
  private @Nullable Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(resource(name))) {
      if (in == null) {
        return null;
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException("cannot read the class " + name, e);
    }
  }

  private boolean isOurs(String name) {
    CodeSource ours = IsolatedLoader.class.getProtectionDomain().getCodeSource();
    URL found = getParent().getResource(resource(name));
    return ours != null
        && ours.getLocation() != null
        && found != null
        && found.toString().contains(ours.getLocation().toString());
  }

  private static String resource(String name) {
    return name.replace('.', '/') + ".class";
  }
}
