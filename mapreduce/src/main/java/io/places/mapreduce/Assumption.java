package io.places.mapreduce;

/** What map-reduce takes for granted of a job's classes, and a {@link JobTest} puts to the test. */
public enum Assumption {
  /** The same input gives the same output. */
  SAME_AGAIN(
      "is not the same when the same is run again",
      "the job's classes must not depend on time, chance, static fields, or the order of a hash set"),

  /** It does not matter where the input is cut. */
  SPLITS(
      "depends on where the input is cut into splits",
      "a mapper sees only the records of its own split, so what it makes of one must not depend on others"),

  /** It does not matter in which order a key's values come. */
  VALUE_ORDER(
      "depends on the order of a key's values",
      "values come from many tasks in any order: let the reducer not care, or sort them with a KeyOrder"),

  /** It does not matter how many reducers there are. */
  REDUCERS(
      "depends on the number of reducers",
      "a reducer sees only the keys of its own partition, so what it makes of one key must not depend on"
          + " others; and a partitioner must keep together what belongs to one group"),

  /** It does not matter whether the combiner runs at all, once, or many times. */
  COMBINING(
      "depends on how often the combiner runs",
      "the engine combines none, some or all of a key's values, in any grouping: the combiner must be"
          + " associative and commutative, and the reducer must make the same of its results as of what"
          + " went into them"),

  /** A combiner changes nothing that it is given. */
  COMBINER_ARGUMENTS(
      "cannot be trusted: its combiner changes a value that it is given",
      "a combiner must answer a new value and leave both arguments as they are"),

  /** A key's partition depends on nothing else. */
  PARTITIONS(
      "cannot be trusted: its partitioner puts one key into two partitions",
      "its answer must depend on the key's content and the number of partitions only");

  private final String what;
  private final String advice;

  Assumption(String what, String advice) {
    this.what = what;
    this.advice = advice;
  }

  /** How the output of a job shows that this does not hold: "depends on ...". */
  String what() {
    return what;
  }

  /** What the job's classes must be like. */
  String advice() {
    return advice;
  }
}
