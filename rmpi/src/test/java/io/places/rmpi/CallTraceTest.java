package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The calls of ranks as JDK Flight Recorder has them. */
class CallTraceTest {
  private static final String EVENT = "io.places.RmpiCall";
  private static final Duration LATE = Duration.ofMillis(50);

  static final class Calls implements RmpiFunction<Integer> {
    private static final CyclicBarrier BOTH_BEGIN = new CyclicBarrier(2); // a rank may have begun late
    private static volatile @Nullable Thread receiver;

    @Override
    public Integer call(Comm comm, String[] arguments)
        throws InterruptedException, BrokenBarrierException, TimeoutException {
      BOTH_BEGIN.await(30, TimeUnit.SECONDS);
      if (comm.rank() == 0) {
        awaitCall("recv");
        Thread.sleep(LATE); // what the other waits for
        comm.send(new double[] {1, 2, 3}, 1, 7);
      } else {
        receiver = Thread.currentThread();
        comm.recv(double[].class, Comm.ANY_SOURCE, Comm.ANY_TAG);
      }
      Comm dup = comm.dup();
      int sum = dup.allreduce(1, Integer::sum);
      dup.bcast(Slice.of(new int[5]), 1);
      return sum;
    }

    private static void awaitCall(String method) {
      while (!isIn(receiver, method)) {
        Thread.onSpinWait();
      }
      receiver = null;
    }

    private static boolean isIn(@Nullable Thread thread, String method) {
      return thread != null
          && Stream.of(thread.getStackTrace())
              .anyMatch(
                  frame ->
                      frame.getClassName().equals(Comm.class.getName())
                          && frame.getMethodName().equals(method));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_NODE", "NODES_MEMORY", "NODES_TCP", "NODES_CHANNEL"})
  void aRecordingHasEachCallWithWhomItWasAboutHowMuchAndHowLongItWaited(Ranks ranks, @TempDir Path folder)
      throws IOException {
    List<RecordedEvent> events;
    try (var recording = new Recording()) {
      recording.enable(EVENT);
      recording.start();
      assertThat(ranks.call(2, Calls.class, Integer.class)).containsExactly(2, 2);
      events = eventsOf(recording, folder);
    }

    assertThat(events)
        .extracting(CallTraceTest::text)
        .containsExactlyInAnyOrder(
            "0 send to/from 1, tag 7, 24 bytes, world",
            "1 recv to/from 0, tag 7, 24 bytes, world",
            "0 dup to/from -1, tag -1, 0 bytes, world",
            "1 dup to/from -1, tag -1, 0 bytes, world",
            "0 allreduce to/from -1, tag -1, 0 bytes, another",
            "1 allreduce to/from -1, tag -1, 0 bytes, another",
            "0 bcast to/from 1, tag -1, 20 bytes, another",
            "1 bcast to/from 1, tag -1, 20 bytes, another");
    assertThat(events)
        .filteredOn(event -> event.getString("operation").equals("recv"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getDuration("waited")).isBetween(LATE.dividedBy(2), event.getDuration());
            });
  }

  private static String text(RecordedEvent event) {
    return "%d %s to/from %d, tag %d, %d bytes, %s"
        .formatted(
            event.getInt("rank"),
            event.getString("operation"),
            event.getInt("peer"),
            event.getInt("tag"),
            event.getLong("bytes"),
            event.getInt("communicator") == 0 ? "world" : "another");
  }

  @Test
  void aRecordingThatDoesNotAskForThemHasNone(@TempDir Path folder) throws IOException {
    try (var recording = new Recording()) {
      recording.start();
      Ranks.ONE_NODE.call(2, Calls.class, Integer.class);
      assertThat(eventsOf(recording, folder)).isEmpty();
    }
  }

  private static List<RecordedEvent> eventsOf(Recording recording, Path folder) throws IOException {
    Path file = folder.resolve("recording.jfr");
    recording.stop();
    recording.dump(file);
    List<RecordedEvent> events = new ArrayList<>();
    try (var reader = new RecordingFile(file)) {
      while (reader.hasMoreEvents()) {
        RecordedEvent event = reader.readEvent();
        if (event.getEventType().getName().equals(EVENT)) {
          events.add(event);
        }
      }
    }
    return events;
  }
}
