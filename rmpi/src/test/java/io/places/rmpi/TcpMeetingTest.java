package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who else connects while ranks meet. */
class TcpMeetingTest {
  enum Stranger {
    RESETS(1),
    LEAVES(40),
    SAYS_NOTHING(40),
    SAYS_HALF_OF_A_TOKEN(40),
    SAYS_SOMETHING_ELSE(40),
    IS_ONE_OF_MANY(400);

    private final int number;

    Stranger(int number) {
      this.number = number;
    }

    private void speak(Socket socket) throws IOException {
      switch (this) {
        case RESETS -> {
          socket.setSoLinger(true, 0);
          socket.close();
        }
        case LEAVES -> socket.close();
        case SAYS_NOTHING, IS_ONE_OF_MANY -> {}
        case SAYS_HALF_OF_A_TOKEN -> socket.getOutputStream().write(new byte[16]);
        case SAYS_SOMETHING_ELSE -> socket.getOutputStream().write(new byte[1_000]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void strangersDoNotKeepRanksFromMeeting(Stranger kind) throws IOException {
    World world = new World(Surroundings.system(), 0, 64, false);
    List<Socket> strangers = new ArrayList<>();
    try (TcpMeeting meeting = new TcpMeeting(world, InetAddress.getLoopbackAddress())) {
      Frame.Listens where = meeting.listen(1);
      Frame.Listens other = meeting.listen(2);
      for (int i = 0; i < kind.number; i++) {
        Socket stranger = new Socket(where.host(), where.port());
        strangers.add(stranger);
        kind.speak(stranger);
      }
      try (SocketChannel second = TcpMeeting.connect(other);
          SocketChannel first = TcpMeeting.connect(where);
          SocketChannel accepted = meeting.accept(1);
          SocketChannel otherAccepted = meeting.accept(2)) {
        assertThat(accepted.getRemoteAddress()).isEqualTo(first.getLocalAddress());
        assertThat(otherAccepted.getRemoteAddress()).isEqualTo(second.getLocalAddress());
      }
    } finally {
      for (Socket each : strangers) {
        each.close();
      }
    }
  }
}
