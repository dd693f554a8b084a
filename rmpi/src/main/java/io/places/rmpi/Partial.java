package io.places.rmpi;

import java.util.Objects;

/**
 * What a rank has combined so far in a reduction: of a row of ranks without gaps, in their order.
 */
abstract sealed class Partial<P> {
  final Comm comm;
  final CollectiveCall call;

  Partial(Comm comm, CollectiveCall call) {
    this.comm = comm;
    this.call = call;
  }

  /** To be sent, as it is now. */
  abstract Payload payload();

  /** Receives that of another rank. */
  abstract P receive(int from);

  /** Puts what came before this, or behind it. */
  abstract void combine(P other, boolean otherIsLower);

  abstract void replaceBy(P other);

  final void send(int to) {
    comm.isend(call, payload(), to).await();
  }

  /** Sends this to one rank while receiving from another. */
  final P exchange(int to, int from) {
    Request<Status> sent = comm.isend(call, payload(), to);
    P other = receive(from);
    sent.await();
    return other;
  }

  /** Of a value. */
  static final class OfValue<T> extends Partial<T> {
    private final Class<T> type;
    private final Op<T> op;
    private T value;

    OfValue(Comm comm, CollectiveCall call, Class<T> type, T value, Op<T> op) {
      super(comm, call);
      this.type = type;
      this.value = value;
      this.op = op;
    }

    T value() {
      return value;
    }

    @Override
    Payload payload() {
      return Payload.of(value);
    }

    @Override
    T receive(int from) {
      return comm.irecv(call, type, from).await().message();
    }

    @Override
    void combine(T other, boolean otherIsLower) {
      value =
          Objects.requireNonNull(
              otherIsLower ? op.combine(other, value) : op.combine(value, other),
              () -> "the operator of %s gives null; it is to give a value".formatted(call.text()));
    }

    @Override
    void replaceBy(T other) {
      value = other;
    }
  }

  /** Of the elements of an array, in place. */
  static final class OfSlice extends Partial<Slice> {
    private final Slice data;
    private final Slice room;
    private final ArrayOp op;

    OfSlice(Comm comm, Scratch scratch, CollectiveCall call, Slice data, ArrayOp op) {
      super(comm, call);
      this.data = data;
      this.room = scratch.of(data.type(), data.count());
      this.op = op;
    }

    @Override
    Payload payload() {
      return new Payload.Elements(data, true);
    }

    @Override
    Slice receive(int from) {
      comm.irecv(call, room, from).await();
      return room;
    }

    @Override
    void combine(Slice other, boolean otherIsLower) {
      if (otherIsLower) {
        op.intoHigher(other, data);
      } else {
        op.intoLower(data, other);
      }
    }

    @Override
    void replaceBy(Slice other) {
      other.copyTo(data);
    }
  }
}
