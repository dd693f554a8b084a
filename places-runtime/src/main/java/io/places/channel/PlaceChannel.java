package io.places.channel;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.event.Event;
import io.places.message.ByReference;
import io.places.message.MessageType;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One end of a two-way, typed stream of messages between two places.
 *
 * <p>What is put on one end is got from the other: each message exactly once while both ends live, in
 * the order in which one thread put them. The receiver never sees a later change by the sender,
 * because mutable values are copied when they are put.
 *
 * <table>
 * <caption>The forms of each operation</caption>
 * <tr><th></th><th>waits</th><th>waits up to</th><th>does not wait</th></tr>
 * <tr><td>send</td><td>{@link #put(Object)}: {@link #PUT_LIMIT}</td><td>{@link #put(Object,
 *     Duration)}</td><td>{@link #offer}: {@code false}</td></tr>
 * <tr><td>receive</td><td>{@link #get()}: as long as the peer lives</td><td>{@link
 *     #get(Duration)}</td><td>{@link #poll}: empty</td></tr>
 * </table>
 *
 * <p>{@link #ask} sends a question and waits for its answer, and only its own. {@link #messages} receives
 * in a loop until the other side is done. {@link #receiveEvent}, {@link #closedEvent} and {@link
 * #creditEvent} wait for the channel among other things.
 *
 * <p>Sending waits only while the peer has granted no credit: {@link #CREDIT_MESSAGES} messages or
 * {@link #CREDIT_BYTES} bytes that it has not got yet. A single message may overdraw the bytes.
 *
 * <p>When the other end is closed, or its place has ended, what was put before is still got; then
 * every operation throws {@link ChannelClosedException}. When the peer's node is lost they throw
 * {@link NodeLostException}; whether the last messages put were got is then unknown. No operation
 * waits for a peer that is gone.
 *
 * <p>An end is itself a message, alone or anywhere in one. Within a JVM it goes by reference: any number
 * of places may hold it. To another node it moves, with all that came for it and was not got, and is
 * closed to those who held it here: an end is at one node at a time. The two holders then talk directly,
 * whatever becomes of the nodes that the end came through; order and exactly-once hold across the move.
 * While an end moves its peer's puts wait. The put that sends it waits until its peer has stopped
 * sending, about a round trip to the peer's node; if that put fails, the end has stayed where it was. One
 * that is lost with a node on its way closes its peer, with {@link NodeLostException} if that is why.
 *
 * <p>An end that was sent is closed when the last place ends that has it: that got it, or has made or used
 * it; in order, if that place ended with exit code 0. Within a JVM its sender shares it, and it stays open
 * for a sender that lives, unless the last place that got it from there has failed or was killed before
 * the sender used it again. It is closed, too, when the message that it is in will not be got, and code
 * outside of places has what it has got for good. The ends that the clients of a named place have sent to it
 * are closed when that place has ended, whoever has them. Besides, an end whose peer is on another node and
 * that nobody can use any more is closed when it is collected.
 *
 * <p>Safe for use by many threads; several readers of one end compete, and each message goes to
 * exactly one of them. What a thread did before {@code put} happens-before what a thread of the same
 * JVM does after the matching {@code get}. All operations throw {@link PlaceInterruptedException} if
 * the thread is interrupted while it waits, and leave its interrupt flag set.
 *
 * @param <S> the type of message this end sends
 * @param <R> the type of message this end receives
 */
@ByReference(ChannelEndType.Maker.class)
public interface PlaceChannel<S, R> extends AutoCloseable {
  /** Messages a sender may be ahead of the receiver: enough to hide a round trip between machines. */
  int CREDIT_MESSAGES = 1_024;

  /** Bytes a sender may be ahead of the receiver. */
  int CREDIT_BYTES = 8 << 20;

  /**
   * How long {@link #put(Object)} waits for credit. Long enough for a reader that pauses, short enough
   * that two places which fill each other's channels and never read are told.
   */
  Duration PUT_LIMIT = Duration.ofSeconds(30);

  /**
   * Sends a message; waits up to {@link #PUT_LIMIT} for credit.
   *
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws PutTimeoutException if the peer grants no credit in time; nothing is sent
   */
  default void put(S message) {
    put(message, PUT_LIMIT);
  }

  /**
   * Sends a message; waits up to {@code timeout} for credit.
   *
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws PutTimeoutException if the peer grants no credit in time; nothing is sent
   * @throws IllegalArgumentException if the timeout is negative
   */
  void put(S message, Duration timeout);

  /**
   * Sends a message if there is credit for it now.
   *
   * @return whether the message was sent
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   */
  boolean offer(S message);

  /** Receives the next message; waits for it as long as the peer lives. */
  R get();

  /**
   * Receives the next message; waits for it up to {@code timeout}.
   *
   * @throws GetTimeoutException if none came in time
   * @throws IllegalArgumentException if the timeout is negative
   */
  R get(Duration timeout);

  /** Receives the next message if it is there already. */
  Optional<R> poll();

  /**
   * The messages that come, for a loop that ends when the other side ends the conversation in order: its
   * holder has closed the channel, or its place has ended with exit code 0. Any other end (a failure, a
   * kill, a lost node) is thrown by the loop as {@link #get()} throws it.
   *
   * <pre>{@code
   * for (Order order : clerk.messages()) {
   *   clerk.put(receipt(order));
   * }
   * }</pre>
   *
   * <p>Each step of the loop receives one message and waits for it as {@code get} does. A message is
   * received when the loop asks for it; leaving the loop loses none.
   */
  default Iterable<R> messages() {
    return () -> new Messages<>(this);
  }

  /**
   * Sends a question and waits for its answer. The answer is the first message that the thread which
   * got the question puts on its end after that; so a body that gets and puts in turn answers right,
   * also when several of its threads do, and several threads may ask at the same time. A thread that
   * gets a second question before it has answered the first answers only the second. A put or offer that
   * sends nothing answers nothing: the thread's next one does. An answer never turns up in {@link #get}; one
   * that comes too late is dropped.
   *
   * @param timeout for the question's way, the answer and its way
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws PutTimeoutException if the peer grants no credit in time; nothing is sent
   * @throws GetTimeoutException if the answer did not come in time; the peer may still be at it
   */
  R ask(S question, Duration timeout);

  /**
   * Sends a question as {@link #ask} does, and returns when it is sent. What this throws says that nothing
   * was sent; what {@link Asked#answer} throws, that the question was, and may have been got.
   *
   * @param timeout for credit
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws PutTimeoutException if the peer grants no credit in time; nothing is sent
   */
  Asked<R> pose(S question, Duration timeout);

  /**
   * Sends a question as {@link #ask} does, and gives its answer later. What this throws says that nothing
   * was sent. The future fails as {@code ask} does, up to some 10 ms after its time; cancelling it drops the
   * answer, and the peer is not told.
   *
   * <p>The future is completed by the thread that brings the answer, for which other messages wait: what
   * follows and takes long or waits belongs into a thread of its own ({@code thenApplyAsync} and the like).
   *
   * @throws MessageNotAllowedException if the value may not travel; nothing is sent
   * @throws PutTimeoutException if the peer grants no credit in time; nothing is sent
   */
  CompletableFuture<R> askAsync(S question, Duration timeout);

  /**
   * Receives the next message together with the right to answer it, if it is a question: from any thread,
   * in any order, among other messages. What is got in this way is not answered by {@link #put}.
   */
  Received<R, S> receive();

  /** How many answers have come here that nobody waited for any more. */
  long lateAnswers();

  /** Ready when a message is there; gives and consumes it as {@link #get} does. */
  Event<R> receiveEvent();

  /**
   * Ready when the channel is over: closed, for whatever reason, and all that came before was got. Gives
   * what {@link #get()} throws from then on. In a choice with {@link #receiveEvent} it comes after the
   * last message, and tells which of many channels has closed.
   */
  Event<PlacesException> closedEvent();

  /**
   * Ready when there is credit, so that {@link #offer} would succeed unless another thread is quicker;
   * gives true.
   */
  Event<Boolean> creditEvent();

  /**
   * Closes the channel for both ends, now. The peer still gets what was put here before; what the peer
   * put and nobody got is dropped. Closing again does nothing.
   */
  @Override
  void close();

  /**
   * Makes a channel within this JVM. Either end may be given to another place. Messages of a type with
   * arguments travel in a record, such as {@code record Lines(List<String> lines)}.
   *
   * @param fromFirst what the first end sends
   * @param fromSecond what the second end sends
   * @throws MessageNotAllowedException if one of the types cannot travel
   */
  static <A, B> Pair<A, B> pair(Class<A> fromFirst, Class<B> fromSecond) {
    return LocalChannel.pair(
        MessageType.of(Objects.requireNonNull(fromFirst, "fromFirst")),
        MessageType.of(Objects.requireNonNull(fromSecond, "fromSecond")),
        Clock.system(),
        "the second end of a channel pair",
        "the first end of a channel pair");
  }

  /**
   * The two ends of one channel.
   *
   * @param <A> what the first end sends and the second receives
   * @param <B> what the second end sends and the first receives
   */
  record Pair<A, B>(PlaceChannel<A, B> first, PlaceChannel<B, A> second) {}
}
