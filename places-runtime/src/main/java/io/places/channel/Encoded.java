package io.places.channel;

import io.places.Clock;
import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import io.places.message.MessageContext;
import io.places.message.MessageType;
import io.places.message.ReferenceType;
import io.places.message.SharedMemory;
import io.places.message.SpareArrays;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as its bytes and the ends of channels in it. In the bytes an end is 4 bytes: its position in
 * the list, so that the bytes stay as they are wherever the message goes.
 */
public final class Encoded {
  private static final int HANDLE_SIZE = Integer.BYTES;
  private static final VarHandle BYTES = bytesHandle();

  @SuppressWarnings("UnusedVariable") // but by its handle
  private volatile byte @Nullable [] bytes; // null when it was read or sent
  private final int offset;
  private final int size;
  private volatile List<Carried> ends;
  private final List<SharedMemory> shared;
  private final @Nullable Holder holder;
  private final int held;

  /** Who keeps count of messages that nobody has got yet. */
  public interface Holder {
    /** One of a size was got, or is dropped. */
    void release(int size);
  }

  /** An end inside a message. */
  public interface Carried {
    /**
     * The end, for the one who gets the message.
     *
     * @throws ProtocolException if it is the end of a channel of other types
     */
    <S, R> ChannelEnd<S, R> open(MessageType<S> sends, MessageType<R> receives);
  }

  /**
   * A message that counts until it is {@link #release}d. The array is its own.
   *
   * @param offset where it begins in the array
   * @param held its size to the holder
   */
  public Encoded(byte[] bytes, int offset, int size, List<Carried> ends, Holder holder, int held) {
    this(bytes, offset, size, ends, List.of(), holder, held);
  }

  private Encoded(
      byte[] bytes,
      int offset,
      int size,
      List<Carried> ends,
      List<SharedMemory> shared,
      @Nullable Holder holder,
      int held) {
    this.bytes = bytes;
    this.offset = offset;
    this.size = size;
    this.ends = ends;
    this.shared = shared;
    this.holder = holder;
    this.held = held;
  }

  /** It was got, or is dropped; to be called once. */
  public void release() {
    if (holder != null) {
      holder.release(held);
    }
  }

  /**
   * Encodes a message.
   *
   * @throws MessageNotAllowedException if it may not travel to another node
   */
  public static <T> Encoded of(MessageType<T> type, T message) {
    return of(type, message, MessageType.LARGEST);
  }

  /**
   * As {@link #of(MessageType, Object)}, for a node that takes less.
   *
   * @param mostBytes beyond which the message is refused
   */
  public static <T> Encoded of(MessageType<T> type, T message, int mostBytes) {
    return write(type, message, new Writing(false), mostBytes);
  }

  /**
   * Encodes a message for a place of the same JVM that has classes of its own; it may hold memory that
   * both share.
   *
   * @throws MessageNotAllowedException if it may not travel
   */
  public static <T> Encoded inThisJvm(MessageType<T> type, T message) {
    return write(type, message, new Writing(true), MessageType.LARGEST);
  }

  @SuppressWarnings("ReferenceEquality") // it is that very array, or another
  private static <T> Encoded write(MessageType<T> type, T message, Writing out, int mostBytes) {
    byte[] bytes = type.encode(message, out, mostBytes);
    int size = bytes == out.room ? out.size : bytes.length;
    return new Encoded(bytes, 0, size, List.copyOf(out.ends), List.copyOf(out.shared), null, 0);
  }

  /**
   * Makes sure that the message means the same on another node.
   *
   * @throws MessageNotAllowedException if it holds memory of this one
   */
  public void requireNothingShared() {
    if (!shared.isEmpty()) {
      MessageContext.NONE.encodeShared(shared.getFirst()); // throws
    }
  }

  /** Reads the message, once; its ends are the reader's then. May take its time, if it is large. */
  public <T> T decode(MessageType<T> type) {
    return decode(type, new Reading(ends, shared));
  }

  /** As {@link #decode}, in a thread for which others wait. */
  public <T> T decodeAtOnce(MessageType<T> type) {
    var reading = new Reading(ends, shared);
    reading.doNotPause();
    return decode(type, reading);
  }

  private <T> T decode(MessageType<T> type, Reading reading) {
    byte[] array = takeBytes();
    T message = type.decode(array, offset, size, reading);
    SpareArrays.give(array); // nothing of the message is in it: arrays are copied
    return message;
  }

  /**
   * The array that the message is in, to be sent: it is the caller's then, and the message can be neither read nor
   * sent again.
   */
  public byte[] takeBytes() {
    byte[] array = (byte[]) BYTES.getAndSet(this, null);
    if (array == null) {
      throw new IllegalStateException("this message was read or sent already");
    }
    return array;
  }

  /** Where it begins there. */
  public int offset() {
    return offset;
  }

  /** How many bytes it has. */
  public int size() {
    return size;
  }

  public List<Carried> ends() {
    return ends;
  }

