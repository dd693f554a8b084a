package io.places.channel;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.event.Event;
import io.places.event.EventSource;
import io.places.event.Waiter;
import io.places.message.MessageType;
import io.places.trace.Trace;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What every end of a channel does the same, wherever its peer lives: check, send; take, or time out;
 * ask and answer; close.
 *
 * @param <S> the type of message this end sends
 * @param <R> the type of message this end receives
 * @param <O> what goes out: a message, or its encoding
 * @param <I> what comes in: a message, or its encoding
 */
public abstract class ChannelEnd<S, R, O, I> implements PlaceChannel<S, R> {

  /** A question in the mailbox, among plain messages. */
  private record Question<I>(long number, I content) {}

  private static final long PUT_LIMIT_NANOS = PUT_LIMIT.toNanos();

  private final MessageType<S> sends;
  private final MessageType<R> receives;
  private final Clock clock;
  private final Mailbox<Object> mailbox; // of I and Question<I>
  private final String peer;
  private volatile @Nullable Asks<I> asks; // made for the first question: most ends see none
  private volatile @Nullable Closing closing; // made for the first who asks for the event
  private volatile @Nullable Supplier<PlacesException> ended; // why nothing can be sent any more

  /**
   * @param weight what a message that came in counts against the byte bound
   * @param messageBound of the mailbox, beyond which {@link #arrive} waits
   * @param peer what is at the other end, for error messages: "place echo on node node-2"
   */
  protected ChannelEnd(
      MessageType<S> sends,
      MessageType<R> receives,
      Clock clock,
      ToIntFunction<? super I> weight,
      long messageBound,
      long byteBound,
      String peer) {
    this.sends = sends;
    this.receives = receives;
    this.clock = clock;
    this.mailbox =
        new Mailbox<>(
            clock,
            received -> weight.applyAsInt(ChannelEnd.<I>content(received)),
            messageBound,
            byteBound);
    this.peer = peer;
  }

  /** What goes out for a message, if it may travel: itself, a copy or the encoding. */
  protected abstract O prepare(S message);

  /**
   * Hands a message to the peer; waits for credit up to {@code nanos}.
   *
   * @param question the number of the question that this is, or answers
   * @return false if there was no credit in time
   */
  protected abstract boolean transmit(O prepared, Mark mark, long question, long nanos)
      throws InterruptedException;

  /** When {@link #transmit} would not wait. */
  protected abstract EventSource<Boolean> credit();

  /** The message that came in. */
  protected abstract R unpack(I received);

  /** Called when a message has been got. */
  protected void got(I received) {}

  /**
   * Tells the peer that this end is closed.
   *
   * @param cause why, for the peer's holder; null if somebody closed it on purpose
   */
  protected abstract void tellClosed(@Nullable PlacesException cause);

  @Override
  public final void put(S message) {
    if (!putWithin(message, PUT_LIMIT_NANOS)) {
      throw noCredit(PUT_LIMIT);
    }
  }

  @Override
  public final void put(S message, Duration timeout) {
    if (!putWithin(message, Timeouts.nanos(timeout))) {
      throw noCredit(timeout);
    }
  }

  @Override
  public final boolean offer(S message) {
    return putWithin(message, 0);
  }

  private boolean putWithin(S message, long nanos) {
    O prepared = prepare(sends.cast(message));
    Asks<I> questions = asks;
    long question = questions == null ? 0 : questions.takeOwed();
    return send(prepared, question == 0 ? Mark.PLAIN : Mark.ANSWER, question, nanos);
  }

  private boolean send(O prepared, Mark mark, long question, long nanos) {
    throwIfEnded();
    try {
      boolean sent = transmit(prepared, mark, question, nanos);
      if (sent) {
        Trace.put(peer, sizeOf(prepared));
      }
      return sent;
    } catch (InterruptedException e) {
      throw interrupted("waiting for credit from ", e);
    } catch (PlacesException e) {
      throwIfEnded(); // the reason of this end says more than that of the peer's mailbox
      throw e;
    }
  }

  /**
   * Sends what is prepared already, as a plain message.
   *
   * @return false if there was no credit within {@code nanos}
   */
  protected final boolean putPrepared(O prepared, long nanos) {
    return send(prepared, Mark.PLAIN, 0, nanos);
  }

