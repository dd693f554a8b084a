package io.places.examples.build;

import io.places.PlacesException;
import io.places.node.Node;
import io.places.place.Place;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compiles a folder of Java sources by several places.
 *
 * <p>The unit of work is a package, or several that need each other in a circle. A unit is compiled when
 * all units that it needs have been, by one worker, from its sources and the class files of the others;
 * so no class is compiled twice, and no file is read while it is written. What needs a unit that has
 * errors is left out. Sources are UTF-8; annotation processors do not run, and class files of sources that
 * are gone stay. A module (a folder with a module-info.java) is refused.
 *
 * <p>After the dissertation, 3.4.1.
 */
public final class ParallelBuild {
  private ParallelBuild() {}

  /**
   * Compiles the sources of a folder and those below it.
   *
   * @param output where class files go; made if it is missing
   * @param classPath of the libraries that the sources need; may be empty
   * @param workers how many sources are compiled at the same time, at most
   * @throws PlacesException if the sources cannot be read, the output folder cannot be made, or something
   *     on the class path does not exist
   */
  public static BuildReport run(Path sources, Path output, String classPath, int workers) {
    requireAll(classPath);
    List<BuildUnit> units = BuildPlan.of(SourceScan.of(sources));
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new PlacesException("cannot make the output folder: " + e, e);
    }
    var settings = new Settings(output.toString(), classPath);
    List<Place<Order, WorkerMessage>> places = new ArrayList<>();
    try (Node node = Node.start()) {
      for (int i = 0; i < Math.min(workers, units.size()); i++) {
        places.add(node.place(BuildWorker::body, settings));
      }
      return new BuildController(new JobQueue(units), places).run();
    } finally {
      places.forEach(Place::close); // only matters after a failure: lets the others end
    }
  }

  /** The compiler would pass over what is missing, and complain of each class that it does not find there. */
  private static void requireAll(String classPath) {
    for (String entry : classPath.split(Pattern.quote(File.pathSeparator), 0)) {
      boolean allJars = entry.equals("*") || entry.endsWith(File.separator + "*");
      Path path = Path.of(allJars ? entry.substring(0, entry.length() - 1) : entry);
      if (!Files.exists(path)) {
        throw new PlacesException(
            "there is no %s, which the class path names: %s".formatted(path, classPath));
      }
    }
  }
}
