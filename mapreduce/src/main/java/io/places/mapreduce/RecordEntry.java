package io.places.mapreduce;

/** A record with its key, or a pair that was written, in memory. */
record RecordEntry(Object key, Object value) {}
