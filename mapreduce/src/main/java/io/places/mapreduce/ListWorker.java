package io.places.mapreduce;

import io.places.ChannelClosedException;
import io.places.FailureText;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.ListMessage.Answer;
import io.places.mapreduce.ListMessage.Classes;
import io.places.mapreduce.ListMessage.Done;
import io.places.mapreduce.ListMessage.Drop;
import io.places.mapreduce.ListMessage.Failed;
import io.places.mapreduce.ListMessage.Give;
import io.places.mapreduce.ListMessage.Given;
import io.places.mapreduce.ListMessage.Group;
import io.places.mapreduce.ListMessage.MapTask;
import io.places.mapreduce.ListMessage.Merge;
import io.places.mapreduce.ListMessage.Order;
import io.places.mapreduce.ListMessage.Piece;
import io.places.mapreduce.ListMessage.Send;
import io.places.mapreduce.ListMessage.Silence;
import io.places.node.Node;
import io.places.place.PlaceExit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/*
 * Orders are carried out in the place's own thread, and received in another. An order of a later run tells that nobody
 * waits for the one before any more: it has failed, or its caller was interrupted. Then the thread is interrupted, since
 * it may be in a mapper that does not come back by itself. That is done only while it carries
 * out an order: what it answers must get out.
 */
/** A worker of {@link MapReduceWorkers}: carries out one order after the other. */
final class ListWorker {
  /** The other one may still have to reduce what came before; only its end ends the waiting. */
  private static final Duration PATIENCE = Duration.ofDays(365);

  private final PlaceChannel<Answer, Order> program;
  private final JobClasses classes;

  /** What the worker has reduced so far in the run. */
  private List<Group> held = List.of();

  private long run;

  /** Empty for the end. */
  private final BlockingQueue<Optional<Order>> orders = new LinkedBlockingQueue<>();

  /** Why no more orders can be received, if it is neither the program's end nor its will. */
  private volatile @Nullable RuntimeException broken;

  private final Thread thread = Thread.currentThread();

  /** Whether the thread may be interrupted. Guarded by this. */
  private boolean working;

  /** Of the orders that have come. Guarded by this. */
  private long lastRun;

  private ListWorker(PlaceChannel<Answer, Order> program) {
    this.program = program;
    this.classes = new AllowedClasses(Node.current().allowed());
  }

  /** The place's body. Ends when the program closes the channel, or is gone. */
  static void body(PlaceChannel<Answer, Order> program) {
    ListWorker worker = new ListWorker(program);
    try (program) {
      Node.current().surroundings().spawner().virtual("mapreduce-list-orders", worker::receive);
      worker.work();
    }
  }

  private void receive() {
    try {
      program.messages().forEach(this::received);
    } catch (NodeLostException | ChannelClosedException e) {
      // Nobody is left to work for.
    } catch (RuntimeException e) {
      broken = e;
    } finally {
      orders.add(Optional.empty());
    }
  }

  private synchronized void received(Order order) {
    if (working && order.run() != lastRun) {
      thread.interrupt();
    }
    lastRun = order.run();
    orders.add(Optional.of(order));
  }

  private void work() {
    try {
      for (var order = orders.take(); order.isPresent(); order = orders.take()) {
        handle(order.get());
      }
      RuntimeException why = broken;
      if (why != null) {
        throw why;
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for orders", e);
    }
  }

  private synchronized boolean begins() {
    working = run == lastRun;
    return working;
  }

  private synchronized void ends() {
    working = false;
    Thread.interrupted(); // a class of the program's may have left that, too; the place's end is heard by the channel
  }

  private void handle(Order order) {
    switch (order) {
      case MapTask(long of, Classes names, List<ListMessage.Pair> task) -> {
        begin(of);
        answering(() -> map(names, task));
      }
      case Merge(long of, Classes names, PlaceChannel<Silence, Piece> from) -> {
        begin(of);
        try (from) { // also if nobody waits for it any more
          answering(() -> merge(names, from));
        }
      }
      case Send(long of, PlaceChannel<Piece, Silence> to) -> {
        begin(of);
        try (to) { // also if nobody waits for it any more
          answering(() -> send(to));
        }
      }
      case Give(long of) -> {
        begin(of);
        answering(() -> GroupList.send(held, piece -> program.put(new Given(of, piece))));
      }
      case Drop(long of) -> {
        begin(of);
        held = List.of();
      }
    }
  }

  /** Forgets what is left of a run before, that has failed. */
  private void begin(long newRun) {
    if (run != newRun) {
      run = newRun;
      held = List.of();
    }
  }

  private void answering(Runnable work) {
    if (!begins()) {
      return; // nobody waits for the answer
    }
    Answer answer;
    try {
      work.run();
      answer = new Done(run);
    } catch (PlaceExit e) {
      throw e;
    } catch (Throwable e) { // an error, too, is that of a class of the program's, and costs no worker
      answer = failed(e);
    }
    ends();
    program.put(answer);
  }

  private Failed failed(Throwable e) {
    FailureText text = FailureText.of(e);
    String message = text.message().isEmpty() ? text.className() : text.message();
    return new Failed(run, message, text.stack(), e instanceof PeerException);
  }

  private void map(Classes names, List<ListMessage.Pair> task) {
    ListMapper<?, ?, ?, ?> mapper = classes.create(names.mapper(), ListMapper.class);
    GroupList<?, ?, ?, ?> types = GroupList.of(mapper.getClass());
    add(types, names, types.reduce(reducer(names), types.map(mapper, task)));
  }

  private void merge(Classes names, PlaceChannel<Silence, Piece> from) {
    List<Group> others = new ArrayList<>();
    try (from) {
      boolean last = false;
      while (!last) {
        Piece piece = from.get();
        others.addAll(piece.groups());
        last = piece.last();
      }
    } catch (NodeLostException | ChannelClosedException e) {
      throw new PeerException(e);
    }
    GroupList<?, ?, ?, ?> types =
        GroupList.of(classes.create(names.mapper(), ListMapper.class).getClass());
    add(types, names, others);
  }

  private void add(GroupList<?, ?, ?, ?> types, Classes names, List<Group> more) {
    if (held.isEmpty()) {
      held = more;
      return;
    }
    List<Group> both = new ArrayList<>(held);
    both.addAll(more);
    held = types.reduce(reducer(names), both);
  }

  private ListReducer<?, ?> reducer(Classes names) {
    return classes.create(names.reducer(), ListReducer.class);
  }

  private void send(PlaceChannel<Piece, Silence> to) {
    try (to) {
      GroupList.send(held, piece -> to.put(piece, PATIENCE));
    } catch (NodeLostException | ChannelClosedException e) {
      throw new PeerException(e);
    }
  }

  /** It is the other worker's fault. */
  @SuppressWarnings("serial") // never written
  private static final class PeerException extends PlacesException {
    PeerException(PlacesException cause) {
      super("another worker is gone: " + cause.getMessage(), cause);
    }
  }
}