  @Override
  public final R ask(S question, Duration timeout) {
    long limit = Timeouts.nanos(timeout);
    long start = clock.nanoTime();
    O prepared = prepare(sends.cast(question));
    Asks<I> questions = asks();
    long number = questions.open();
    try {
      if (!send(prepared, Mark.QUESTION, number, limit)) {
        throw noCredit(timeout);
      }
      Supplier<PlacesException> reason = ended;
      if (reason != null) {
        questions.fail(reason); // the end may have come before the question was open, or the answer
      }
      I answer = questions.await(number, limit - (clock.nanoTime() - start));
      if (answer == null) {
        throw new GetTimeoutException(
            "no answer came from %s within %s".formatted(peer, timeout));
      }
      return unpack(answer);
    } catch (InterruptedException e) {
      throw interrupted("waiting for an answer from ", e);
    } finally {
      questions.forget(number);
    }
  }

  private Asks<I> asks() {
    Asks<I> made = asks;
    if (made == null) {
      synchronized (mailbox) {
        made = asks;
        if (made == null) {
          made = new Asks<>(clock);
          asks = made;
        }
      }
    }
    return made;
  }

  @Override
  public final R get() {
    R message = getWithin(Long.MAX_VALUE);
    if (message == null) {
      throw new AssertionError("a wait without limit ended without a message");
    }
    return message;
  }

  @Override
  public final R get(Duration timeout) {
    R message = getWithin(Timeouts.nanos(timeout));
    if (message == null) {
      throw new GetTimeoutException("no message came from %s within %s".formatted(peer, timeout));
    }
    return message;
  }

  private @Nullable R getWithin(long nanos) {
    I received = takeReceived(nanos);
    return received == null ? null : unpack(received);
  }

  /**
   * Takes what came in, as it came.
   *
   * @return null if nothing came within {@code nanos}
   */
  protected final @Nullable I takeReceived(long nanos) {
    try {
      Object received = mailbox.take(nanos);
      return received == null ? null : taken(received);
    } catch (InterruptedException e) {
      throw interrupted("waiting for a message from ", e);
    }
  }

  @Override
  public final Optional<R> poll() {
    Object received = mailbox.poll();
    return received == null ? Optional.empty() : Optional.of(unpack(taken(received)));
  }

  @Override
  public final Event<R> receiveEvent() {
    return Event.of(mailbox.arrivals()).map(received -> unpack(taken(received)));
  }

  @Override
  public final Event<PlacesException> closedEvent() {
    synchronized (mailbox) {
      Closing made = closing;
      if (made == null) {
        made = new Closing(this::whyOver, clock);
        closing = made;
      }
      return Event.of(made);
    }
  }

  /** What a get would throw; null if there is something to get, or may be. */
  private @Nullable PlacesException whyOver() {
    Supplier<PlacesException> reason = ended;
    return reason != null && mailbox.size() == 0 ? reason.get() : null;
  }

  private void wakeIfOver() {
    Closing watched = closing;
    if (watched != null && ended != null && mailbox.size() == 0) {
      watched.wakeAll();
    }
  }

  /** Whether the other side has ended the conversation, and nothing went wrong. */
  public final boolean isEndedInOrder() {
    Supplier<PlacesException> reason = ended;
    return reason != null
        && reason.get() instanceof ChannelClosedException closed
        && closed.isOrderly();
  }

  /** Whether nothing can be sent any more. */
  public final boolean isEnded() {
    return ended != null;
  }

  @Override
  public final Event<Boolean> creditEvent() {
    return Event.of(new OwnCredit(credit()));
  }

  /** The peer's credit, with this end's reason for its end. */
  private final class OwnCredit implements EventSource<Boolean> {
    private final EventSource<Boolean> credit;

    OwnCredit(EventSource<Boolean> credit) {
      this.credit = credit;
    }

    @Override
    public boolean isReady() {
      return credit.isReady();
    }

    @Override
    public boolean take(Consumer<? super Boolean> taken) {
      throwIfEnded();
      try {
        return credit.take(taken);
      } catch (PlacesException e) {
        throwIfEnded();
        throw e;
      }
    }

    @Override
    public void watch(Waiter waiter) {
      credit.watch(waiter);
    }

