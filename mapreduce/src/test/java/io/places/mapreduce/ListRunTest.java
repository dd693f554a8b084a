package io.places.mapreduce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
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
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the workers of the list form are told, where the test answers for them. */
class ListRunTest {
  private final BlockingQueue<ListLink.Event> events = new LinkedBlockingQueue<>();

  @Test
  @Timeout(20)
  void nothingIsSentToAWorkerThatIsLostAsItIsToldToTakeIt() throws InterruptedException {
    var hosts = Hosts.of(1, Node.inThisJvm());
    try (Node node = Node.start(NodeOptions.standard().hosts(hosts))) {
      RemoteNode remote = node.launch(hosts).getFirst();
      var first = PlaceChannel.pair(Order.class, Answer.class);
      var second = PlaceChannel.pair(Order.class, Answer.class);
      ListLink living = new ListLink(remote, first.first());
      ListLink lost = new ListLink(remote, second.first());
      var tasks = List.of(List.<ListMessage.Pair>of(), List.<ListMessage.Pair>of());
      var run = new ListRun(1, new Classes("", ""), tasks, List.of(living, lost), events);
      Thread runs = Thread.startVirtualThread(run::run);

      assertThat(first.second().get()).isInstanceOf(MapTask.class);
      assertThat(second.second().get()).isInstanceOf(MapTask.class);
      second.second().close();
      answer(living, new Done(1));
      answer(lost, new Done(1)); // both hold something: one is to send it to the other
      events.add(new ListLink.Event(lost, null, new PlacesException("it is gone")));

      assertThat(first.second().get()).as("the task that was lost").isInstanceOf(MapTask.class);
      answer(living, new Done(1));
      assertThat(first.second().get()).isInstanceOf(Give.class);
      answer(living, new Given(1, new Piece(List.of(), true)));
      answer(living, new Done(1));
      runs.join();
    }
  }

  /** Does what a worker is told, but that those of a pair cannot reach each other. */
  private void serve(
      ListLink worker, PlaceChannel<Answer, Order> orders, String name, Set<String> apart) {
    for (Order order : orders.messages()) {
      switch (order) {
        case MapTask _ -> answer(worker, new Done(1));
        case Send send -> {
          send.to().put(new Piece(List.of(new Group(name.getBytes(UTF_8), List.of())), true));
          answer(worker, new Done(1));
        }
        case Merge merge -> {
          String from = new String(merge.from().get().groups().getFirst().key(), UTF_8);
          boolean reached = !apart.contains(from) || !apart.contains(name);
          answer(worker, reached ? new Done(1) : new Failed(1, "no way", "", true));
        }
        case Give _ -> {
          answer(worker, new Given(1, new Piece(List.of(), true)));
          answer(worker, new Done(1));
        }
        case Drop _ -> {}
      }
    }
  }

  private ListRun run(RemoteNode remote, int workers, Set<String> apart) {
    List<ListLink> links = new ArrayList<>();
    for (int number = 0; number < workers; number++) {
      String name = "worker-" + number;
      var channel = PlaceChannel.pair(Order.class, Answer.class);
      ListLink link = new ListLink(remote, channel.first());
      links.add(link);
      Thread.startVirtualThread(() -> serve(link, channel.second(), name, apart));
    }
    List<List<ListMessage.Pair>> tasks = Collections.nCopies(workers, List.of());
    return new ListRun(1, new Classes("", ""), tasks, links, events);
  }

  @Test
  @Timeout(20)
  void workersThatCannotReachEachOtherHoldNothingUp() {
    Set<String> apart = Set.of("worker-0", "worker-1");
    var hosts = Hosts.of(1, Node.inThisJvm());
    try (Node node = Node.start(NodeOptions.standard().hosts(hosts))) {
      RemoteNode remote = node.launch(hosts).getFirst();
      for (int workers : List.of(2, 3, 4)) {
        assertThat(run(remote, workers, apart).run()).isEmpty();
      }
    }
  }

  /** Ends when it is interrupted. */
  static final class EndlessMapper implements ListMapper<Long, Long, Long, Long> {
    @Override
    public List<KeyValue<Long, Long>> map(List<KeyValue<Long, Long>> pairs)
        throws InterruptedException {
      new CountDownLatch(1).await();
      return List.of();
    }
  }

  static final class SameReducer implements ListReducer<Long, Long> {
    @Override
    public List<KeyValue<Long, List<Long>>> reduce(List<KeyValue<Long, List<Long>>> pairs) {
      return pairs;
    }
  }

  @Test
  @Timeout(20)
  void anOrderForWhichNobodyWaitsAnyMoreClosesTheEndThatCameWithIt() {
    var hosts = Hosts.of(1, Node.inThisJvm());
    var options =
        NodeOptions.standard().hosts(hosts).allow(ListRunTest.class.getPackageName());
    var classes = new Classes(EndlessMapper.class.getName(), SameReducer.class.getName());
    try (Node node = Node.start(options)) {
      PlaceChannel<Order, Answer> worker =
          node.launch(hosts).getFirst().place(ListWorker::body);
      var merged = PlaceChannel.pair(Piece.class, Silence.class);
      var sent = PlaceChannel.pair(Piece.class, Silence.class);
      worker.put(new MapTask(1, classes, List.of()));
      worker.put(new Merge(1, classes, merged.second()));
      worker.put(new Send(1, sent.first()));
      worker.put(new Drop(2));

      assertThatThrownBy(() -> merged.first().get()).isInstanceOf(ChannelClosedException.class);
      assertThatThrownBy(() -> sent.second().get()).isInstanceOf(ChannelClosedException.class);
    }
  }

  private void answer(ListLink worker, Answer answer) {
    events.add(new ListLink.Event(worker, answer, null));
  }
}
