package io.places.ndp;

/** A node of a group that was given to somebody, until it is returned. */
public final class NdpNode {
  private final int number;
  private final WorkerClient client;

  NdpNode(int number, WorkerClient client) {
    this.number = number;
    this.client = client;
  }

  /** Its number in the group, from 1. */
  public int number() {
    return number;
  }

  WorkerClient client() {
    return client;
  }

  @Override
  public String toString() {
    return "node-" + number;
  }
}
