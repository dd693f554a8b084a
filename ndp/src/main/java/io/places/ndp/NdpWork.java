package io.places.ndp;

/**
 * Work that is sent to a node of a group. A class with a constructor without arguments; its type arguments are
 * message types.
 *
 * @param <A> the argument
 * @param <R> the result
 */
public interface NdpWork<A, R> {
  /**
   * Does the work, on a thread of its own. The result is never null: null fails the work.
   *
   * @param nodes the group that the node belongs to: more of it may be had. Nodes that are not returned when this ends
   *     are returned then
   */
  R run(A argument, NdpNodes nodes);
}
