package io.places.channel;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same messages between two actors of Pekko, configured as it comes. In its favour, its tells make
 * no object for each message: the same one goes back and forth.
 */
@State(Scope.Thread)
public class PekkoBenchmark {
  private static final int ASKS = 1_000;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Command TEXT = new Text(OneWayBenchmark.MESSAGE);

  private sealed interface Command {}

  private record Text(String text) implements Command {}

  /** Tell when so many texts have come. */
  private record Count(int texts, CountDownLatch done) implements Command {}

  /** Send so many texts to the partner, each when the one before has come back; tell when all have. */
  private record Play(int roundTrips, CountDownLatch done) implements Command {}

  private record Question(String text, ActorRef<String> sender) implements Command {}

  private final ActorSystem<Command> system =
      ActorSystem.create(Behaviors.setup(Player::new), "benchmark");

  @TearDown(Level.Trial)
  public void stop() {
    system.terminate();
  }

  @Benchmark
  @OperationsPerInvocation(OneWayBenchmark.MESSAGES)
  public void tellOneWay() throws InterruptedException {
    var done = new CountDownLatch(1);
    system.tell(new Count(OneWayBenchmark.MESSAGES, done));
    for (int i = 0; i < OneWayBenchmark.MESSAGES; i++) {
      system.tell(TEXT);
    }
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(RoundTripBenchmark.ROUND_TRIPS)
  public void tellRoundTrip() throws InterruptedException {
    var done = new CountDownLatch(1);
    system.tell(new Play(RoundTripBenchmark.ROUND_TRIPS, done));
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(ASKS)
  public void ask() {
    for (int i = 0; i < ASKS; i++) {
      AskPattern.ask(
              system,
              (ActorRef<String> sender) -> new Question(OneWayBenchmark.MESSAGE, sender),
              LIMIT,
              system.scheduler())
          .toCompletableFuture()
          .join();
    }
  }

  /** Counts texts, or plays them to a partner of its own that sends each back. */
  private static final class Player extends AbstractBehavior<Command> {
    private final ActorRef<Command> partner;
    private CountDownLatch done = new CountDownLatch(0);
    private int left;
    private boolean playing;

    Player(ActorContext<Command> context) {
      super(context);
      ActorRef<Command> self = context.getSelf();
      partner =
          context.spawn(
              Behaviors.receiveMessage(
                  text -> {
                    self.tell(text);
                    return Behaviors.same();
                  }),
              "partner");
    }

    @Override
    public Receive<Command> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::received).build();
    }

    private Behavior<Command> received(Command command) {
      switch (command) {
        case Text text -> {
          left--;
          if (left == 0) {
            done.countDown();
          } else if (playing) {
            partner.tell(text);
          }
        }
        case Count count -> {
          left = count.texts();
          done = count.done();
          playing = false;
        }
        case Play play -> {
          left = play.roundTrips();
          done = play.done();
          playing = true;
          partner.tell(TEXT);
        }
        case Question question -> question.sender().tell(question.text());
      }
      return this;
    }
  }
}