  /** The same ends in another form. */
  public void replaceEnds(List<? extends Carried> other) {
    ends = List.copyOf(other);
  }

  private static VarHandle bytesHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Encoded.class, "bytes", byte[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /*
   * The threads that carry other channels' messages sleep most of the time. When they wake while this one has the
   * processor, they wait until its time slice is over, which is milliseconds; a yield of a virtual thread does not
   * change that, since its carrier goes on. So who copies much sleeps now and then.
   */
  /** Who copies a message. */
  private abstract static class Copying implements MessageContext {
    /** How long, in nanoseconds, the processor is left to others at a time; the system makes it some 120 us. */
    private static final long PAUSE = 30_000;

    /** For one message; more only if all processors are taken, which is then not this message's fault. */
    private static final long MOST_PAUSED = 20_000_000;

    private long paused;

    final void doNotPause() {
      paused = MOST_PAUSED;
    }

    @Override
    public final void copiedMuch() {
      if (paused < MOST_PAUSED) {
        Clock clock = Clock.system();
        long start = clock.nanoTime();
        clock.park(this, PAUSE);
        paused += clock.nanoTime() - start;
      }
    }
  }

  /** Collects the ends that a message holds; one that it holds twice, once. */
  private static final class Writing extends Copying {
    private List<Carried> ends = List.of(); // most messages hold none, and make no list
    private List<SharedMemory> shared = List.of(); // likewise
    private final boolean withinJvm;
    private byte @Nullable [] room; // if some was needed
    private int size; // of the encoding in it

    Writing(boolean withinJvm) {
      this.withinJvm = withinJvm;
    }

    @Override
    public byte[] room(int needed) {
      byte[] array = SpareArrays.take(needed);
      room = array;
      size = needed;
      return array;
    }

    @Override
    public byte[] encodeShared(SharedMemory memory) {
      if (!withinJvm) {
        return NONE.encodeShared(memory);
      }
      if (shared.isEmpty()) {
        shared = new ArrayList<>();
      }
      shared.add(memory);
      return ByteBuffer.allocate(HANDLE_SIZE).putInt(shared.size() - 1).array();
    }

    @Override
    public SharedMemory decodeShared(byte[] handle) {
      throw new AssertionError("this context only writes");
    }

    @Override
    public <T> byte[] encodeReference(ReferenceType<T> type, T reference) {
      if (!(type instanceof ChannelEndType<?, ?> endType)) {
        return NONE.encodeReference(type, reference);
      }
      ChannelEnd<?, ?> end = end(reference);
      int position = 0;
      while (position < ends.size() && !(ends.get(position) instanceof LiveEnd known && known.end().equals(end))) {
        position++;
      }
      if (position == ends.size()) {
        if (ends.isEmpty()) {
          ends = new ArrayList<>();
        }
        ends.add(new LiveEnd(end, endType.sends().name(), endType.receives().name()));
      }
      return ByteBuffer.allocate(HANDLE_SIZE).putInt(position).array();
    }

    private static ChannelEnd<?, ?> end(Object reference) {
      return switch (reference) {
        case ChannelEnd<?, ?> end -> end;
        case EndHolder holder -> holder.end();
        default ->
            throw new MessageNotAllowedException(
                "a %s cannot travel: only ends that the runtime made can"
                    .formatted(reference.getClass().getName()));
      };
    }

    @Override
    public <T> T decodeReference(ReferenceType<T> type, byte[] handle) {
      throw new AssertionError("this context only writes");
    }
  }

  private static final class Reading extends Copying {
    private final List<Carried> ends;
    private final List<SharedMemory> shared;

    Reading(List<Carried> ends, List<SharedMemory> shared) {
      this.ends = ends;
      this.shared = shared;
    }

    @Override
    public byte[] room(int needed) {
      throw new AssertionError("this context only reads");
    }

    @Override
    public byte[] encodeShared(SharedMemory memory) {
      throw new AssertionError("this context only reads");
    }

    @Override
    public SharedMemory decodeShared(byte[] handle) {
      int position = handle.length == HANDLE_SIZE ? ByteBuffer.wrap(handle).getInt() : -1;
      return position < 0 || position >= shared.size()
          ? NONE.decodeShared(handle)
          : shared.get(position);
    }

    @Override
    public <T> byte[] encodeReference(ReferenceType<T> type, T reference) {
      throw new AssertionError("this context only reads");
    }

    @Override
    public <T> T decodeReference(ReferenceType<T> type, byte[] handle) {
      if (!(type instanceof ChannelEndType<?, ?> endType)) {
        return NONE.decodeReference(type, handle);
      }
      int position = handle.length == HANDLE_SIZE ? ByteBuffer.wrap(handle).getInt() : -1;
      if (position < 0 || position >= ends.size()) {
        throw new ProtocolException(
            "an end at position %d of the %d that came with the message"
                .formatted(position, ends.size()));
      }
      return type.javaType()
          .cast(ends.get(position).open(endType.sends(), endType.receives()));
    }
  }
}
