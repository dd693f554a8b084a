package io.places.mapreduce;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FetchPartition;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.ToWorker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/*
 * Map output goes from worker to worker: the reducer's worker asks each worker that has map output for
 * its partition, and gets one run, merged from the runs of all map tasks there, combined as it is
 * merged, and sent while it is being made. The channel's credit holds the sender back when the reducer
 * is slower, so neither side keeps more than one window of it.
 *
 * An empty chunk ends the answer; the run's own end mark tells a whole one from one that broke off.
 */
/** Both sides of a fetch. */
final class Shuffle {
  /**
   * A reducer takes from one source while the others wait, and may think long about one value: only its
   * end ends the waiting.
   */
  private static final Duration PATIENCE = Duration.ofDays(365);

  private Shuffle() {}

  /** Answers a fetch. */
  static void send(
      EntryCursor pairs,
      ResolvedJob<?, ?, ?, ?, ?, ?> job,
      PlaceChannel<FromWorker, ToWorker> reducer) {
    RunWriter run = new RunWriter(job.isPacked(), chunk -> reducer.put(message(chunk), PATIENCE));
    Combining.copy(pairs, job, run);
    if (Thread.interrupted()) { // by a combiner; what is put need not wait, and so not notice
      throw new PlaceInterruptedException("interrupted while it combined what it sends");
    }
    run.finish();
    reducer.put(message(new byte[0]), PATIENCE);
  }

  /**
   * Asks for a partition now, and reads the answer as it comes. What goes wrong is a {@link
   * FetchFailedException}.
   */
  static ChunkSource fetch(
      long job, int partition, Source source, PlaceChannel<ToWorker, FromWorker> worker) {
    blaming(
        source,
        () -> {
          worker.put(request(job, partition, source));
          return null;
        });
    return () -> blaming(source, () -> chunk(worker.get()));
  }

  private static byte @Nullable [] blaming(Source source, ChunkSource call) {
    try {
      return call.next();
    } catch (PlaceInterruptedException | TaskFailedException e) {
      throw e;
    } catch (PlacesException e) {
      throw new FetchFailedException(source, e);
    }
  }

  private static ToWorker request(long job, int partition, Source source) {
    return ToWorker.newBuilder()
        .setFetchPartition(
            FetchPartition.newBuilder()
                .setJob(job)
                .setPartition(partition)
                .addAllMaps(source.getMapsList()))
        .build();
  }

  private static byte @Nullable [] chunk(FromWorker answer) {
    return switch (answer.getBodyCase()) {
      case CHUNK -> answer.getChunk().isEmpty() ? null : answer.getChunk().toByteArray();
      case FAILED -> throw failed(answer.getFailed());
      default ->
          throw new ProtocolException("unexpected answer to a fetch: " + answer.getBodyCase());
    };
  }

  /** What a class of the job has thrown there it would throw on any worker: the source is not to blame. */
  private static PlacesException failed(TaskFailed there) {
    return there.getExceptionClass().equals(TaskFailedException.class.getName())
        ? new TaskFailedException(there.getMessage(), new TaskFailedException(there.getStack()))
        : new PlacesException(there.getMessage());
  }

  private static FromWorker message(byte[] chunk) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(chunk); // nobody changes a chunk once it is made
    return FromWorker.newBuilder().setChunk(bytes).build();
  }
}
