package io.places.remote;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;

/**
 * Pekko's Artery over TCP, between actors; byte arrays, which it serializes fastest. A flood of tells is
 * dropped by its queue, so a stream is told in bursts that are acknowledged, four under way.
 */
final class PekkoContestant implements Contestant {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int BURST = 500;
  private static final int BURSTS_UNDER_WAY = 4;

  /** The first byte of a message says what is to be done with it. */
  private static final byte COUNT = 0;
  private static final byte ECHO = 1;
  private static final byte TELL_COUNT = 2;

  private static Config config() {
    return ConfigFactory.parseString(
            """
            pekko.actor.provider = remote
            pekko.actor.allow-java-serialization = off
            pekko.remote.artery.transport = tcp
            pekko.remote.artery.canonical.hostname = "127.0.0.1"
            pekko.remote.artery.canonical.port = 0
            pekko.loglevel = OFF
            pekko.stdout-loglevel = OFF
            pekko.log-dead-letters = off
            """)
        .withFallback(ConfigFactory.load());
  }

  private static ActorSystem system(String name) {
    return ActorSystem.create(name, config());
  }

  @Override
  public String serve() {
    ActorSystem system = system("server");
    system.actorOf(Props.create(Answering.class, Answering::new), "answering");
    return ((ExtendedActorSystem) system).provider().getDefaultAddress().toString();
  }

  private static final class Answering extends AbstractActor {
    private long count;

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(byte[].class, this::received).build();
    }

    private void received(byte[] message) {
      switch (message[0]) {
        case ECHO -> getSender().tell(message, getSelf());
        case TELL_COUNT -> {
          getSender().tell(++count, getSelf());
          count = 0;
        }
        default -> count++;
      }
    }
  }

  /** Send so many messages; tell when all are acknowledged. */
  private record Flood(int times, CountDownLatch done) {}

  private static final class Flooding extends AbstractActor {
    private final ActorRef to;
    private final byte[] message = message(COUNT);
    private final byte[] mark = message(TELL_COUNT);
    private CountDownLatch done = new CountDownLatch(0);
    private int left;
    private long sent;
    private long arrived;

    Flooding(ActorRef to) {
      this.to = to;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder().match(Flood.class, this::flood).match(Long.class, this::counted).build();
    }

    private void flood(Flood flood) {
      left = flood.times();
      done = flood.done();
      sent = 0;
      arrived = 0;
      for (int i = 0; i < BURSTS_UNDER_WAY; i++) {
        burst();
      }
    }

    private void counted(long count) {
      arrived += count;
      burst();
      if (left == 0 && arrived == sent) {
        done.countDown();
      }
    }

    private void burst() {
      int size = Math.min(BURST, left);
      for (int i = 1; i < size; i++) {
        to.tell(message, getSelf());
      }
      if (size > 0) {
        to.tell(mark, getSelf());
      }
      left -= size;
      sent += size;
    }
  }

  @Override
  public Map<Discipline, Run> connect(String address) throws Exception {
    ActorSystem system = system("client");
    ActorRef server =
        system
            .actorSelection(address + "/user/answering")
            .resolveOne(LIMIT)
            .toCompletableFuture()
            .get();
    ActorRef flooding = system.actorOf(Props.create(Flooding.class, () -> new Flooding(server)));
    byte[] question = message(ECHO);
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            Patterns.ask(server, question, LIMIT).toCompletableFuture().get();
          }
        },
        Discipline.ROUND_TRIP_64,
        times ->
            Callers.asynchronous(
                Discipline.OUTSTANDING,
                times,
                done ->
                    Patterns.ask(server, question, LIMIT)
                        .whenComplete((answer, failure) -> done.run())),
        Discipline.ONE_WAY,
        times -> {
          var done = new CountDownLatch(1);
          flooding.tell(new Flood(times, done), ActorRef.noSender());
          if (!done.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("messages were lost");
          }
        });
  }

  private static byte[] message(byte what) {
    byte[] message = new byte[Discipline.SIZE];
    message[0] = what;
    return message;
  }
}
