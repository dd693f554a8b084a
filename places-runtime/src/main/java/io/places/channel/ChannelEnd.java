package io.places.channel;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.MessageNotAllowedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.event.Event;
import io.places.event.EventSource;
import io.places.event.Waiter;
import io.places.message.MessageType;
import io.places.trace.Trace;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * What came is in the mailbox, as a message or Encoded; what goes out goes through the link. While both
 * ends stay where they are the link does not change, and nothing below costs more than reading it.
 *
 * When one of the ends moves to another node, the link is replaced: first by one that sends nothing, so
 * that whoever wants to send waits; then, when the other end has arrived, by the way to its new place. An
 * end always has its new link before the old one stops working. Links are replaced under one lock for all
 * ends, since two change together when both are here; moves are rare, and nothing waits under it.
 *
 * Who sends nothing may still wait for a message: an end stays reachable, and so open, while a thread is
 * in one of its methods.
 */
/**
 * An end of a channel, wherever its peer lives: checks, sends; takes, or times out; asks and answers;
 * closes.
 *
 * @param <S> the type of message this end sends
 * @param <R> the type of message this end receives
 */
public final class ChannelEnd<S, R> implements PlaceChannel<S, R> {
  private static final ReentrantLock LINKS = new ReentrantLock();

  /** A question in the mailbox, among plain messages. */
  private record Question(long number, Object content) {}

  private static final long PUT_LIMIT_NANOS = PUT_LIMIT.toNanos();

  /**
   * A message that came and was not got.
   *
   * @param question its number; 0 if it is a plain message
   * @param content the message, or {@link Encoded}
   */
  public record Unread(long question, Object content) {
    /** It does not count as held here any more. */
    public void release() {
      if (content instanceof Encoded encoded) {
        encoded.release();
      }
    }
  }

  private @Nullable MessageType<S> sends; // null until somebody gets an end that came from another node
  private @Nullable MessageType<R> receives; // likewise
  private final Clock clock;
  private final Mailbox<Object> mailbox; // of messages, Encoded, and Questions of those
  private final Object peer; // a string when it is needed: see PlaceHost
  private volatile @Nullable Link link; // null only while the end is made
  private volatile @Nullable Condition linkReplaced; // of LINKS; made by the first who waits
  private volatile @Nullable Asks<Object> asks; // made for the first question: most ends see none
  private volatile @Nullable Closing closing; // made for the first who asks for the event
  private volatile @Nullable Supplier<PlacesException> ended; // why nothing can be sent any more
  private volatile @Nullable Closed closedHere;
  private volatile @Nullable Holders holders; // null as long as it is where it was made

  /** The holder has closed the end. */
  private record Closed(@Nullable PlacesException cause) {}

  /**
   * An end that still needs its link; see {@link #beginWith}.
   *
   * @param peer what is at the other end, as a string, for error messages: "place echo on node node-2"
   */
  public ChannelEnd(MessageType<S> sends, MessageType<R> receives, Clock clock, Object peer) {
    this(clock, peer);
    this.sends = sends;
    this.receives = receives;
  }

  /** An end whose types are known when somebody gets it: see {@link #takeTypes}. */
  public ChannelEnd(Clock clock, Object peer) {
    this.clock = clock;
    this.mailbox = new Mailbox<>(clock, this::weight, CREDIT_MESSAGES, CREDIT_BYTES);
    this.peer = peer;
  }

  /** The first link; set before the end is handed out. */
  public void beginWith(Link first) {
    link = first;
  }

  /** What whoever got this end sends and receives. */
  public void takeTypes(MessageType<S> sent, MessageType<R> received) {
    if (sends == null) {
      receives = received;
      sends = sent;
    }
  }

  @Override
  public void put(S message) {
    if (!putWithin(message, PUT_LIMIT_NANOS)) {
      throw noCredit(PUT_LIMIT);
    }
  }

  @Override
  public void put(S message, Duration timeout) {
    if (!putWithin(message, Timeouts.nanos(timeout))) {
      throw noCredit(timeout);
    }
  }

  @Override
  public boolean offer(S message) {
    return putWithin(message, 0);
  }

