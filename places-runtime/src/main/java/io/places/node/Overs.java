package io.places.node;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.wire.proto.ChannelOver;
import java.util.function.Supplier;

/** Why a channel is over, on its way between nodes. */
final class Overs {
  private static final int MAX_REASON = 4_000;

  private Overs() {}

  static ChannelOver toWire(PlacesException reason) {
    var over =
        ChannelOver.newBuilder()
            .setReason(Failures.cut(String.valueOf(reason.getMessage()), MAX_REASON))
            .setNodeLost(reason instanceof NodeLostException);
    if (reason.getCause() instanceof PlaceFailedException failure) {
      over.setFailure(Failures.toWire(failure));
    }
    return over.build();
  }

  static Supplier<PlacesException> fromWire(ChannelOver over) {
    String reason = over.getReason();
    return () ->
        over.getNodeLost()
            ? new NodeLostException(reason)
            : new ChannelClosedException(
                reason, over.hasFailure() ? Failures.fromWire(over.getFailure()) : null);
  }
}
