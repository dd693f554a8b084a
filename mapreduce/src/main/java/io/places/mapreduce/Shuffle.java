package io.places.mapreduce;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FetchMore;
import io.places.mapreduce.proto.FetchPartition;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.ToWorker;
import org.jspecify.annotations.Nullable;

/*
 * Map output goes from worker to worker: the reducer's worker asks each worker that has map output for
 * its partition, and gets one run, merged from the runs of all map tasks there, combined as it is
 * merged, and sent while it is being made. A sender sends no more than the reducer has said that it has room
 * for, and the reducer says more when it has read half of that. All its fetches together have less room than
 * their connections and its node let lie unread, since one that is not read now must not stop another: two
 * reducers that wait for each other's sources would wait for ever.
 *
 * An empty chunk ends the answer; the run's own end mark tells a whole one from one that broke off.
 */
/** Both sides of a fetch. */
final class Shuffle {
  private Shuffle() {}

  /** Answers a fetch. */
  static void send(
      EntryCursor pairs,
      ResolvedJob<?, ?, ?, ?, ?, ?> job,
      PacedAnswer answer) {
    RunWriter run = new RunWriter(job.isPacked(), answer::put);
    Combining.copy(pairs, job, run);
    if (Thread.interrupted()) { // by a combiner; what is put need not wait, and so not notice
      throw new PlaceInterruptedException("interrupted while it combined what it sends");
    }
    run.finish();
    answer.end();
  }

  /**
   * Asks for a partition now, and reads the answer as it comes. What goes wrong is a {@link
   * FetchFailedException}.
   *
   * @param room how many bytes may come before they are read
   */
  static ChunkSource fetch(
      long job,
      int partition,
      Source source,
      long room,
      PlaceChannel<ToWorker, FromWorker> worker) {
    blaming(
        source,
        () -> {
          worker.put(request(job, partition, source, room));
          return null;
        });
    var answer = new ReadAnswer(worker, room);
    return () -> blaming(source, answer);
  }

  /** An answer as it comes. */
  private static final class ReadAnswer implements ChunkSource {
    private final PlaceChannel<ToWorker, FromWorker> worker;

    /** So that a steady sender never waits for a round trip. */
    private final long enough;

    /** Since more was last asked for. */
    private long read;

    ReadAnswer(PlaceChannel<ToWorker, FromWorker> worker, long room) {
      this.worker = worker;
      this.enough = Math.max(1, room / 2);
    }

    @Override
    public byte @Nullable [] next() {
      byte[] chunk = chunk(worker.get());
      if (chunk != null) {
        read += chunk.length;
        if (read >= enough) {
          askForMore();
        }
      }
      return chunk;
    }

    private void askForMore() {
      try {
        worker.put(
            ToWorker.newBuilder().setFetchMore(FetchMore.newBuilder().setBytes(read)).build());
        read = 0;
      } catch (ChannelClosedException | NodeLostException e) {
        // What came before, perhaps all, can still be read; then it is told.
      }
    }
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

  private static ToWorker request(long job, int partition, Source source, long room) {
    return ToWorker.newBuilder()
        .setFetchPartition(
            FetchPartition.newBuilder()
                .setJob(job)
                .setPartition(partition)
                .addAllMaps(source.getMapsList())
                .setRoom(room))
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

  /** A part of a chunk, which nobody changes any more. */
  static FromWorker message(byte[] chunk, int from, int size) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(chunk, from, size);
    return FromWorker.newBuilder().setChunk(bytes).build();
  }
}
