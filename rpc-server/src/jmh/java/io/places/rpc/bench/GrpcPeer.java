package io.places.rpc.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * gRPC-java's blocking calls, each with a deadline as ours have. Its handler runs on its event loop
 * ("direct executor"), which is faster than as it comes and allows no handler to block.
 */
final class GrpcPeer implements Peer {
  private static final MethodDescriptor<BytesValue, BytesValue> ECHO =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("contest/echo")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();

  @Override
  public String serve() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("contest")
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (question, answer) -> {
                              answer.onNext(question);
                              answer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
    return Integer.toString(server.getPort());
  }

  @Override
  public Call connect(String address) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(address))
            .usePlaintext()
            .directExecutor()
            .build();
    BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[RpcContest.SIZE]));
    return () ->
        ClientCalls.blockingUnaryCall(
            channel, ECHO, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), message);
  }
}
