package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.MessageNotAllowedException;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import io.places.place.Place;
import io.places.wire.ClusterKey;
import java.security.SecureRandom;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that takes messages of 8 MiB, and one that takes the largest. */
class SmallerMessagesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int LARGEST = 8 << 20;

  /** A tag of one byte, a length of three. */
  private static final int FITS = LARGEST - 5; // what goes before the bytes of an array

  private final NodeOptions options =
      NodeOptions.standard().key(ClusterKey.random(new SecureRandom())).allow("io.places.node");
  private final Node plain = Node.start(options);
  private Node small;
  private RemoteNode there;
  private Place<String, String> echo;

  @BeforeEach
  void connect() {
    small = Node.start(options.name("small").largestMessage(LARGEST));
    there = plain.connect(small.address());
    echo = there.place(Bodies::echo);
  }

  @AfterEach
  void theConnectionAndItsOtherChannelsLive() {
    assertThat(echo.ask("alive", SOON)).isEqualTo("alive");
    assertThat(plain.connections()).isEqualTo(1);
    small.close();
    plain.close();
  }

  private static void assertRefused(ThrowingCallable put) {
    assertThatThrownBy(put)
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessage(
            "a byte[] of 8388609 bytes is too large: a message takes at most 8388608 between these two nodes"
                + " (NodeOptions.largestMessage); send it in parts");
  }

  @Test
  void whatIsLargerIsRefusedWhereItIsPutAndWhatIsNotArrives() {
    Place<byte[], byte[]> bytes = there.place(Bodies::echoBytes);
    assertRefused(() -> bytes.put(new byte[FITS + 1]));
    assertRefused(() -> bytes.offer(new byte[FITS + 1]));
    assertRefused(() -> bytes.ask(new byte[FITS + 1], SOON));
    assertThat(bytes.ask(new byte[FITS], SOON)).hasSize(FITS);
  }

  @Test
  void theOtherWayTheBoundIsTheSame() {
    Place<byte[], byte[]> bytes = small.connect(plain.address()).place(Bodies::echoBytes);
    assertRefused(() -> bytes.put(new byte[FITS + 1]));
    assertThat(bytes.ask(new byte[FITS], SOON)).hasSize(FITS);
  }

  @Test
  void whatStaysInTheJvmMayBeLarger() {
    Place<byte[], byte[]> bytes = small.place(Bodies::echoBytes);
    assertThat(bytes.ask(new byte[FITS + 1], SOON)).hasSize(FITS + 1);
  }

  @Test
  void theNodesThatItLaunchesHaveTheSameBound() {
    RemoteNode launched = small.launch(Node.inThisJvm());
    try (RemoteNode reached = plain.connect(launched.address())) {
      Place<byte[], byte[]> bytes = reached.place(Bodies::echoBytes);
      assertRefused(() -> bytes.put(new byte[FITS + 1]));
    }
  }

  @Test
  void anEndThatHasSomethingLargerUnreadCannotMoveThereWhichItsPeerIsTold() {
    var pair = PlaceChannel.pair(byte[].class, byte[].class);
    Place<PlaceChannel<byte[], byte[]>, Integer> reader = there.place(EndBodies::readAtOnce);
    pair.first().put(new byte[FITS + 1]);
    reader.put(pair.second());
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContainingAll(
            "sent to another node",
            "a message of 8388609 bytes is too large",
            "node small",
            "at most 8388608",
            "in parts");
  }

  @Test
  void aBoundThatNoNodeCanHaveIsRefused() {
    for (int none : new int[] {LARGEST - 1, MessageType.LARGEST + 1}) {
      assertThatThrownBy(() -> options.largestMessage(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the largest message between nodes takes 8388608 to 67108864 bytes, not " + none);
    }
  }
}
