package io.places.place;

import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * A member of a {@link PlaceGroup}, as its body sees it: who it is, and how it works with the others.
 *
 * <p>To be used by the body's thread. If another member fails, what waits here throws {@link
 * io.places.ChannelClosedException}.
 */
public final class GroupMember {
  private final int rank;
  private final int size;
  private final PlaceChannel<GroupMessage<Object>, GroupMessage<Boolean>> coordinator;

  /**
   * @param coordinator what it sends is not checked when this is compiled: see {@link ResolvedBody}
   */
  GroupMember(
      int rank,
      int size,
      PlaceChannel<GroupMessage<Object>, GroupMessage<Boolean>> coordinator) {
    this.rank = rank;
    this.size = size;
    this.coordinator = coordinator;
  }

  /** This member's number, from 0. */
  public int rank() {
    return rank;
  }

  /** How many members there are. */
  public int size() {
    return size;
  }

  /**
   * This member's block of the numbers from {@code low} to {@code high}, that one excluded. The blocks
   * of all members follow each other in the order of ranks; the first {@code (high - low) mod size}
   * are one longer than the others.
   *
   * @throws IllegalArgumentException if high is less than low
   */
  public LongStream range(long low, long high) {
    long count = high - low;
    if (count < 0) {
      throw new IllegalArgumentException(
          "a range ends where it begins or later, not from " + low + " to " + high);
    }
    long each = count / size;
    long longer = count % size;
    long start = low + rank * each + Math.min(rank, longer);
    return LongStream.range(start, start + each + (rank < longer ? 1 : 0));
  }

  /** Waits until all members have come here as often as this one. */
  public void barrier() {
    coordinator.put(GroupMessage.barrier());
    coordinator.get().expect(GroupMessage.Kind.BARRIER);
  }

  /**
   * One step of a pipeline through the members: gets the value of the member before this one (the first
   * member: {@code initial}), applies the step, and hands the result to the next member. While a member
   * is at one row, those before it may be at later rows.
   *
   * <p>Dissertation, 3.4.2.2 and figure 3.3.
   *
   * @param type of the values that pass from member to member
   * @return this member's result
   */
  public <T> T pipeline(Class<T> type, T initial, Function<? super T, ? extends T> step) {
    MessageType<T> values = MessageType.of(type);
    T previous = initial;
    if (rank > 0) {
      byte[] received = coordinator.get().expect(GroupMessage.Kind.VALUE).value();
      previous = values.decode(received, 0, received.length);
    }
    T result = step.apply(previous);
    if (rank < size - 1) {
      coordinator.put(GroupMessage.value(values.encode(values.check(result))));
    }
    return result;
  }

  @Override
  public String toString() {
    return "member " + rank + " of " + size;
  }
}
