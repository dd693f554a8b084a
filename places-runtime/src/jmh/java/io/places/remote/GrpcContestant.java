package io.places.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * gRPC-java: unary calls, blocking and asynchronous, and a client's stream.
 *
 * <p>Its handlers run on its event loops ("direct executor"), which is faster than as it comes and allows
 * no handler to block.
 */
final class GrpcContestant implements Contestant {
  private static final int BULK_BOUND = 4 << 20;

  private static final MethodDescriptor<BytesValue, BytesValue> ECHO =
      method("echo", MethodDescriptor.MethodType.UNARY, BytesValue.getDefaultInstance());
  private static final MethodDescriptor<BytesValue, Int64Value> COUNT =
      method("count", MethodDescriptor.MethodType.CLIENT_STREAMING, Int64Value.getDefaultInstance());

  private static <R extends Message> MethodDescriptor<BytesValue, R> method(
      String name, MethodDescriptor.MethodType type, R answer) {
    return MethodDescriptor.<BytesValue, R>newBuilder()
        .setType(type)
        .setFullMethodName("contest/" + name)
        .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .build();
  }

  @Override
  public String serve() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .maxInboundMessageSize(BULK_BOUND)
            .addService(
                ServerServiceDefinition.builder("contest")
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (question, answer) -> {
                              answer.onNext(question);
                              answer.onCompleted();
                            }))
                    .addMethod(COUNT, ServerCalls.asyncClientStreamingCall(Counter::new))
                    .build())
            .build()
            .start();
    return Integer.toString(server.getPort());
  }

  private static final class Counter implements StreamObserver<BytesValue> {
    private final StreamObserver<Int64Value> answer;
    private long count;

    Counter(StreamObserver<Int64Value> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(BytesValue message) {
      count++;
    }

    @Override
    public void onError(Throwable failure) {
      answer.onError(failure);
    }

    @Override
    public void onCompleted() {
      answer.onNext(Int64Value.of(count));
      answer.onCompleted();
    }
  }

  @Override
  public Map<Discipline, Run> connect(String address) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(address))
            .usePlaintext()
            .directExecutor()
            .build();
    BytesValue message = bytes(Discipline.SIZE);
    BytesValue block = bytes(Discipline.BULK_SIZE);
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, message);
          }
        },
        Discipline.ROUND_TRIP_64,
        times ->
            Callers.asynchronous(
                Discipline.OUTSTANDING, times, done -> call(channel, message, done)),
        Discipline.ONE_WAY,
        times -> stream(channel, message, times),
        Discipline.MEBIBYTES,
        times -> stream(channel, block, times));
  }

  private static BytesValue bytes(int size) {
    return BytesValue.of(ByteString.copyFrom(new byte[size]));
  }

  private static void call(ManagedChannel channel, BytesValue message, Runnable done) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(ECHO, CallOptions.DEFAULT),
        message,
        new StreamObserver<>() {
          @Override
          public void onNext(BytesValue answer) {}

          @Override
          public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
          }

          @Override
          public void onCompleted() {
            done.run();
          }
        });
  }

  private static void stream(ManagedChannel channel, BytesValue message, int times)
      throws Exception {
    var sender = new StreamSender(message, times);
    ClientCalls.asyncClientStreamingCall(channel.newCall(COUNT, CallOptions.DEFAULT), sender);
    Callers.requireAll(times, sender.arrived.get(1, TimeUnit.MINUTES));
  }

  /** Sends as long as the stream is ready, which is how gRPC bounds its memory. */
  private static final class StreamSender implements ClientResponseObserver<BytesValue, Int64Value> {
    final CompletableFuture<Long> arrived = new CompletableFuture<>();
    private final BytesValue message;
    private int left;

    StreamSender(BytesValue message, int times) {
      this.message = message;
      this.left = times;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<BytesValue> stream) {
      stream.setOnReadyHandler(
          () -> {
            while (left > 0 && stream.isReady()) {
              stream.onNext(message);
              left--;
              if (left == 0) {
                stream.onCompleted();
              }
            }
          });
    }

    @Override
    public void onNext(Int64Value count) {
      arrived.complete(count.getValue());
    }

    @Override
    public void onError(Throwable failure) {
      arrived.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
