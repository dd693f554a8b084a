package org.example.primes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.places.NodeLostException;
import io.places.cluster.LocalCluster;
import io.places.cluster.WithCluster;
import io.places.place.Place;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** As a user tests a program of places: on a small cluster, killed nodes included. */
@WithCluster(processes = 2)
class PrimesTest {

  @Test
  void allNodesTogetherCountEachPrimeOnce(LocalCluster cluster) {
    assertEquals(168, Primes.below(1_000, cluster.nodes()));
  }

  @Test
  void aLostNodeIsNoticed(LocalCluster cluster) {
    Place<Primes.Share, Integer> place = cluster.node(2).place(Primes::count);
    cluster.kill(2);
    assertThrows(NodeLostException.class, () -> place.get(Duration.ofSeconds(10)));
  }
}
