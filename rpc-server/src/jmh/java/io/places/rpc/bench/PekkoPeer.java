package io.places.rpc.bench;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Pekko's ask, in one JVM, by a caller that waits. */
final class PekkoPeer implements Peer {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private record Question(String text, ActorRef<String> sender) {}

  @Override
  public Call connect(String address) {
    ActorSystem<Question> system =
        ActorSystem.create(
            Behaviors.receiveMessage(
                question -> {
                  question.sender().tell(question.text());
                  return Behaviors.same();
                }),
            "benchmark");
    String text = "x".repeat(RpcContest.SIZE);
    return () ->
        AskPattern.ask(
                system,
                (ActorRef<String> sender) -> new Question(text, sender),
                LIMIT,
                system.scheduler())
            .toCompletableFuture()
            .join();
  }
}
