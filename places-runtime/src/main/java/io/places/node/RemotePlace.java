package io.places.node;

import io.places.InterruptKind;
import io.places.LogContext;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.place.CurrentPlace;
import io.places.place.PlaceControl;
import io.places.place.PlaceDeath;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.RunningPlace;
import io.places.wire.proto.Control;
import io.places.wire.proto.InterruptPlace;
import io.places.wire.proto.KillPlace;
import io.places.wire.proto.PlaceEnded;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place that this node started on another: its channel, its output, its end. The end is told when all
 * output is printed.
 */
final class RemotePlace<S, R> implements PlaceControl {
  private static final Logger LOG = LoggerFactory.getLogger(RemotePlace.class);

  private static final int INPUT_PIECE = 8 << 10;

  private final Peer peer;
  private final long id;
  private final long outputId;
  private final ChannelEnd<byte[], byte[]> output;
  private final CurrentPlace.Streams streams;
  private final PlaceHandle<S, R> handle;
  private volatile @Nullable PlaceEnd end;

  /**
   * @param id the channel by which the two nodes speak of the place
   * @param streams the creator's; its output appears on this JVM's, each line with node and place in
   *     front, if it was given none
   */
  RemotePlace(
      Peer peer,
      long id,
      long outputId,
      ChannelEnd<byte[], byte[]> output,
      CurrentPlace.Streams streams,
      PlaceHandle<S, R> handle) {
    this.peer = peer;
    this.id = id;
    this.outputId = outputId;
    this.output = output;
    this.streams = streams;
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
  void forget() {
    peer.forget(id);
    peer.forget(outputId);
  }

  void lost(Supplier<PlacesException> reason, boolean mayStillRun) {
    handle.lost(reason, mayStillRun);
  }

  @Override
  public void kill() {
    peer.connection()
        .control(
        Control.newBuilder()
            .setKillPlace(KillPlace.newBuilder().setChannel(id))
            .build());
  }

  /** Nobody here wants to know any more of it; it hears that after all that it was sent. */
  void hangUp() {
    peer.connection().control(id, interruption(InterruptKind.HANG_UP));
  }

  @Override
  public void interrupt(InterruptKind kind) {
    peer.connection().control(interruption(kind));
  }

  private Control interruption(InterruptKind kind) {
    InterruptPlace.Kind wireKind =
        switch (kind) {
          case BREAK -> InterruptPlace.Kind.BREAK;
          case HANG_UP -> InterruptPlace.Kind.HANG_UP;
          case TERMINATE -> InterruptPlace.Kind.TERMINATE;
        };
    return Control.newBuilder()
        .setInterruptPlace(InterruptPlace.newBuilder().setChannel(id).setKind(wireKind))
        .build();
  }

  private void print() {
    String prefix = "%s/%s | ".formatted(handle.nodeName(), handle.name());
    try {
      while (true) {
        byte[] piece = output.get();
        try {
          print(prefix, piece);
        } catch (RuntimeException | Error e) { // of the creator's own stream; the place's end comes this way, too
          LogContext.of(
              peer.moves().nodeName(), () -> LOG.warn("a stream given to {} failed", handle, e));
        }
      }
    } catch (PlacesException closed) {
      PlaceEnd how = end;
      if (how != null) {
        handle.ended(how);
      } // else the node is lost, and lost() has been called
    }
  }

  private void print(String prefix, byte[] piece) {
    boolean isError = (piece[0] & ~PlaceOutput.GOES_ON) == PlaceOutput.ERR;
    OutputStream given = isError ? streams.err() : streams.out();
    if (given != null) {
      write(given, piece);
      return;
    }
    PrintStream to = isError ? System.err : System.out;
    String lines = new String(piece, 1, piece.length - 1, StandardCharsets.UTF_8);
    to.print(prefix + lines.replace("\n", "\n" + prefix) + "\n");
    to.flush();
  }

  private static void write(OutputStream to, byte[] piece) {
    try {
      to.write(piece, 1, piece.length - 1);
      if ((piece[0] & PlaceOutput.GOES_ON) == 0) {
        to.write('\n');
      }
      to.flush();
    } catch (IOException e) {
      // The creator does not want to know any more; its place goes on.
    }
  }

  /** Begins to send what the place reads, if it was given anything. */
  void sendInput(Surroundings surroundings) {
    InputStream in = streams.in();
    if (in != null) {
      surroundings.spawner().virtual("places-input-" + handle.name(), () -> send(in));
    }
  }

  private void send(InputStream in) {
    try {
      byte[] buffer = new byte[INPUT_PIECE];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        send(PlaceInput.BYTES, Arrays.copyOf(buffer, count));
      }
      send(PlaceInput.END, new byte[0]);
    } catch (PlacesException ended) {
      // The place has ended and reads no more.
    } catch (IOException | RuntimeException e) {
      sendFailure(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
    }
  }

  private void sendFailure(String why) {
    try {
      send(PlaceInput.FAILED, why.getBytes(StandardCharsets.UTF_8));
    } catch (PlacesException ended) {
      // The place has ended and reads no more.
    }
  }

  private void send(byte kind, byte[] content) {
    byte[] piece = new byte[1 + content.length];
    piece[0] = kind;
    System.arraycopy(content, 0, piece, 1, content.length);
    while (true) {
      try {
        output.put(piece);
        return;
      } catch (PutTimeoutException e) {
        // The place does not read; it may yet, and its end is another exception.
      }
    }
  }
}
