package io.places.rmpi;

import io.places.PlacesException;
import io.places.message.MessageType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What waits for a message to come. */
abstract sealed class Posted {
  private final Comm comm;
  private final int context;
  private final int source;
  private final int tag;
  private final @Nullable CollectiveCall call;

  /**
   * @param context the communicator's, or that of its collective operations
   * @param source {@link Comm#ANY_SOURCE} for any
   * @param tag {@link Comm#ANY_TAG} for any
   * @param call the collective operation that waits, if one does
   */
  Posted(Comm comm, int context, int source, int tag, @Nullable CollectiveCall call) {
    this.comm = comm;
    this.context = context;
    this.source = source;
    this.tag = tag;
    this.call = call;
  }

  final Comm comm() {
    return comm;
  }

  final int context() {
    return context;
  }

  final boolean isCollective() {
    return call != null;
  }

  final int source() {
    return source;
  }

  final int tag() {
    return tag;
  }

  final boolean matches(Envelope envelope) {
    return (source == Comm.ANY_SOURCE || source == envelope.source())
        && (tag == Comm.ANY_TAG || tag == envelope.tag());
  }

  /** Whether a message that it has matched is nobody else's any more. */
  boolean consumes() {
    return true;
  }

  /** A message has matched; called without locks, once. */
  abstract void matched(Incoming incoming);

  /** Over when a message is received, or found. */
  abstract Request<?> request();

  /** Nothing will come. */
  abstract void fail(Supplier<? extends PlacesException> why);

  /**
   * What is wrong with a message that matched; null if nothing is.
   */
  final @Nullable PlacesException refusal(Envelope envelope) {
    if (call != null && !call.equals(envelope.call())) {
      return comm.mismatch(call, envelope);
    }
    return refusalOfType(envelope);
  }

  @Nullable MismatchException refusalOfType(Envelope envelope) {
    return null;
  }

  final MismatchException mismatch(Envelope envelope, String wanted) {
    String how = call == null ? "with tag " + envelope.tag() : "in " + call.text();
    return new MismatchException(
        "rank %d receives %s from rank %d %s, which has sent %s; the message is dropped"
            .formatted(comm.rank(), wanted, envelope.source(), how, described(envelope)));
  }

  private static String described(Envelope envelope) {
    return envelope.type().endsWith("[]")
        ? "%s of %d".formatted(envelope.type(), envelope.count())
        : envelope.type();
  }

  /** Such as for want of memory. Who brings the message hears of it, too, but that may be another thread. */
  final void cannotTake(Envelope envelope, Throwable why) {
    fail(
        () ->
            new RmpiException(
                "rank %d cannot take the %s that rank %d has sent: %s"
                    .formatted(comm.rank(), described(envelope), envelope.source(), why),
                why));
  }

  /** Takes a message. */
  abstract static sealed class Receive extends Posted {
    private long taken; // bytes, by one thread at a time: that of the link

    private Receive(Comm comm, int context, int source, int tag, @Nullable CollectiveCall call) {
      super(comm, context, source, tag, call);
    }

    @Override
    final void matched(Incoming incoming) {
      PlacesException refusal = refusal(incoming.envelope());
      if (refusal == null) {
        Tally tally = comm().world().tally();
        if (tally != null && !isCollective()) {
          tally.received(request(), incoming.envelope().status(), incoming.bytes());
        }
        try {
          incoming.giveTo(this);
        } catch (RuntimeException | Error e) {
          cannotTake(incoming.envelope(), e);
          throw e;
        }
        return;
      }
      incoming.drop();
      if (refusal instanceof CollectiveMismatchException) {
        comm().world().fail(refusal);
      }
      fail(() -> refusal);
    }

    /** The whole message, of this JVM. */
    abstract void take(Envelope envelope, Payload payload);

    /** Where the bytes of a message of another JVM go. */
    abstract Slice room(Envelope envelope, long bytes);

    /** All bytes are there. */
    abstract void filled(Envelope envelope);

    /** Some of its bytes, as they travel, the first {@code at} bytes behind the first of all. */
    final void take(Envelope envelope, byte[] part, long at, long of) {
      Slice room = room(envelope, of);
      room.decode(part, at / room.type().size());
      taken(envelope, part.length, of);
    }

    /** Some of its bytes, as they are in the memory of this host. */
    final void take(
        Envelope envelope, MemorySegment from, long offset, long length, long at, long of) {
      Slice room = room(envelope, of);
      int size = room.type().size();
      room.read(at / size, length / size, from, offset);
      taken(envelope, length, of);
    }

    private void taken(Envelope envelope, long length, long of) {
      taken += length;
      if (taken == of) {
        filled(envelope);
      }
    }
  }

  /** Receives into an array. */
  static final class IntoSlice extends Receive {
    private final Slice into;
    private final Request<Status> request;

    IntoSlice(
        Comm comm,
        int context,
        int source,
        int tag,
        @Nullable CollectiveCall call,
        Slice into,
        Request<Status> request) {
      super(comm, context, source, tag, call);
      this.into = into;
      this.request = request;
    }

    @Override
    @Nullable MismatchException refusalOfType(Envelope envelope) {
      boolean fits =
          isCollective() // what is there less of would leave other elements as they were
              ? envelope.count() == into.elements()
              : envelope.count() <= into.elements();
      return fits && envelope.type().equals(into.type().typeName())
          ? null
          : mismatch(envelope, isCollective() ? into.toString() : "at most " + into);
    }

