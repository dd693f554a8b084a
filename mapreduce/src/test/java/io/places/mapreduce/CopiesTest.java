package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is kept for another run, and may be changed meanwhile. */
class CopiesTest {
  private final Copies copies = new Copies();

  record Counted(Map<String, Long> counts) {}

  record Around(long number, Counted inner) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Several(Counted[] all) {}

  record Of<T>(T value) {}

  record OfText(Of<String> text) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Vector(long number, Optional<String> name, double[] values) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(byte[] bytes) {}

  /** Of itself. */
  sealed interface Tree permits Leaf, Node {}

  record Leaf(Block block) implements Tree {}

  record Node(Tree left, Tree right) implements Tree {}

  @Test
  void aRecordWithACollectionInItStaysAsItIsSoThatItsOrderDoes() {
    var counts = new TreeMap<String, Long>(Comparator.reverseOrder());
    for (long number = 0; number < 20; number++) {
      counts.put("word " + number, number);
    }
    Counted counted = new Counted(counts);
    assertThat(copies.of(counted)).isSameAs(counted);
    Around around = new Around(1, counted);
    assertThat(copies.of(around)).isSameAs(around);
    Several several = new Several(new Counted[] {counted});
    assertThat(copies.of(several)).isSameAs(several);
    OfText text = new OfText(new Of<>("text"));
    assertThat(copies.of(text)).isSameAs(text);
    List<Long> list = List.of(1L);
    assertThat(copies.of(list)).isSameAs(list);
  }

  @Test
  void arraysAreCopiedAlsoThoseInRecords() {
    double[] values = {1, 2};
    assertThat(copies.of(values)).isEqualTo(values).isNotSameAs(values);

    Vector vector = new Vector(1, Optional.of("a"), values);
    Vector copy = (Vector) copies.of(vector);
    assertThat(copy.values()).containsExactly(1, 2).isNotSameAs(values);
    assertThat(copy.name()).contains("a");

    Leaf leaf = new Leaf(new Block(new byte[] {3}));
    Node node = (Node) copies.of(new Node(leaf, leaf));
    assertThat(((Leaf) node.left()).block().bytes()).containsExactly(3).isNotSameAs(leaf.block().bytes());
  }
}
