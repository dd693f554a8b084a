package io.places.place;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.channel.ChannelEnd;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a body in a thread of its own, and says how it ended. */
public final class PlaceRun {
  private PlaceRun() {}

  /**
   * Starts the body.
   *
   * @param arguments waits for the arguments, in the place's own thread
   * @param end the body's end of the channel
   * @param ended told once, in the place's thread, after the body
   */
  public static void start(
      Spawner spawner,
      CurrentPlace self,
      ResolvedBody body,
      ChannelEnd<?, ?, ?, ?> end,
      Supplier<List<?>> arguments,
      Consumer<PlaceEnd> ended) {
    spawner.platform(
        "place-" + self.place(),
        () -> {
          self.enter();
          ended.accept(run(self, body, end, arguments));
        });
  }

  private static PlaceEnd run(
      CurrentPlace self,
      ResolvedBody body,
      ChannelEnd<?, ?, ?, ?> end,
      Supplier<List<?>> arguments) {
    try {
      body.run(end, arguments.get());
      return new PlaceEnd(0, null);
    } catch (PlaceExit exit) {
      return new PlaceEnd(exit.code(), null);
    } catch (ChannelClosedException | NodeLostException abandoned) {
      return new PlaceEnd(1, failure(self, abandoned)); // its creator closed or died: no news to print
    } catch (Throwable failure) {
      failure.printStackTrace();
      return new PlaceEnd(1, failure(self, failure));
    }
  }

  /** Why the channel of an ended place is closed, for those who still use it. */
  public static Supplier<PlacesException> closedBecause(
      String place, String node, PlaceEnd end) {
    return () ->
        new ChannelClosedException(
            "place %s on node %s has ended with exit code %d"
                .formatted(place, node, end.exitCode()),
            end.failure());
  }

  private static PlaceFailedException failure(CurrentPlace self, Throwable failure) {
    var stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack));
    String message = failure.getMessage();
    return new PlaceFailedException(
        self.location().name(),
        self.place(),
        failure.getClass().getName(),
        message == null ? "" : message,
        stack.toString());
  }
}
