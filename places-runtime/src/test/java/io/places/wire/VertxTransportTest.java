package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the transport makes of calls that come too late, and of receivers without memory. */
class VertxTransportTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** To nobody. */
  private static final class Nobody implements Transport.Receiver {
    @Override
    public void opened(Transport.Pipe pipe) {
      pipe.close();
    }

    @Override
    public void received(ByteBuffer bytes) {}

    @Override
    public void closed(@Nullable Throwable cause) {}
  }

  @Test
  void whoConnectsByAClosedTransportIsToldSo() {
    var transport = new VertxTransport();
    transport.close();
    var somewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    assertThatThrownBy(
            () -> transport.connect(somewhere, Duration.ofSeconds(5), new Nobody()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot connect to " + somewhere);
  }

  /** There is no memory, as if. */
  private static final class WithoutMemory implements Transport.Receiver {
    @Override
    public void opened(Transport.Pipe pipe) {}

    @Override
    public void received(ByteBuffer bytes) {
      throw new OutOfMemoryError("for what came");
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      throw new OutOfMemoryError("for the end");
    }
  }

  @Test
  void whoeverWatchesOverTheJvmHearsThatThereWasNoMemoryAndTheSocketIsClosed() throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> heard.add(Wire.needs(thread) + " " + error.getMessage()));
    var transport = new VertxTransport();
    try {
      var port = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      InetSocketAddress address = transport.listen(port, WithoutMemory::new).address();
      try (var socket = new Socket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout((int) SOON.toMillis());
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("true for what came");
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("true for the end");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
      transport.close();
    }
  }
}
