package io.places.cluster;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Bodies for the tests of how the loss of a node is noticed. */
final class DetectionBodies {
  private DetectionBodies() {}

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  /** Reads and never says a word. */
  static void silent(PlaceChannel<String, String> channel) {
    while (true) {
      channel.get();
    }
  }

  /** Says what it was asked, and never answers. */
  static void hears(PlaceChannel<String, String> channel) {
    while (true) {
      String question = channel.get();
      Thread.startVirtualThread(() -> channel.put("heard " + question)); // this thread's would be the answer
    }
  }

  /** As {@link #hears}, with an open connection to somebody's bare socket. */
  static void hearsWithASocket(PlaceChannel<String, String> channel, Integer port)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      hears(channel);
      socket.shutdownOutput(); // not reached: the process is killed
    }
  }

  /** Does not rest for longer than a node may be silent. */
  static void spins(PlaceChannel<String, Void> channel) {
    channel.put("spinning");
    long start = System.nanoTime();
    while (System.nanoTime() - start < 7_500_000_000L) {
      Thread.onSpinWait();
    }
    channel.put("rests");
  }

  static void neverReads(PlaceChannel<String, byte[]> channel) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      channel.close(); // its creator is gone
    }
  }

  /** A named place that takes its clients in and says nothing. */
  static void quiet(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      clients.get();
    }
  }

  /** Waits at the named place 'quiet' of another node, and reports what comes of it. */
  static void watches(PlaceChannel<String, String> channel, Integer port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var quiet = Node.current().connect(address).named("quiet", String.class, String.class);
    channel.put("watching");
    try {
      channel.put("got " + quiet.get());
    } catch (NodeLostException | ChannelClosedException e) {
      channel.put(String.valueOf(e.getMessage()));
    }
  }
}
