package io.places.remote;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import io.rsocket.util.DefaultPayload;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** RSocket over TCP, its payloads not copied. */
final class RSocketContestant implements Contestant {
  @Override
  public String serve() {
    RSocket answering =
        new RSocket() {
          @Override
          public Mono<Payload> requestResponse(Payload question) {
            return Mono.just(question);
          }

          @Override
          public Flux<Payload> requestChannel(Publisher<Payload> messages) {
            return Flux.from(messages)
                .doOnNext(Payload::release)
                .count()
                .map(count -> DefaultPayload.create(Long.toString(count)))
                .flux();
          }
        };
    var server =
        RSocketServer.create(SocketAcceptor.with(answering))
            .payloadDecoder(PayloadDecoder.ZERO_COPY)
            .bindNow(TcpServerTransport.create("127.0.0.1", 0));
    return Integer.toString(server.address().getPort());
  }

  @Override
  public Map<Discipline, Run> connect(String address) {
    RSocket socket =
        RSocketConnector.create()
            .payloadDecoder(PayloadDecoder.ZERO_COPY)
            .connect(TcpClientTransport.create("127.0.0.1", Integer.parseInt(address)))
            .block();
    if (socket == null) {
      throw new IllegalStateException("no connection");
    }
    byte[] message = new byte[Discipline.SIZE];
    byte[] block = new byte[Discipline.BULK_SIZE];
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            Payload answer = socket.requestResponse(ByteBufPayload.create(message)).block();
            if (answer != null) {
              answer.release();
            }
          }
        },
        Discipline.ROUND_TRIP_64,
        times ->
            Flux.range(0, times)
                .flatMap(
                    i ->
                        socket
                            .requestResponse(ByteBufPayload.create(message))
                            .doOnNext(Payload::release),
                    Discipline.OUTSTANDING)
                .blockLast(),
        Discipline.ONE_WAY,
        times -> stream(socket, message, times),
        Discipline.MEBIBYTES,
        times -> stream(socket, block, times));
  }

  private static void stream(RSocket socket, byte[] message, int times) {
    Payload count =
        socket
            .requestChannel(Flux.range(0, times).map(i -> ByteBufPayload.create(message)))
            .blockLast();
    Callers.requireAll(times, count == null ? 0 : Long.parseLong(count.getDataUtf8()));
  }
}
