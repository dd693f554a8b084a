package io.places.node;

import io.places.InterruptKind;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.place.PlaceControl;
import io.places.place.PlaceDeath;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.RunningPlace;
import io.places.wire.proto.Control;
import io.places.wire.proto.InterruptPlace;
import io.places.wire.proto.KillPlace;
import io.places.wire.proto.PlaceEnded;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place that this node started on another: its channel, its output, its end. The end is told when all
 * output is printed.
 */
final class RemotePlace<S, R> implements PlaceControl {
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
    PlaceDeath.Reason why =
        message.getKilled()
            ? PlaceDeath.Reason.KILLED
            : failure != null ? PlaceDeath.Reason.EXCEPTION : PlaceDeath.Reason.EXIT;
    PlaceEnd how = new PlaceEnd(why, Math.clamp(message.getExitCode(), 0, 255), failure);
    // Its name may not be known here yet: its end may come before the answer to its start is read.
    Supplier<PlacesException> reason =
        () -> RunningPlace.closedBecause(handle.name(), handle.nodeName(), how).get();
    end = how;
    output.closedByPeer(reason);
  }

  /** Nothing comes on its channels any more. */
  void forget(Peer peer) {
    peer.remove(channel.id());
    peer.remove(output.id());
  }

  void lost(Supplier<PlacesException> reason, boolean mayStillRun) {
    handle.lost(reason, mayStillRun);
  }

  @Override
  public void kill() {
    channel
        .connection()
        .control(
        Control.newBuilder()
            .setKillPlace(KillPlace.newBuilder().setChannel(channel.id()))
            .build());
  }

  @Override
  public void interrupt(InterruptKind kind) {
    InterruptPlace.Kind wireKind =
        switch (kind) {
          case BREAK -> InterruptPlace.Kind.BREAK;
          case HANG_UP -> InterruptPlace.Kind.HANG_UP;
          case TERMINATE -> InterruptPlace.Kind.TERMINATE;
        };
    channel
        .connection()
        .control(
        Control.newBuilder()
            .setInterruptPlace(
                InterruptPlace.newBuilder().setChannel(channel.id()).setKind(wireKind))
            .build());
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
