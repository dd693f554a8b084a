package io.places.rpc.bench;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import reactor.core.publisher.Mono;

/** RSocket over TCP, its payloads not copied. */
final class RSocketPeer implements Peer {
  @Override
  public String serve() {
    var server =
        RSocketServer.create(SocketAcceptor.forRequestResponse(Mono::just))
            .payloadDecoder(PayloadDecoder.ZERO_COPY)
            .bindNow(TcpServerTransport.create("127.0.0.1", 0));
    return Integer.toString(server.address().getPort());
  }

  @Override
  public Call connect(String address) {
    RSocket socket =
        RSocketConnector.create()
            .payloadDecoder(PayloadDecoder.ZERO_COPY)
            .connect(TcpClientTransport.create("127.0.0.1", Integer.parseInt(address)))
            .block();
    if (socket == null) {
      throw new IllegalStateException("no connection");
    }
    byte[] message = new byte[RpcContest.SIZE];
    return () -> {
      Payload answer = socket.requestResponse(ByteBufPayload.create(message)).block();
      if (answer != null) {
        answer.release();
      }
    };
  }
}
