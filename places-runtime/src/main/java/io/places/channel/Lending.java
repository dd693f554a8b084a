package io.places.channel;

import io.places.message.MessageType;
import java.util.ArrayList;
import java.util.List;

/**
 * A message that holds ends of channels, on its way within one JVM.
 *
 * @param ends each once
 */
public record Lending(Object message, List<ChannelEnd<?, ?>> ends) {

  /**
   * What goes by reference to another place of this JVM: the message itself, or a copy, or a Lending of
   * either.
   *
   * @throws io.places.MessageNotAllowedException if it may not travel
   */
  public static <T> Object copy(MessageType<T> type, T message) {
    return type.copy(message, Lending::of);
  }

  private static Object of(Object message, List<Object> references) {
    List<ChannelEnd<?, ?>> ends = new ArrayList<>(references.size());
    for (Object reference : references) {
      ChannelEnd<?, ?> end =
          switch (reference) {
            case ChannelEnd<?, ?> itself -> itself;
            case EndHolder holder -> holder.end();
            default -> null; // it stands for one end after the other, none of which it gives away
          };
      if (end != null && !ends.contains(end)) {
        ends.add(end);
      }
    }
    return new Lending(message, List.copyOf(ends));
  }

  /** The message, whether it holds ends or not. */
  public static Object message(Object copied) {
    return copied instanceof Lending lending ? lending.message() : copied;
  }

  /** The ends in a message as it is on its way; those that have left this JVM are not among them. */
  public static List<ChannelEnd<?, ?>> ends(Object onItsWay) {
    if (onItsWay instanceof Lending lending) {
      return lending.ends();
    }
    if (!(onItsWay instanceof Encoded encoded) || encoded.ends().isEmpty()) {
      return List.of();
    }
    List<ChannelEnd<?, ?>> ends = new ArrayList<>();
    for (Encoded.Carried carried : encoded.ends()) {
      if (carried instanceof LiveEnd live) {
        ends.add(live.end());
      }
    }
    return ends;
  }

  /** The calling thread has got a message, and with it the ends in it. */
  public void got() {
    EndOwner by = EndOwner.current();
    ends.forEach(end -> end.gotBy(by));
  }

  /** The calling thread lends what is in the message. */
  public void sent() {
    EndOwner by = EndOwner.current();
    ends.forEach(end -> end.sentBy(by));
  }
}
