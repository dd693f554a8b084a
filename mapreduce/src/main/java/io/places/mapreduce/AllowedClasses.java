package io.places.mapreduce;

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
    return UserClasses.create(allowed, className, kind);
  }
}
