package io.places.channel;

import io.places.ChannelClosedException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The messages of a channel until its orderly end. */
final class Messages<R> implements Iterator<R> {
  private final PlaceChannel<?, R> channel;
  private @Nullable R next;
  private boolean over;

  Messages(PlaceChannel<?, R> channel) {
    this.channel = channel;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !over) {
      try {
        next = channel.get();
      } catch (ChannelClosedException e) {
        if (!e.isOrderly()) {
          throw e;
        }
        over = true;
      }
    }
    return next != null;
  }

  @Override
  public R next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the channel is closed");
    }
    R message = next;
    next = null;
    return message;
  }
}
