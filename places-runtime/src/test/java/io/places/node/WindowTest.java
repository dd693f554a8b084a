package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sender of an end's messages is granted, and when. */
class WindowTest {
  private static final int LARGE = PlaceChannel.CREDIT_BYTES + 1;

  private final Window window = new Window();
  private final List<Window.Room> granted = new ArrayList<>();

  @Test
  void aSteadySenderIsGrantedHalfAWindowAtATime() {
    window.grantsTo(granted::add);
    for (int i = 0; i < PlaceChannel.CREDIT_MESSAGES; i++) {
      window.came(1, 1);
    }
    for (int i = 1; i <= PlaceChannel.CREDIT_MESSAGES; i++) {
      window.got(1);
      assertThat(granted).hasSize(i / (PlaceChannel.CREDIT_MESSAGES / 2));
    }
    int half = PlaceChannel.CREDIT_MESSAGES / 2;
    assertThat(granted).containsExactly(new Window.Room(half, half), new Window.Room(half, half));
  }

  @Test
  void aSenderThatBeganWithNothingIsGrantedWhatWasGotBeforeItCouldBeTold() {
    window.cameAlong(LARGE);
    assertThat(window.left()).isEqualTo(new Window.Room(PlaceChannel.CREDIT_MESSAGES - 1, -1));

    window.got(LARGE);
    assertThat(granted).isEmpty();
    window.grantsTo(granted::add);
    assertThat(granted).containsExactly(new Window.Room(1, LARGE));
  }

  @Test
  void whatWasGotBeforeANewSenderBeganIsPartOfWhatItBeginsWith() {
    window.grantsTo(granted::add);
    window.came(1, 10);
    window.cameAlong(LARGE);
    window.got(10);

    assertThat(window.left()).isEqualTo(new Window.Room(PlaceChannel.CREDIT_MESSAGES - 1, -1));
    window.grantsTo(granted::add);
    assertThat(granted).isEmpty();
  }
}
