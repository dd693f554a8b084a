package io.places.mapreduce;

/** Makes instances of the classes a job names: the one place where names become code. */
@FunctionalInterface
interface JobClasses {

  /**
   * A new instance.
   *
   * @param className as {@link Class#getName()} gives it
   * @param kind what the instance must be
   * @throws io.places.PlacesException if the class is not allowed on this node, is not found, or is
   *     not of this kind
   */
  <T> T create(String className, Class<T> kind);
}
