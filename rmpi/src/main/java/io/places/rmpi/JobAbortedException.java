package io.places.rmpi;

/** This rank has ended the whole job by {@link Comm#abort}. The other ranks find a {@link RankFailedException}. */
public final class JobAbortedException extends RankFailedException {
  private static final long serialVersionUID = 1L;

  JobAbortedException(String message) {
    super(message);
  }
}
