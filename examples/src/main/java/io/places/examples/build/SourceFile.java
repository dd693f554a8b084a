package io.places.examples.build;

import java.nio.file.Path;
import java.util.Set;

/**
 * A source, as far as the order of the build depends on it.
 *
 * @param packageName empty for the unnamed package
 * @param names all dotted names in it, those in imports included: among them the packages it needs
 */
record SourceFile(Path path, String packageName, Set<String> names) {}
