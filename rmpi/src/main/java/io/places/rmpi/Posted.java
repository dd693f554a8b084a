package io.places.rmpi;

import io.places.PlacesException;
import io.places.message.MessageType;
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

  final int source() {
    return source;
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
    return new MismatchException(
        "rank %d receives %s from rank %d with tag %d, which has sent %s; the message is dropped"
            .formatted(
                comm.rank(), wanted, envelope.source(), envelope.tag(), described(envelope)));
  }

  private static String described(Envelope envelope) {
    return envelope.type().endsWith("[]")
        ? "%s of %d".formatted(envelope.type(), envelope.count())
        : envelope.type();
  }

  /** Takes a message. */
  abstract static sealed class Receive extends Posted {
    private Receive(Comm comm, int context, int source, int tag, @Nullable CollectiveCall call) {
      super(comm, context, source, tag, call);
    }

    @Override
    final void matched(Incoming incoming) {
      PlacesException refusal = refusal(incoming.envelope());
      if (refusal == null) {
        incoming.giveTo(this);
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

    /** Some of its bytes, the first {@code at} bytes behind the first of all. */
    abstract void take(Envelope envelope, byte[] part, long at, long of);
  }

  /** Receives into an array. */
  static final class IntoSlice extends Receive {
    private final Slice into;
    private final Request<Status> request;
    private long taken; // by one thread at a time: that of the link

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
      return envelope.type().equals(into.type().typeName()) && envelope.count() <= into.count()
          ? null
          : mismatch(envelope, "at most " + into);
    }

    @Override
    void take(Envelope envelope, Payload payload) {
      ((Payload.Elements) payload).slice().copyTo(into);
      request.complete(envelope.status(), envelope.status());
    }

    @Override
    void take(Envelope envelope, byte[] part, long at, long of) {
      into.decode(part, (int) (at / into.type().size()));
      taken += part.length;
      if (taken == of) {
        request.complete(envelope.status(), envelope.status());
      }
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
    private byte @Nullable [] bytes; // by one thread at a time: that of the link
    private long taken;

    AsObject(
        Comm comm,
        int context,
        int source,
        int tag,
        @Nullable CollectiveCall call,
        Class<T> type,
        Request<Received<T>> request) {
      super(comm, context, source, tag, call);
      this.type = type;
      this.request = request;
    }

    @Override
    @Nullable MismatchException refusalOfType(Envelope envelope) {
      String wanted =
          ElementType.isArray(type) ? type.getTypeName() : MessageType.of(type).name();
      return envelope.type().equals(wanted) ? null : mismatch(envelope, wanted);
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
    void take(Envelope envelope, byte[] part, long at, long of) {
      if (part.length == of) {
        done(envelope, decode(envelope, part));
        return;
      }
      byte[] all = bytes == null ? new byte[Math.toIntExact(of)] : bytes;
      bytes = all;
      System.arraycopy(part, 0, all, (int) at, part.length);
      taken += part.length;
      if (taken == of) {
        done(envelope, decode(envelope, all));
      }
    }

    private T decode(Envelope envelope, byte[] all) {
      if (!ElementType.isArray(type)) {
        return MessageType.of(type).decode(all, 0, all.length);
      }
      Object array = java.lang.reflect.Array.newInstance(type.componentType(), envelope.count());
      Slice.of(array).decode(all, 0);
      return type.cast(array);
    }

    private void done(Envelope envelope, T value) {
      request.complete(new Received<>(value, envelope.status()), envelope.status());
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
      request.complete(new Message(comm(), incoming), incoming.envelope().status());
    }

    @Override
    void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }
}
