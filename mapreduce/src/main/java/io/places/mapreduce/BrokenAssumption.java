package io.places.mapreduce;

/** A {@link JobTest} has found that a job would not give the same output on any number of workers. */
@SuppressWarnings("serial") // never written: test frameworks take its text
public final class BrokenAssumption extends AssertionError {
  private final Assumption assumption;

  BrokenAssumption(Assumption assumption, String job, String details) {
    super(
        "the output of job '%s' %s; %s. %s"
            .formatted(job, assumption.what(), assumption.advice(), details));
    this.assumption = assumption;
  }

  /** Which one is broken: the first that was found. */
  public Assumption assumption() {
    return assumption;
  }
}
