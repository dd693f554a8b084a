package io.places.ndp;

import java.util.Optional;

/**
 * The nodes of a group as those see them who work with them by hand: the program that has made the {@link
 * NdpGroup}, and work that runs on one of its nodes. The operations and their names are those of Tew's "Places",
 * 4.3.4.
 *
 * <p>Safe for use by many threads.
 */
public interface NdpNodes {
  /** A node that nobody uses, for the caller alone until it is returned; empty if there is none now. Never waits. */
  Optional<NdpNode> getNode();

  /**
   * Sends work to a node. Returns when it has been sent.
   *
   * @throws IllegalStateException if the node is not the caller's, or its last result was not got
   * @throws IllegalArgumentException if the class is in none of the group's packages
   * @throws io.places.NodeLostException if the node is lost
   */
  <A, R> void sendWork(NdpNode node, Class<? extends NdpWork<A, R>> work, A argument);

  /**
   * Waits for the result of the work that was sent to a node.
   *
   * @param type the class of the result
   * @throws IllegalStateException if nothing was sent, or the node is returned meanwhile
   * @throws IllegalArgumentException if the result is of another class; it can be asked for again
   * @throws SubproblemFailedException if the work has thrown
   * @throws io.places.NodeLostException if the node is lost
   */
  <R> R getResult(NdpNode node, Class<R> type);

  /**
   * Gives a node back. Work that still runs there is cancelled.
   *
   * @throws IllegalStateException if it was returned before
   */
  void returnNode(NdpNode node);
}
