package io.places.cluster;

import io.places.channel.PlaceChannel;

/** Bodies for the tests of clusters. */
final class ClusterBodies {
  private ClusterBodies() {}

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  /** Writes to the process's own standard error, past the place's. */
  static void complains(PlaceChannel<Void, Void> channel, String complaint) throws Exception {
    try (var err = new java.io.FileOutputStream(java.io.FileDescriptor.err)) {
      err.write((complaint + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
