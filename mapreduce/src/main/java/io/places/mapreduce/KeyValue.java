package io.places.mapreduce;

/** A key with its value, as lists of them go in and out of {@link MapReduceWorkers#mapReduce}. */
public record KeyValue<K, V>(K key, V value) {}