  private boolean putWithin(S message, long nanos) {
    Object prepared = link().prepare(sends(), sends().cast(message));
    Asks<Object> questions = asks;
    long question = questions == null ? 0 : questions.takeOwed();
    return (questions == null || question == 0)
        ? send(sends(), prepared, Mark.PLAIN, 0, nanos)
        : answer(questions, question, prepared, nanos);
  }

  /** Sends the answer that this thread owes; if it is not sent, the next message is to be the answer. */
  private boolean answer(Asks<Object> questions, long question, Object prepared, long nanos) {
    boolean sent = false;
    try {
      sent = send(sends(), prepared, Mark.ANSWER, question, nanos);
      return sent;
    } finally {
      if (!sent) {
        questions.stillOwed(question);
      }
    }
  }

  private <T> boolean send(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos) {
    throwIfEnded();
    noteUse();
    List<ChannelEnd<?, ?>> lent = Lending.ends(prepared);
    return lent.isEmpty()
        ? sendAlone(type, prepared, mark, question, nanos)
        : sendWith(lent, type, prepared, mark, question, nanos);
  }

  private <T> boolean sendWith(
      List<ChannelEnd<?, ?>> lent,
      MessageType<T> type,
      Object prepared,
      Mark mark,
      long question,
      long nanos) {
    EndOwner by = EndOwner.current();
    lent.forEach(end -> end.sentBy(by));
    boolean sent = false;
    try {
      sent = sendAlone(type, prepared, mark, question, nanos);
      return sent;
    } finally {
      if (!sent) {
        lent.forEach(end -> end.notSentBy(by));
      }
    }
  }