    @Override
    void take(Envelope envelope, Payload payload) {
      ((Payload.Elements) payload).slice().copyTo(into);
      filled(envelope);
    }

    @Override
    Slice room(Envelope envelope, long bytes) {
      return into;
    }

    @Override
    void filled(Envelope envelope) {
      Status status = envelope.status();
      request.complete(status, status);
    }

    @Override
    Request<?> request() {
      return request;
    }

    @Override
    void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }

  /** Receives a message as a new object. */
  static final class AsObject<T> extends Receive {
    private final Class<T> type;
    private final Request<Received<T>> request;
    private Class<? extends T> actual; // written before what follows from a match
    private @Nullable Slice room; // by one thread at a time: that of the link

    AsObject(
        Comm comm,
        int context,
        int source,
        int tag,
        @Nullable CollectiveCall call,
        Class<T> type,
        Request<Received<T>> request) {
      super(comm, context, source, tag, call);
      this.type = boxed(type);
      this.actual = this.type;
      this.request = request;
    }

    /** {@code int.class} stands for what can travel. */
    @SuppressWarnings("unchecked") // both are of that type
    private static <S> Class<S> boxed(Class<S> type) {
      return (Class<S>) MethodType.methodType(type).wrap().returnType();
    }

    /** Of the records that a sealed interface permits, the one whose message type has a name. */
    @SuppressWarnings("unchecked") // those permitted extend it
    private static <S> @Nullable Class<? extends S> permitted(Class<S> by, String name) {
      if (!by.isSealed()) {
        return null;
      }
      for (Class<?> each : by.getPermittedSubclasses()) {
        Class<?> one =
            each.isSealed() || !MessageType.of(each).name().equals(name) ? permitted(each, name) : each;
        if (one != null) {
          return (Class<? extends S>) one;
        }
      }
      return null;
    }

    @Override
    @Nullable MismatchException refusalOfType(Envelope envelope) {
      String wanted =
          ElementType.isArray(type) ? type.getTypeName() : MessageType.of(type).name();
      if (!envelope.type().equals(wanted)) {
        Class<? extends T> one = permitted(type, envelope.type());
        if (one == null) {
          return mismatch(envelope, wanted);
        }
        actual = one;
      }
      return envelope.count() <= ElementType.LONGEST_ARRAY
          ? null
          : mismatch(envelope, "%s, which has at most %d elements,".formatted(wanted, ElementType.LONGEST_ARRAY));
    }

    @Override
    void take(Envelope envelope, Payload payload) {
      Object value =
          switch (payload) {
            case Payload.Elements(Slice slice, boolean borrowed) ->
                borrowed ? slice.toArray() : slice.array();
            case Payload.Value<?>(var any, var content) -> content;
          };
      done(envelope, type.cast(value));
    }

    @Override
    Slice room(Envelope envelope, long bytes) {
      Slice made = room;
      if (made == null) {
        made =
            Slice.of(
                ElementType.isArray(type)
                    ? Array.newInstance(type.componentType(), (int) envelope.count())
                    : new byte[Math.toIntExact(bytes)]);
        room = made;
      }
      return made;
    }

    @Override
    void filled(Envelope envelope) {
      Object all = Objects.requireNonNull(room).array();
      if (ElementType.isArray(type)) {
        done(envelope, type.cast(all));
      } else {
        byte[] bytes = (byte[]) all;
        T value;
        try {
          value = MessageType.of(actual).decode(bytes, 0, bytes.length);
        } catch (PlacesException e) {
          // Of the receiver alone: whoever brings the message may be another thread, and has more to bring.
          request.fail(
              () ->
                  new MismatchException(
                      "rank %d cannot make the %s that rank %d has sent: %s; the message is dropped"
                          .formatted(comm().rank(), envelope.type(), envelope.source(), e.getMessage()),
                      e));
          return;
        }
        done(envelope, value);
      }
    }

    private void done(Envelope envelope, T value) {
      Status status = envelope.status();
      request.complete(new Received<>(value, status), status);
    }

    @Override
    Request<?> request() {
      return request;
    }

    @Override
    void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }

  /** Looks at a message, and leaves it. */
  static final class Probe extends Posted {
    private final Request<Status> request;

    Probe(Comm comm, int context, int source, int tag, Request<Status> request) {
      super(comm, context, source, tag, null);
      this.request = request;
    }

    @Override
    boolean consumes() {
      return false;
    }

    @Override
    void matched(Incoming incoming) {
      Status status = incoming.envelope().status();
      request.complete(status, status);
    }

    @Override
    Request<?> request() {
      return request;
    }

    @Override
    void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }

  /** Takes a message away, to be received later. */
  static final class Claim extends Posted {
    private final Request<Message> request;

    Claim(Comm comm, int context, int source, int tag, Request<Message> request) {
      super(comm, context, source, tag, null);
      this.request = request;
    }

    @Override
    void matched(Incoming incoming) {
      Message message;
      try {
        incoming.hold();
        message = new Message(comm(), incoming);
        comm().world().engine().claim(incoming);
      } catch (RuntimeException | Error e) {
        try {
          incoming.drop(); // else its sender might wait for ever
        } finally {
          cannotTake(incoming.envelope(), e);
        }
        throw e;
      }
      request.complete(message, incoming.envelope().status());
    }

    @Override
    Request<?> request() {
      return request;
    }

    @Override
    void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }
}
