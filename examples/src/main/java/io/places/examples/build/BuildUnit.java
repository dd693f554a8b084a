package io.places.examples.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Sources that one worker compiles together: those of a package, or of several packages that need each
 * other.
 *
 * @param needs the units whose classes it needs
 */
record BuildUnit(int number, List<Path> files, Set<Integer> needs) {}