  private <T> boolean sendAlone(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos) {
    try {
      Link.Outcome outcome = link().send(type, prepared, mark, question, nanos);
      boolean sent =
          outcome == Link.Outcome.REPLACED
              ? sendByNextLink(type, prepared, mark, question, nanos)
              : outcome == Link.Outcome.SENT;
      if (sent) {
        Trace.put(peer, sizeOf(prepared));
      }
      return sent;
    } catch (InterruptedException e) {
      throw interrupted("waiting for credit from ", e);
    } catch (PlacesException e) {
      throwIfEnded(); // the reason of this end says more than that of the peer's mailbox
      throw e;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private <T> boolean sendByNextLink(
      MessageType<T> type, Object prepared, Mark mark, long question, long nanos)
      throws InterruptedException {
    long start = clock.nanoTime();
    long left = nanos;
    while (true) {
      Link tried = link();
      Link.Outcome outcome = tried.send(type, prepared, mark, question, left);
      if (outcome != Link.Outcome.REPLACED) {
        return outcome == Link.Outcome.SENT;
      }
      left = nanos - (clock.nanoTime() - start);
      if (!awaitLinkOtherThan(tried, left)) {
        return false;
      }
      throwIfEnded();
    }
  }

  /**
   * Waits until this end has another link, or is over.
   *
   * @return false if it has not within {@code nanos}
   */
  public boolean awaitLinkOtherThan(Link old, long nanos) throws InterruptedException {
    LINKS.lockInterruptibly();
    try {
      Condition replaced = linkReplaced;
      if (replaced == null) {
        replaced = LINKS.newCondition();
        linkReplaced = replaced;
      }
      long left = nanos;
      while (old.equals(link) && ended == null) {
        if (left <= 0) {
          return false;
        }
        left = clock.await(replaced, left);
      }
      return true;
    } finally {
      LINKS.unlock();
    }
  }

  /**
   * Gives this end another link, unless it has another than {@code old} already.
   *
   * @return whether it was replaced
   */
  public boolean replaceLink(Link old, Link by) {
    LINKS.lock();
    try {
      if (!old.equals(link)) {
        return false;
      }
      setLink(by);
    } finally {
      LINKS.unlock();
    }
    linkWasReplaced(old, by);
    return true;
  }

  /** Takes two ends apart whose links lead to each other. Returns false if they do not (any more). */
  public static boolean part(ChannelEnd<?, ?> a, Link ofA, ChannelEnd<?, ?> b, Link ofB) {
    Link oldA;
    Link oldB;
    LINKS.lock();
    try {
      oldA = a.link();
      oldB = b.link();
      if (!(oldA instanceof LocalLink toB && toB.to().equals(b))
          || !(oldB instanceof LocalLink toA && toA.to().equals(a))) {
        return false;
      }
      a.setLink(ofA);
      b.setLink(ofB);
    } finally {
      LINKS.unlock();
    }
    a.linkWasReplaced(oldA, ofA);
    b.linkWasReplaced(oldB, ofB);
    return true;
  }

  /** Links two ends of this JVM to each other, unless one has another link already. */
  public static boolean join(ChannelEnd<?, ?> a, Link oldA, ChannelEnd<?, ?> b, Link oldB) {
    var toB = new LocalLink(b);
    var toA = new LocalLink(a);
    LINKS.lock();
    try {
      if (!oldA.equals(a.link) || !oldB.equals(b.link)) {
        return false;
      }
      a.setLink(toB);
      b.setLink(toA);
    } finally {
      LINKS.unlock();
    }
    a.linkWasReplaced(oldA, toB);
    b.linkWasReplaced(oldB, toA);
    return true;
  }

  private void setLink(Link by) {
    link = by;
    signalReplaced();
  }

  private void linkWasReplaced(Link old, Link by) {
    old.replaced();
    Closed closed = closedHere;
    Supplier<PlacesException> reason = ended;
    if (closed != null) { // the other end was not told yet
      by.close(closed.cause());
    } else if (reason != null && !(reason.get() instanceof MovedException)) {
      by.close(reason.get());
    } // else, if it is moved, it has moved on since, and its peer has another link already
  }

  private void signalReplaced() {
    Condition replaced = linkReplaced;
    if (replaced != null) {
      LINKS.lock();
      try {
        replaced.signalAll();
      } finally {
        LINKS.unlock();
      }
    }
  }

  /** Whether messages of this very type object can be put into the mailbox as they are. */
  @SuppressWarnings("ReferenceEquality") // there is one for each Java type, so for each class loader
  boolean receives(MessageType<?> type) {
    return receives == type;
  }

  /** How this end reaches the other now. */
  public Link link() {
    Link now = link;
    if (now == null) {
      throw new AssertionError("an end was used before its pair was made");
    }
    return now;
  }

  /**
   * Ends this end here because it goes elsewhere: its holders find it closed.
   *
   * @param later takes what tells those who wait for answers, which may be users' code: not to be run under a lock
   * @return what came and was not got, oldest first
   */
  public List<Unread> leave(MovedException moved, Consumer<Runnable> later) {
    Supplier<PlacesException> reason = () -> new MovedException(String.valueOf(moved.getMessage()));
    endLink(reason);
    mailbox.close(reason);
    later.accept(() -> failQuestions(reason));
    return unread();
  }

  /** Takes all that is in the closed mailbox. */
  private List<Unread> unread() {
    List<Unread> unread = new ArrayList<>();
    try {
      for (Object message = mailbox.poll(); message != null; message = mailbox.poll()) {
        unread.add(
            message instanceof Question(long number, Object content)
                ? new Unread(number, content)
                : new Unread(0, message));
      }
    } catch (PlacesException empty) {
      return unread; // closed and empty
    }
    throw new AssertionError("a closed mailbox was left open");
  }

  /**
   * What an unread message is on its way to another node.
   *
   * @throws MessageNotAllowedException if it cannot leave this JVM
   */
  @SuppressWarnings("unchecked") // what is not encoded was checked when it was put
  public Encoded encodeUnread(Unread unread) {
    if (unread.content() instanceof Encoded encoded) {
      encoded.requireNothingShared();
      return encoded;
    }
    return Encoded.of(receives(), (R) Lending.message(unread.content()));
  }

  /** Why nothing can be sent any more; null while something can. */
  public @Nullable Supplier<PlacesException> whyEnded() {
    return ended;
  }

  /** The number below which all questions of this end are. */
  public long lastQuestion() {
    Asks<Object> questions = asks;
    return questions == null ? 0 : questions.last();
  }

  /** An end that came from elsewhere does not use the numbers again that it used there. */
  public void askAfter(long question) {
    if (question > 0) {
      asks().startAfter(question);
    }
  }

  /**
   * Sends an argument of the place at the other end, ahead of all messages.
   *
   * @throws PutTimeoutException if the other end takes none
   */
  public <A> void putArgument(MessageType<A> type, Object argument) {
    Object prepared = link().prepare(type, type.check(argument));
    if (!send(type, prepared, Mark.PLAIN, 0, PUT_LIMIT.toNanos())) {
      throw new PutTimeoutException("%s took no argument within %s".formatted(peer, PUT_LIMIT));
    }
  }

  /** Receives an argument for the body at this end. */
  public Object getArgument(MessageType<?> type) {
    Object received = takeReceived(Long.MAX_VALUE);
    return received instanceof Encoded encoded
        ? decode(encoded, type, null)
        : type.cast(received);
  }

  @Override
  public R ask(S question, Duration timeout) {
    long limit = Timeouts.nanos(timeout);
    long start = clock.nanoTime();
    long number = asks().open();
    try {
      sendQuestion(question, number, limit, timeout);
      return awaitAnswer(number, limit - (clock.nanoTime() - start), timeout);
    } finally {
      forgetQuestion(number);
    }
  }

  @Override
  public Asked<R> pose(S question, Duration timeout) {
    long limit = Timeouts.nanos(timeout);
    long number = asks().open();
    boolean sent = false;
    try {
      sendQuestion(question, number, limit, timeout);
      sent = true;
      return new Posed(number);
    } finally {
      if (!sent) {
        forgetQuestion(number);
      }
    }
  }

  /** A question of this end that is on its way. */
  private final class Posed implements Asked<R> {
    private final long number;

    Posed(long number) {
      this.number = number;
    }

    @Override
    public R answer(Duration timeout) {
      try {
        return awaitAnswer(number, Timeouts.nanos(timeout), timeout);
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      forgetQuestion(number);
    }
  }

  @Override
  public CompletableFuture<R> askAsync(S question, Duration timeout) {
    long limit = Timeouts.nanos(timeout);
    EndOwner asker = EndOwner.current(); // whichever thread takes the answer in
    Promises.Promise<R> promise =
        asks()
            .promises()
            .open(asks().number(), got -> unpack(got, asker), limit, noAnswer(timeout));
    boolean sent = false;
    try {
      sendQuestion(question, promise.number(), limit, timeout);
      sent = true;
      return promise;
    } finally {
      if (!sent) {
        promise.forget();
      }
    }
  }

  private void sendQuestion(S question, long number, long nanos, Duration timeout) {
    Object prepared = link().prepare(sends(), sends().cast(question));
    if (!send(sends(), prepared, Mark.QUESTION, number, nanos)) {
      throw noCredit(timeout);
    }
    Supplier<PlacesException> reason = ended;
    if (reason != null) {
      asks().fail(reason); // the end may have come before the question was open, or the answer
    }
  }

  private R awaitAnswer(long number, long nanos, Duration timeout) {
    try {
      Object answer = asks().await(number, nanos);
      if (answer == null) {
        throw noAnswer(timeout).get();
      }
      return unpack(answer);
    } catch (InterruptedException e) {
      throw interrupted("waiting for an answer from ", e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Supplier<PlacesException> noAnswer(Duration timeout) {
    return () ->
        new GetTimeoutException("no answer came from %s within %s".formatted(peer, timeout));
  }

  @Override
  public long lateAnswers() {
    Asks<Object> questions = asks;
    return questions == null ? 0 : questions.late();
  }

  private Asks<Object> asks() {
    Asks<Object> made = asks;
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
  public R get() {
    R message = getWithin(Long.MAX_VALUE);
    if (message == null) {
      throw new AssertionError("a wait without limit ended without a message");
    }
    return message;
  }

  @Override
  public R get(Duration timeout) {
    R message = getWithin(Timeouts.nanos(timeout));
    if (message == null) {
      throw new GetTimeoutException("no message came from %s within %s".formatted(peer, timeout));
    }
    return message;
  }

  private @Nullable R getWithin(long nanos) {
    Object received = takeReceived(nanos);
    return received == null ? null : unpack(received);
  }

  @Override
  public Received<R, S> receive() {
    Object received = taken(Long.MAX_VALUE);
    if (received == null) {
      throw new AssertionError("a wait without limit ended without a message");
    }
    long number = received instanceof Question question ? question.number() : 0;
    Object content = opened(received);
    try {
      return new Got(unpack(content), null, number);
    } catch (PlacesException e) { // a question even so: whoever asked may be told
      return new Got(null, e, number);
    }
  }

  /** A message that was got, and may be answered later. */
  private final class Got implements Received<R, S> {
    private final @Nullable R message;
    private final @Nullable PlacesException unreadable;
    private final long question;

    Got(@Nullable R message, @Nullable PlacesException unreadable, long question) {
      this.message = message;
      this.unreadable = unreadable;
      this.question = question;
    }

    @Override
    public R message() {
      if (unreadable != null) {
        throw unreadable;
      }
      return Objects.requireNonNull(message);
    }

    @Override
    public boolean isQuestion() {
      return question != 0;
    }

    @Override
    public void answer(S answer) {
      if (question == 0) {
        throw new IllegalStateException(
            "a message from %s was to be answered that is no question: nobody waits for an answer"
                .formatted(peer));
      }
      Object prepared = link().prepare(sends(), sends().cast(answer));
      if (!send(sends(), prepared, Mark.ANSWER, question, PUT_LIMIT_NANOS)) {
        throw noCredit(PUT_LIMIT);
      }
    }
  }

  /** What came in, as it came; null if nothing came within {@code nanos}. */
  private @Nullable Object takeReceived(long nanos) {
    Object received = taken(nanos);
    return received == null ? null : owed(received);
  }

  /** What is in the mailbox; null if nothing came within {@code nanos}. */
  private @Nullable Object taken(long nanos) {
    noteUse();
    try {
      return mailbox.take(nanos);
    } catch (InterruptedException e) {
      throw interrupted("waiting for a message from ", e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public Optional<R> poll() {
    noteUse();
    Object received = mailbox.poll();
    return received == null ? Optional.empty() : Optional.of(unpack(owed(received)));
  }

  @Override
  public Event<R> receiveEvent() {
    noteUse();
    return Event.of(mailbox.arrivals()).map(received -> unpack(owed(received)));
  }

  @Override
  public Event<PlacesException> closedEvent() {
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
  public boolean isEndedInOrder() {
    Supplier<PlacesException> reason = ended;
    return reason != null
        && reason.get() instanceof ChannelClosedException closed
        && closed.isOrderly();
  }

  /** Whether nothing can be sent any more. */
  public boolean isEnded() {
    return ended != null;
  }

  @Override
  public Event<Boolean> creditEvent() {
    return Event.of(new OwnCredit());
  }

  /** The peer's credit by whatever link there is, with this end's reason for its end. */
  private final class OwnCredit implements EventSource<Boolean> {
    @Override
    public boolean isReady() {
      return ended != null || link().credit().isReady();
    }

    @Override
    public boolean take(Consumer<? super Boolean> taken) {
      throwIfEnded();
      try {
        return link().credit().take(taken);
      } catch (MovedException e) {
        return false; // there is another link by now
      } catch (PlacesException e) {
        throwIfEnded();
        throw e;
      }
    }

    @Override
    public void watch(Waiter waiter) {
      link().credit().watch(waiter);
    }

    @Override
    public void unwatch(Waiter waiter) {
      link().credit().unwatch(waiter);
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }

  /** For the trace: what went by reference has no size. */
  private static int sizeOf(Object content) {
    return content instanceof Encoded encoded ? encoded.size() : 0;
  }

  /** The content of what was taken; this thread's next message is the answer, if it is a question. */
  private Object owed(Object received) {
    if (received instanceof Question question) {
      asks().owe(question.number());
    }
    return opened(received);
  }

  private Object opened(Object received) {
    Object content = received instanceof Question question ? question.content() : received;
    if (content instanceof Encoded encoded) {
      encoded.release();
      link().got(encoded.size());
    }
    Trace.got(peer, sizeOf(content));
    wakeIfOver();
    return content;
  }

  private R unpack(Object content) {
    return unpack(content, null);
  }

  /**
   * The message.
   *
   * @param by who has got it; null for the calling thread
   */
  @SuppressWarnings("unchecked") // what is not encoded was checked when it was put
  private R unpack(Object content, @Nullable EndOwner by) {
    if (content instanceof Encoded encoded) {
      return decode(encoded, receives(), by);
    }
    if (content instanceof Lending lending) {
      EndOwner owner = by == null ? EndOwner.current() : by;
      lending.ends().forEach(end -> end.gotBy(owner));
      return (R) lending.message();
    }
    return (R) content;
  }

  /**
   * The ends in it are the owner's, even if the message cannot be read.
   *
   * @param by the owner, for whom a thread decodes that others wait for; null for the calling thread
   */
  private static <T> T decode(Encoded encoded, MessageType<T> type, @Nullable EndOwner by) {
    try {
      return by == null ? encoded.decode(type) : encoded.decodeAtOnce(type);
    } finally {
      List<ChannelEnd<?, ?>> ends = Lending.ends(encoded);
      if (!ends.isEmpty()) {
        EndOwner owner = by == null ? EndOwner.current() : by;
        ends.forEach(end -> end.gotBy(owner));
      }
    }
  }

  @SuppressWarnings("unchecked") // likewise
  private int weight(Object received) {
    Object content = received instanceof Question question ? question.content() : received;
    return content instanceof Encoded encoded
        ? encoded.size()
        : receives().weight((R) Lending.message(content));
  }

  /**
   * A message came from the peer; waits for room up to {@code nanos}.
   *
   * @return false if there was no room in time
   */
  boolean arrive(Object content, Mark mark, long question, long nanos)
      throws InterruptedException {
    if (mark == Mark.ANSWER) {
      answered(question, content); // one for each thread that asks: that is bound enough
      return true;
    }
    return mailbox.put(mark == Mark.QUESTION ? new Question(question, content) : content, nanos);
  }

  /** A message came from the peer, which had credit for it. */
  public void arrive(Encoded content, Mark mark, long question) {
    if (mark == Mark.ANSWER) {
      content.release(); // there is at most one for each thread that asks
      answered(question, content);
    } else if (ended != null
        || !mailbox.deliver(mark == Mark.QUESTION ? new Question(question, content) : content)) {
      neverGot(content);
    }
  }

  /** A message came that nobody will get: the ends in it are closed, if nobody else has them. */
  public static void neverGot(Encoded content) {
    content.release();
    drop(content);
  }

  private static void drop(Object content) {
    Queue<ChannelEnd<?, ?>> abandoned = new ArrayDeque<>(0);
    abandonIfNobodyHas(Lending.ends(content), abandoned);
    abandon(abandoned);
  }

  private void answered(long question, Object answer) {
    Asks<Object> questions = asks;
    if (questions == null || !questions.answered(question, answer)) {
      drop(answer);
    }
  }

  /** What has come meanwhile nobody gets. */
  private void forgetQuestion(long number) {
    Object answer = asks().forget(number);
    if (answer != null) {
      drop(answer);
    }
  }

  /** Room in this end's mailbox: the peer's credit, where the peer shares its memory. */
  EventSource<Boolean> room() {
    return mailbox.room();
  }

  @Override
  public void close() {
    close(null);
  }

  /**
   * Closes the channel, telling the peer's holder why.
   *
   * @param cause null if it is closed on purpose
   */
  public void close(@Nullable PlacesException cause) {
    Queue<ChannelEnd<?, ?>> abandoned = new ArrayDeque<>(0);
    close(cause, abandoned);
    abandon(abandoned);
  }

  /** Closes ends, and those in messages that they have not got, and so on: that may be a long chain. */
  private static void abandon(Queue<ChannelEnd<?, ?>> ends) {
    for (ChannelEnd<?, ?> end = ends.poll(); end != null; end = ends.poll()) {
      end.close(
          new ChannelClosedException(
              "the other end of this channel was in a message that was never got"),
          ends);
    }
  }

  /**
   * Closes this end.
   *
   * @param abandoned where the ends are added that nobody has any more then
   */
  private void close(@Nullable PlacesException cause, Queue<ChannelEnd<?, ?>> abandoned) {
    Supplier<PlacesException> reason =
        () -> new ChannelClosedException("this end of the channel to " + peer + " was closed", cause);
    closedHere = new Closed(cause);
    end(reason);
    try {
      link().close(cause); // first, so that who waits for room in this mailbox finds its own end's reason
    } finally {
      mailbox.close(reason);
      for (Unread message : unread()) {
        message.release();
        abandonIfNobodyHas(Lending.ends(message.content()), abandoned);
      }
      wakeIfOver();
    }
  }

  private static void abandonIfNobodyHas(
      List<ChannelEnd<?, ?>> dropped, Queue<ChannelEnd<?, ?>> abandoned) {
    for (ChannelEnd<?, ?> end : dropped) {
      if (end.holders().dropped()) {
        abandoned.add(end);
      }
    }
  }

  private Holders holders() {
    Holders made = holders;
    if (made == null) {
      synchronized (mailbox) {
        made = holders;
        if (made == null) {
          made = new Holders();
          holders = made;
        }
      }
    }
    return made;
  }

  /** It ends with its place, whoever else has it in the meantime. */
  public void belongsToAPlace() {
    holders = Holders.OF_A_PLACE;
  }

  /** It ends with the place that gets it in a message; if none does, with that message. */
  public void belongsToWhoGetsIt() {
    holders = Holders.ofAPlaceOnceGot();
  }

  /** The calling thread has made it, or got it otherwise than in a message. */
  public void isHeldHere() {
    holdBy(EndOwner.current());
  }

  /** It comes in a message from another node. */
  public void comesInAMessage() {
    holders().comes();
  }

  private void noteUse() {
    Holders known = holders;
    if (known != null && !known.isFixed()) {
      EndOwner user = EndOwner.current();
      if (known.isNew(user)) {
        holdBy(user);
      }
    }
  }

  void sentBy(EndOwner by) {
    holders().sent(by);
    by.add(this);
    if (link() instanceof LocalLink(ChannelEnd<?, ?> other) && other.holders == null) {
      other.holdBy(by); // who sends the one has the other
    }
  }

  private void notSentBy(EndOwner by) {
    holders().notSent(by);
    by.add(this); // again: it may have ended meanwhile
  }

  void gotBy(EndOwner by) {
    holders().got(by);
    by.add(this);
  }

  private void holdBy(EndOwner by) {
    holders().add(by);
    by.add(this);
  }

  /** One of those who have it has ended; it is closed if nobody is left. */
  void ownerEnded(EndOwner owner, PlacesException why, boolean inOrder) {
    Supplier<PlacesException> already = ended;
    if (holders().ended(owner, inOrder)
        && !(already != null && already.get() instanceof MovedException)) {
      close(why);
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
  public void closedByPeer(Supplier<PlacesException> reason) {
    end(reason);
    mailbox.close(reason);
    wakeIfOver();
  }

  /** Ends the channel for whoever holds its ends, because the place is over that it was made for. */
  public void placeIsOver(Supplier<PlacesException> reason) {
    closedByPeer(reason);
    link().close(reason.get());
  }

  private void end(Supplier<PlacesException> reason) {
    endLink(reason);
    failQuestions(reason);
  }

  private void endLink(Supplier<PlacesException> reason) {
    if (ended == null) {
      ended = reason;
    }
    link().end(reason);
    signalReplaced();
  }

  private void failQuestions(Supplier<PlacesException> reason) {
    Asks<Object> questions = asks;
    if (questions != null) {
      questions.fail(reason);
    }
  }

  private void throwIfEnded() {
    Supplier<PlacesException> reason = ended;
    if (reason != null) {
      throw reason.get();
    }
  }

  private MessageType<S> sends() {
    MessageType<S> known = sends;
    if (known == null) {
      throw new AssertionError("an end was used before anybody got it");
    }
    return known;
  }

  private MessageType<R> receives() {
    MessageType<R> known = receives;
    if (known == null) {
      throw new AssertionError("an end was used before anybody got it");
    }
    return known;
  }

  /** What is at the other end, as error messages name it. */
  public String peer() {
    return peer.toString();
  }

  /** How many messages came and were not got yet; answers to questions do not count. */
  public int unreadMessages() {
    return mailbox.size();
  }

  /** What those count against the bound. */
  public long unreadBytes() {
    return mailbox.bytes();
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
