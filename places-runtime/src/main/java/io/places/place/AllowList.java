package io.places.place;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The packages from which a node takes classes by name. A package stands for itself and everything
 * below it; the empty name stands for the classes that are in no package.
 */
public record AllowList(List<String> packages) {
  private static final Pattern PACKAGE =
      Pattern.compile("|\\p{javaJavaIdentifierPart}+(\\.\\p{javaJavaIdentifierPart}+)*");

  public AllowList {
    packages = packages.stream().distinct().sorted().toList();
    for (String name : packages) {
      if (!PACKAGE.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is no package name");
      }
    }
  }

  /** Whether a class of this name is in one of the packages. */
  public boolean allows(String className) {
    for (String name : packages) {
      if (name.isEmpty()
          ? className.indexOf('.') < 0
          : className.startsWith(name) && className.startsWith(".", name.length())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Finds a class by a name that came from elsewhere, without running any of its code.
   *
   * @throws ClassNotFoundException if there is none, or its package is not on the list
   */
  public Class<?> load(String className) throws ClassNotFoundException {
    if (!allows(className)) {
      throw new ClassNotFoundException(
          "%s is not in a package that this node may start: %s; NodeOptions.allow(\"%s\") adds it"
              .formatted(className, packages, className.substring(0, Math.max(0, className.lastIndexOf('.')))));
    }
    try {
      return Class.forName(className, false, loader());
    } catch (ClassNotFoundException e) {
      throw new ClassNotFoundException(
          "there is no class %s on this node's class path".formatted(className), e);
    }
  }

  /**
   * As {@link #load(String)}, by a loader of its own: the class and all other allowed ones are new.
   */
  Class<?> loadIsolated(String className) throws ClassNotFoundException {
    load(className);
    return Class.forName(className, false, new IsolatedLoader(this, loader()));
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : AllowList.class.getClassLoader();
  }
}
