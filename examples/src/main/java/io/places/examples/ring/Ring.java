package io.places.examples.ring;

import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;

/**
 * Rank 0 sends a token to rank 1, that to rank 2, and so on, the last one back to rank 0. Each adds its number
 * to it. The only argument is how often it goes round; the result is the token, at each rank as it saw it last.
 */
public final class Ring implements RmpiFunction<Long> {
  private static final int TAG = 1;

  @Override
  public Long call(Comm comm, String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    int next = (comm.rank() + 1) % comm.size();
    int previous = (comm.rank() + comm.size() - 1) % comm.size();
    long token = 0;
    for (int round = 0; round < rounds; round++) {
      if (comm.rank() == 0) {
        comm.send(token, next, TAG);
        token = comm.recv(Long.class, previous, TAG);
      } else {
        token = comm.recv(Long.class, previous, TAG) + comm.rank();
        comm.send(token, next, TAG);
      }
    }
    return token;
  }
}
