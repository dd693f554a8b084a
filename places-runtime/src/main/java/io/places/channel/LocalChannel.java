package io.places.channel;

import io.places.Clock;
import io.places.message.MessageType;

/** Makes channels whose two ends live in this JVM, to begin with. */
public final class LocalChannel {
  private LocalChannel() {}

  /**
   * The two ends of one channel.
   *
   * @param first sends what {@code second} receives, each by its own class
   */
  public record Ends<A, B, C, D>(ChannelEnd<A, B> first, ChannelEnd<C, D> second) {}

  /**
   * Makes a channel.
   *
   * @param second what the first end talks to, as a string, for its error messages
   * @param first what the second end talks to, likewise
   */
  public static <A, B> PlaceChannel.Pair<A, B> pair(
      MessageType<A> fromFirst,
      MessageType<B> fromSecond,
      Clock clock,
      Object second,
      Object first) {
    var a = new ChannelEnd<>(fromFirst, fromSecond, clock, second);
    var b = new ChannelEnd<>(fromSecond, fromFirst, clock, first);
    connect(a, b);
    return new PlaceChannel.Pair<>(a, b);
  }

  /** As {@link #pair}, for sides that have classes of their own. */
  public static <A, B, C, D> Ends<A, B, C, D> pairOfLoaders(
      MessageType<A> firstSends,
      MessageType<B> firstReceives,
      MessageType<C> secondSends,
      MessageType<D> secondReceives,
      Clock clock,
      Object secondName,
      Object firstName) {
    var first = new ChannelEnd<>(firstSends, firstReceives, clock, secondName);
    var second = new ChannelEnd<>(secondSends, secondReceives, clock, firstName);
    connect(first, second);
    return new Ends<>(first, second);
  }

  private static void connect(ChannelEnd<?, ?> a, ChannelEnd<?, ?> b) {
    a.beginWith(new LocalLink(b));
    b.beginWith(new LocalLink(a));
  }
}
