package io.places.ndp;

import io.places.place.AllowList;

/** The packages whose classes the workers of a group may run. */
record Packages(AllowList allowed) {
  /**
   * Refuses a class that no worker would run, before it depends on chance whether one is asked to.
   *
   * @throws IllegalArgumentException naming the class and the packages
   */
  void check(Class<?> type) {
    if (!allowed.allows(type.getName())) {
      throw new IllegalArgumentException(
          "%s is not in a package whose classes the workers of this group may run: %s; give its package, \"%s\", when the group is started"
              .formatted(type.getName(), String.join(", ", allowed.packages()), type.getPackageName()));
    }
  }
}
