package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.NodeStatus;
import io.places.node.NodeStatus.ChannelStatus;
import io.places.node.NodeStatus.ConnectionStatus;
import io.places.node.NodeStatus.NameStatus;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.node.NodeStatus.Table;
import io.places.place.Isolation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read of a node's status. */
class StatusReportTest {
  @Test
  void tablesHaveColumnsAndSayWhatTheyLeaveOff() {
    var status =
        new NodeStatus(
            "far",
            42,
            Duration.ofSeconds(3_700),
            new Table<>(
                List.of(
                    new PlaceStatus("echo", "org.Echo::body", Isolation.THREAD, Duration.ofSeconds(9)),
                    new PlaceStatus("Sum-2", "org.Sum", Isolation.VIRTUAL, Duration.ofSeconds(80))),
                70),
            new Table<NameStatus>(List.of(), 0),
            new Table<>(List.of(new ChannelStatus("place echo", "far", 3, 20_480, 0)), 0),
            new Table<>(
                List.of(
                    new ConnectionStatus(
                        "main", "127.0.0.1:7", true, Duration.ofDays(2), 1, 2, 3, 4)),
                0));

    assertThat(String.join("\n", StatusReport.of(status)) + "\n")
        .isEqualTo(
            """
            node far, process 42, up 1 h 1 min

            places: 72
              PLACE  BODY            ISOLATION  UP
              echo   org.Echo::body  THREAD     9 s
              Sum-2  org.Sum         VIRTUAL    1 min 20 s
              and 70 more

            named places: 0

            ends of channels: 1
              TO          NODE  UNREAD  UNREAD BYTES  UNSENT BYTES
              place echo  far   3       20.0 KiB      0

            connections: 1
              NODE  ADDRESS      OPENED  UP       CHANNELS  UNSENT  IN FLIGHT  UNREAD
              main  127.0.0.1:7  here    2 d 0 h  1         2       3          4
            """);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "9999,9999", "10000,9.8 KiB", "1048576,1.0 MiB", "5000000000000,4656.6 GiB"})
  void bytesAreShownInTheUnitThatFits(long bytes, String shown) {
    assertThat(StatusReport.bytes(bytes)).isEqualTo(shown);
  }
}
