package io.places.rmpi;

import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.PlaceLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where the ranks of a test are, and so which links lie between them. */
enum Ranks {
  /** All on one node: by its memory. */
  ONE_NODE {
    @Override
    List<PlaceLocation> locations(Node node, int ranks) {
      return Collections.nCopies(ranks, node);
    }
  },

  /** Each on a node of its own in this JVM: over connections. */
  NODES {
    @Override
    List<PlaceLocation> locations(Node node, int ranks) {
      return new ArrayList<>(node.launch(ranks, Node.inThisJvm()));
    }
  },

  /** Two on a node, as far as they go: both. */
  PAIRS {
    @Override
    List<PlaceLocation> locations(Node node, int ranks) {
      List<PlaceLocation> locations = new ArrayList<>();
      for (PlaceLocation of : node.launch((ranks + 1) / 2, Node.inThisJvm())) {
        locations.add(of);
        if (locations.size() < ranks) {
          locations.add(of);
        }
      }
      return locations;
    }
  };

  abstract List<PlaceLocation> locations(Node node, int ranks);

  /** A node from which the others are launched. */
  static Node start() {
    return Node.start(NodeOptions.standard().allow(Ranks.class.getPackageName()));
  }

  /** Runs a function on so many ranks. */
  <T> List<T> call(
      int ranks, Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    try (Node node = start()) {
      return Rmpi.call(locations(node, ranks), function, type, arguments);
    }
  }
}
