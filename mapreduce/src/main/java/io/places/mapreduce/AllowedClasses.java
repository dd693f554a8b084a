package io.places.mapreduce;

import io.places.PlacesException;
import io.places.place.AllowList;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/** Makes the classes that a job names, if the node's allow-list has their package. */
final class AllowedClasses implements JobClasses {
  private final AllowList allowed;

  AllowedClasses(AllowList allowed) {
    this.allowed = allowed;
  }

  @Override
  public <T> T create(String className, Class<T> kind) {
    try {
      Class<?> found = allowed.load(className);
      if (!kind.isAssignableFrom(found)) {
        throw new PlacesException(
            "the job names %s as its %s, which it is not".formatted(className, kind.getName()));
      }
      Constructor<?> constructor = found.getDeclaredConstructor();
      constructor.setAccessible(true);
      return kind.cast(constructor.newInstance());
    } catch (InvocationTargetException e) {
      throw new PlacesException(
          "the constructor of %s failed: %s".formatted(className, e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new PlacesException("the job's class cannot be made: " + e.getMessage(), e);
    }
  }
}
