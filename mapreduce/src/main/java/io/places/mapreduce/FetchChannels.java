package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.ToWorker;
import io.places.node.Node;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * A channel that a task has read to the end of its answer is kept for the next task, of whatever job: to open one takes
 * longer than to fetch a little.
 *
 * The connection of a kept one may have been lost since. That is known at the latest when its answer should begin, and
 * is no fault of the worker there: it is asked again, by a new channel. One that is lost in the middle of an answer,
 * or was new, is a failed fetch.
 */
/** The channels by which a worker fetches map output from others. Safe for use by many threads. */
final class FetchChannels {
  private final Node node;

  /** No task uses them now. */
  private final Queue<FetchChannel> idle = new ConcurrentLinkedQueue<>();

  private record FetchChannel(
      InetSocketAddress address, PlaceChannel<ToWorker, FromWorker> worker) {}

  FetchChannels(Node node) {
    this.node = node;
  }

  /**
   * The channels of one task, which uses them in its thread.
   *
   * @param room how many bytes may come by each of them before they are read
   */
  Taken take(long room) {
    return new Taken(room);
  }

  private @Nullable FetchChannel takeIdle(InetSocketAddress address) {
    for (FetchChannel each : List.copyOf(idle)) {
      if (each.address().equals(address) && idle.remove(each)) {
        return each;
      }
    }
    return null;
  }

  private FetchChannel open(InetSocketAddress address, Source source) {
    try {
      return new FetchChannel(
          address, node.connect(address).named(Worker.NAME, ToWorker.class, FromWorker.class));
    } catch (PlaceInterruptedException e) {
      throw e;
    } catch (PlacesException e) {
      throw new FetchFailedException(source, e);
    }
  }

  /** What one task fetches by. */
  final class Taken implements AutoCloseable {
    private final long room;
    private final List<FetchChannel> channels = new ArrayList<>();

    private Taken(long room) {
      this.room = room;
    }

    /**
     * Asks for a partition now, and reads the answer as it comes. What goes wrong is a {@link
     * FetchFailedException}.
     */
    ChunkSource fetch(InetSocketAddress address, Source source, long job, int partition) {
      Supplier<ChunkSource> anew =
          () -> ask(open(address, source), source, job, partition);
      FetchChannel kept = takeIdle(address);
      if (kept == null) {
        return anew.get();
      }
      Supplier<ChunkSource> instead =
          () -> {
            channels.remove(kept);
            kept.worker().close();
            return anew.get();
          };
      try {
        return new Answer(ask(kept, source, job, partition), instead);
      } catch (FetchFailedException e) {
        return instead.get();
      }
    }

    private ChunkSource ask(FetchChannel channel, Source source, long job, int partition) {
      channels.add(channel);
      return Shuffle.fetch(job, partition, source, room, channel.worker());
    }

    /** All answers were read to their ends: others may use the channels. */
    void keep() {
      idle.addAll(channels);
      channels.clear();
    }

    /** Closes the channels that are not kept: some of an answer may still come. */
    @Override
    public void close() {
      channels.forEach(channel -> channel.worker().close());
    }
  }

  /** Of a kept channel. */
  private static final class Answer implements ChunkSource {
    private ChunkSource source;

    /** Until the answer has begun. */
    private @Nullable Supplier<ChunkSource> instead;

    Answer(ChunkSource source, Supplier<ChunkSource> instead) {
      this.source = source;
      this.instead = instead;
    }

    @Override
    public byte @Nullable [] next() {
      Supplier<ChunkSource> ifLost = instead;
      instead = null;
      try {
        return source.next();
      } catch (FetchFailedException e) {
        if (ifLost == null || !e.isLoss()) {
          throw e;
        }
        source = ifLost.get();
        return source.next();
      }
    }
  }
}
