package io.places.mapreduce;

import java.lang.reflect.Constructor;

/** Makes any class of the class path, as a worker does with those it allows. */
final class ClassPath implements JobClasses {
  static final ClassPath CLASSES = new ClassPath();

  private ClassPath() {}

  @Override
  public <T> T create(String className, Class<T> kind) {
    try {
      Constructor<?> constructor = Class.forName(className).getDeclaredConstructor();
      constructor.setAccessible(true);
      return kind.cast(constructor.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(className, e);
    }
  }
}
