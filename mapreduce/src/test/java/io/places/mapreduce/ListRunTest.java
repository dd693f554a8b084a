package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
import io.places.mapreduce.ListMessage.Answer;
import io.places.mapreduce.ListMessage.Classes;
import io.places.mapreduce.ListMessage.Done;
import io.places.mapreduce.ListMessage.Give;
import io.places.mapreduce.ListMessage.Given;
import io.places.mapreduce.ListMessage.MapTask;
import io.places.mapreduce.ListMessage.Order;
import io.places.mapreduce.ListMessage.Piece;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

  private void answer(ListLink worker, Answer answer) {
    events.add(new ListLink.Event(worker, answer, null));
  }
}
