package io.places.channel;

/** What stands for an end of a channel, and travels as that end. */
public interface EndHolder {
  ChannelEnd<?, ?> end();
}
