package io.places.place;

import java.io.Serializable;

/**
 * What each member of a {@link PlaceGroup} does: a static method, given as a method reference, whose
 * parameter and result types are concrete message types.
 *
 * @param <A> the argument, the same for all members
 * @param <R> the result of a member
 */
@FunctionalInterface
public interface GroupBody<A, R> extends Serializable {

  /** Runs in the member's own place. */
  R run(GroupMember self, A argument) throws Exception;
}
