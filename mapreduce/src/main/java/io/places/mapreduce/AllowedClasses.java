package io.places.mapreduce;

import io.places.PlacesException;
import io.places.place.AllowList;
import io.places.place.UserClasses;

/** Makes the classes that a job names, if the node's allow-list has their package. */
final class AllowedClasses implements JobClasses {
  private final AllowList allowed;

  AllowedClasses(AllowList allowed) {
    this.allowed = allowed;
  }

  @Override
  public <T> T create(String className, Class<T> kind) {
    if (!allowed.allows(className)) {
      throw new PlacesException(
          "%s is not in a package that this node may start: %s; name its package where the workers are made, as in Workers.processes(2, \"%s\")"
              .formatted(
                  className,
                  allowed.packages(),
                  className.substring(0, Math.max(0, className.lastIndexOf('.')))));
    }
    return UserClasses.create(allowed, className, kind);
  }
}
