/**
 * Map-reduce jobs: user classes that turn the records of an input into pairs of key and value, and
 * classes that turn each key with all its values into the output.
 *
 * <p>Start reading at {@link Job}, then {@link Mapper} and {@link Reducer}. Text files, zip files
 * and text output are in {@code io.places.mapreduce.text}, which uses nothing but what is public
 * here. {@link JobTest} tries a job in memory; {@link MapReduceWorkers} is map-reduce as the dissertation has it, with
 * lists, and shares nothing with the rest but key types.
 *
 * <p>Inside, one pair travels like this: {@link MapContext} to a {@link Collector} ({@link
 * CombineTable} or {@link SortBuffer}), sorted into a {@link Run} for each partition, read back by
 * a {@link RunReader}, brought together by {@link MergedRuns}, cut into {@link Groups}, and handed to
 * the reducer by {@link ReduceTask}.
 *
 * <p>A job's one {@link Controller} owns its {@link Task}s, their {@link Attempt}s, and the {@link Crew};
 * on each node a {@link Worker} does what it is told.
 */
@NullMarked
package io.places.mapreduce;

import org.jspecify.annotations.NullMarked;