    @Override
    public void unwatch(Waiter waiter) {
      credit.unwatch(waiter);
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }

  /** For the trace: what went by reference has no size. */
  private static int sizeOf(Object content) {
    return content instanceof byte[] bytes ? bytes.length : 0;
  }

  private I taken(Object received) {
    I content = ChannelEnd.<I>content(received);
    if (received instanceof Question<?> question) {
      asks().owe(question.number());
    }
    got(content);
    Trace.got(peer, sizeOf(content));
    wakeIfOver();
    return content;
  }

  // Only I and Question<I> go into the mailbox.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <I> I content(Object received) {
    return received instanceof Question<?> question ? (I) question.content() : (I) received;
  }

  /**
   * A message came from the peer; waits for room up to {@code nanos}.
   *
   * @return false if there was no room in time
   */
  protected final boolean arrive(I content, Mark mark, long question, long nanos)
      throws InterruptedException {
    if (mark == Mark.ANSWER) {
      answered(question, content); // one for each thread that asks: that is bound enough
      return true;
    }
    return mailbox.put(mark == Mark.QUESTION ? new Question<>(question, content) : content, nanos);
  }

  /** A message came from the peer, which had credit for it. */
  protected final void arrive(I content, Mark mark, long question) {
    if (mark == Mark.ANSWER) {
      answered(question, content);
    } else {
      mailbox.deliver(mark == Mark.QUESTION ? new Question<>(question, content) : content);
    }
  }

  private void answered(long question, I answer) {
    Asks<I> questions = asks;
    if (questions != null) {
      questions.answered(question, answer);
    }
  }

  /** Room in this end's mailbox: the peer's credit, where the peer shares its memory. */
  protected final EventSource<Boolean> room() {
    return mailbox.room();
  }

  @Override
  public final void close() {
    close(null);
  }

  /**
   * Closes the channel, telling the peer's holder why.
   *
   * @param cause null if it is closed on purpose
   */
  public final void close(@Nullable PlacesException cause) {
    Supplier<PlacesException> reason =
        () -> new ChannelClosedException("this end of the channel to " + peer + " was closed", cause);
    end(reason);
    try {
      tellClosed(cause); // first, so that who waits for room in this mailbox finds its own end's reason
    } finally {
      mailbox.discard(reason);
      wakeIfOver();
    }
  }

  /** What an end is told when the holder of the other has closed it. */
  static ChannelClosedException closedByHolder(String holder, @Nullable PlacesException cause) {
    String message = holder + " closed the channel";
    if (cause == null) {
      return ChannelClosedException.inOrder(message);
    }
    if (cause instanceof ChannelClosedException closed) { // it says why: "… was killed"
      String why = String.valueOf(closed.getMessage());
      return closed.isOrderly()
          ? ChannelClosedException.inOrder(why)
          : new ChannelClosedException(why, closed.getCause());
    }
    return new ChannelClosedException(message, cause);
  }

  /** Ends this end because of what happened at the peer: what came before is still got. */
  public final void closedByPeer(Supplier<PlacesException> reason) {
    end(reason);
    mailbox.close(reason);
    wakeIfOver();
  }

  private void end(Supplier<PlacesException> reason) {
    if (ended == null) {
      ended = reason;
    }
    endSending(reason);
    Asks<I> questions = asks;
    if (questions != null) {
      questions.fail(reason);
    }
  }

  /** Fails whoever waits for credit. */
  protected void endSending(Supplier<PlacesException> reason) {}

  private void throwIfEnded() {
    Supplier<PlacesException> reason = ended;
    if (reason != null) {
      throw reason.get();
    }
  }

  protected final MessageType<S> sends() {
    return sends;
  }

  protected final MessageType<R> receives() {
    return receives;
  }

  protected final String peer() {
    return peer;
  }

  private PutTimeoutException noCredit(Duration timeout) {
    return new PutTimeoutException(
        "%s granted no credit within %s: it does not read, or reads too slowly; nothing was sent"
            .formatted(peer, timeout));
  }

  private PlaceInterruptedException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new PlaceInterruptedException("interrupted while " + what + peer, cause);
  }

  @Override
  public String toString() {
    return "channel to " + peer;
  }
}
