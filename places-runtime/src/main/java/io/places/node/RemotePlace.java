package io.places.node;

import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.PlaceRun;
import io.places.wire.proto.PlaceEnded;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place that this node started on another: its channel, its output, its end. The end is told when all
 * output is printed.
 */
final class RemotePlace<S, R> {
  private final RemoteChannel<S, R> channel;
  private final RemoteChannel<Void, byte[]> output;
  private final PlaceHandle<S, R> handle;
  private volatile @Nullable PlaceEnd end;

  RemotePlace(
      RemoteChannel<S, R> channel, RemoteChannel<Void, byte[]> output, PlaceHandle<S, R> handle) {
    this.channel = channel;
    this.output = output;
    this.handle = handle;
  }

  PlaceHandle<S, R> handle() {
    return handle;
  }

  /** Begins to print what the place prints. */
  void printOutput(Surroundings surroundings) {
    surroundings.spawner().virtual("places-output-" + handle.name(), this::print);
  }

  /** The last word about the place came; called on the connection's event loop. */
  void ended(PlaceEnded message) {
    PlaceFailedException failure =
        message.hasFailure() ? Failures.fromWire(message.getFailure()) : null;
    PlaceEnd how = new PlaceEnd(Math.clamp(message.getExitCode(), 0, 255), failure);
    Supplier<PlacesException> reason =
        PlaceRun.closedBecause(handle.name(), handle.nodeName(), how);
    end = how;
    channel.closedByPeer(reason);
    output.closedByPeer(reason);
  }

  void lost(Supplier<PlacesException> reason) {
    handle.lost(reason);
  }

  private void print() {
    String prefix = "%s/%s | ".formatted(handle.nodeName(), handle.name());
    try {
      while (true) {
        byte[] piece = output.get();
        PrintStream to = piece[0] == PlaceOutput.ERR ? System.err : System.out;
        String lines = new String(piece, 1, piece.length - 1, StandardCharsets.UTF_8);
        to.print(prefix + lines.replace("\n", "\n" + prefix) + "\n");
        to.flush();
      }
    } catch (PlacesException closed) {
      PlaceEnd how = end;
      if (how != null) {
        handle.ended(how);
      } // else the node is lost, and lost() has been called
    }
  }
}
