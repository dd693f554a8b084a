package io.places.examples.build;

/**
 * What every worker needs to know.
 *
 * @param output the folder for class files
 * @param classPath of the libraries that the sources need; may be empty
 */
record Settings(String output, String classPath) {}
