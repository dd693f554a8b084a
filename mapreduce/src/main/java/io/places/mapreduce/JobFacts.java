package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;

/** What a job's classes may ask for: its parameters and its side data. */
record JobFacts(JobSpec spec, SideValues side) {

  /** For what is kept for other jobs, whose side data may be other. */
  JobFacts withoutSide() {
    return new JobFacts(spec, SideValues.WITHHELD);
  }
}
