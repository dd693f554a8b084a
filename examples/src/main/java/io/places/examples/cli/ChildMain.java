package io.places.examples.cli;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a {@link ChildJvm}: runs another main class, as the JVM would, and ends with the process
 * that started it, however that ends. The standard input is left to the program.
 */
final class ChildMain {
  /** Nobody is told when a process ends that is not one's child. A look takes 50 us. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** Time for shutdown hooks of the program; then the JVM is halted. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(1);

  private static final int ORPHANED = 1;

  private ChildMain() {}

  /** Arguments: the process id of the parent, the main class, and its arguments. */
  public static void main(String[] arguments) throws Throwable {
    long parent = Long.parseLong(arguments[0]);
    daemon("places-parent", () -> watch(parent));
    run(arguments[1], Arrays.copyOfRange(arguments, 2, arguments.length));
  }

  private static void watch(long parent) throws InterruptedException {
    // An orphan gets another parent, so a process id that is given again does not mislead.
    while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L) == parent) {
      Thread.sleep(LOOK);
    }
    daemon("places-exit", () -> System.exit(ORPHANED));
    Thread.sleep(EXIT_LIMIT);
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static void run(String className, String[] arguments) throws Throwable {
    Method main;
    Class<?> type;
    try {
      type = Class.forName(className, true, ClassLoader.getSystemClassLoader());
      main = main(type);
    } catch (ClassNotFoundException e) {
      System.err.println("there is no class " + className + " on the class path" + missing());
      System.exit(1);
      return;
    }
    if (main == null) {
      System.err.println(className + " has no method main that can be started");
      System.exit(1);
      return;
    }
    main.setAccessible(true);
    try {
      Object on = null;
      if (!Modifier.isStatic(main.getModifiers())) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        on = constructor.newInstance();
      }
      if (main.getParameterCount() == 0) {
        main.invoke(on);
      } else {
        main.invoke(on, (Object) arguments);
      }
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** What the class path names and nobody has made, which is most often why. */
  static String missing() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && !Files.exists(Path.of(entry))) {
        entries.add(entry);
      }
    }
    return entries.isEmpty() ? "" : ", of which these do not exist: " + String.join(", ", entries);
  }

  /** The method that the JVM would start: with arguments rather than without, inherited ones too. */
  private static @Nullable Method main(Class<?> type) {
    for (Class<?>[] parameters : new Class<?>[][] {{String[].class}, {}}) {
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        try {
          Method main = c.getDeclaredMethod("main", parameters);
          if (!Modifier.isPrivate(main.getModifiers()) && main.getReturnType() == void.class) {
            return main;
          }
        } catch (NoSuchMethodException e) {
          // Then perhaps above.
        }
      }
    }
    return null;
  }

  private interface Watching {
    void run() throws InterruptedException;
  }

  private static void daemon(String name, Watching task) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                Runtime.getRuntime().halt(ORPHANED); // nobody else has this thread
              }
            });
  }
}
