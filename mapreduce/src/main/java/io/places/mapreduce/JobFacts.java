package io.places.mapreduce;

import io.places.mapreduce.proto.JobSpec;

/** What a job's classes may ask for: its parameters and its side data. */
record JobFacts(JobSpec spec, SideValues side) {}
