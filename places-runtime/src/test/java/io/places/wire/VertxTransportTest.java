package io.places.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the transport makes of calls that come too late. */
class VertxTransportTest {
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
}
