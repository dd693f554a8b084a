package io.places.rmpi;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What ranks send each to its next, to the first of them, to themselves and to nobody. Each method counts what was as it
 * should be at this rank.
 */
final class Around {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** About the bounds at which links change; what is no multiple of the size of an element is a little less. */
  private static final int[] BYTES = {0, 1, 7, 8, 1_023, 1_024, 65_535, 65_536, 65_537, 300_000};

  /** A message of more bytes waits for its receive. */
  private static final int BOUND = 65_536;

  private static final int LONG = 20_000;
  private static final int TURNS = 12;

  static final int OF_EVERY_SIZE = BYTES.length * ElementType.values().length;
  static final int ABOUT_THE_BOUND = 5;
  static final int UNEXPECTED = 500; // messages of each sender
  static final int TO_ITSELF = 7;
  static final int TO_NOBODY = 6;
  static final int BESIDE_OPERATIONS = TURNS;
  static final int RING_OF_LONG = 2;

  private Around() {}

  static int next(Comm comm) {
    return (comm.rank() + 1) % comm.size();
  }

  static int previous(Comm comm) {
    return (comm.rank() + comm.size() - 1) % comm.size();
  }

  static int ofEverySize(Comm comm) {
    int right = 0;
    for (int bytes : BYTES) {
      for (ElementType type : ElementType.values()) {
        right += goesAround(comm, type, bytes / type.size()) ? 1 : 0;
      }
    }
    return right;
  }

  /** Some receive before they send, others send before. */
  private static boolean goesAround(Comm comm, ElementType type, int count) {
    int bytes = count * type.size();
    Slice out = Slice.of(type.newArray(count));
    out.decode(pattern(bytes, comm.rank()), 0);
    Slice in = Slice.of(type.newArray(count + 1));
    boolean receivesFirst = (comm.rank() + count) % 2 == 0;
    Request<Status> first = receivesFirst ? comm.irecv(in, previous(comm), 1) : comm.isend(out, next(comm), 1);
    Request<Status> second = receivesFirst ? comm.isend(out, next(comm), 1) : comm.irecv(in, previous(comm), 1);
    Request.awaitAll(first, second);
    Status came = (receivesFirst ? first : second).status();
    return came.equals(new Status(previous(comm), 1, count))
        && Arrays.equals(in.encode(0, count), pattern(bytes, previous(comm)));
  }

  /** Of a period that divides no part of a message. */
  private static byte[] pattern(int bytes, int rank) {
    byte[] first = new byte[251];
    for (int i = 0; i < first.length; i++) {
      first[i] = (byte) (i * 31 + 7 * rank + 1);
    }
    return (byte[]) Numbers.repeating(first, bytes);
  }

  /** Nobody receives before all have sent what does not wait, and have seen that the rest does. */
  static int aboutTheBound(Comm comm) {
    int doubles = BOUND / Double.BYTES;
    comm.send(new byte[BOUND], next(comm), 2);
    comm.send(Slice.of(new double[2 * doubles], 0, doubles, 2), next(comm), 3);
    Request<Status> longer = comm.isend(new byte[BOUND + 1], next(comm), 4);
    Request<Status> oneMore = comm.isend(new double[doubles + 1], next(comm), 5);
    comm.barrier();
    int right = longer.isDone() || oneMore.isDone() ? 0 : 1;
    comm.barrier();
    right += comm.recv(byte[].class, previous(comm), 2).length == BOUND ? 1 : 0;
    right += comm.recv(double[].class, previous(comm), 3).length == doubles ? 1 : 0;
    right += comm.recv(byte[].class, previous(comm), 4).length == BOUND + 1 ? 1 : 0;
    right += comm.recv(double[].class, previous(comm), 5).length == doubles + 1 ? 1 : 0;
    Request.awaitAll(longer, oneMore);
    return right;
  }

  /** All others send to rank 0, and are through before it receives; those of the last one first. */
  static int unexpected(Comm comm) {
    for (int i = 0; comm.rank() > 0 && i < UNEXPECTED; i++) {
      comm.send(new int[] {i, comm.rank()}, 0, 6);
    }
    comm.barrier();
    int right = 0;
    int[] got = new int[2];
    for (int rank = comm.size() - 1; comm.rank() == 0 && rank > 0; rank--) {
      for (int i = 0; i < UNEXPECTED; i++) {
        comm.recv(Slice.of(got), rank, 6);
        right += got[0] == i && got[1] == rank ? 1 : 0;
      }
    }
    return right;
  }

  static int toItself(Comm comm) {
    int self = comm.rank();
    comm.send("short", self, 7);
    boolean isThere = comm.iprobe(self, 7).isPresent();
    int right = comm.recv(String.class, self, 7).equals("short") && isThere ? 1 : 0;

    int[] out = new int[LONG];
    Arrays.setAll(out, i -> 7 * i + self);
    int[] in = new int[LONG];
    Request<Status> sent = comm.isend(out, self, 8);
    right += sent.isDone() ? 0 : 1; // it waits for its receive
    comm.recv(Slice.of(in), self, 8);
    sent.await();
    right += Arrays.equals(in, out) ? 1 : 0;

    Request<Received<String>> posted = comm.irecv(String.class, self, 9);
    comm.ssend("matched", self, 9);
    right += posted.await().message().equals("matched") ? 1 : 0;

    right += Arrays.equals(comm.sendrecv(out, self, 10, int[].class, self, 10), out) ? 1 : 0;
    Status replaced = comm.sendrecvReplace(Slice.of(in), self, 11, self, 11);
    right += replaced.source() == self && Arrays.equals(in, out) ? 1 : 0;

    comm.send(self, self, 12);
    Received<Integer> ofAny = comm.receive(Integer.class, Comm.ANY_SOURCE, 12);
    right += ofAny.message() == self && ofAny.status().source() == self ? 1 : 0;
    return right;
  }

  static int toNobody(Comm comm) {
    int nobody = Comm.PROC_NULL;
    comm.send(new int[LONG], nobody, 0);
    comm.ssend("for nobody", nobody, 0);
    int[] in = {-1};
    int right = comm.isend(new int[LONG], nobody, 0).isDone() ? 1 : 0;
    right += comm.irecv(Slice.of(in), nobody, 0).isDone() ? 1 : 0;
    right += isOfNobody(comm.recv(Slice.of(in), nobody, 0)) ? 1 : 0;
    right += isOfNobody(comm.probe(nobody, 0)) ? 1 : 0;
    right += comm.iprobe(nobody, 0).filter(Around::isOfNobody).isPresent() ? 1 : 0;

    int up = comm.rank() + 1 < comm.size() ? comm.rank() + 1 : nobody; // in a line, which has two ends
    int down = comm.rank() > 0 ? comm.rank() - 1 : nobody;
    Status status = comm.sendrecv(new int[] {comm.rank()}, up, 13, Slice.of(in), down, 13);
    right += status.source() == down && in[0] == comm.rank() - 1 ? 1 : 0;
    return right;
  }

  private static boolean isOfNobody(Status status) {
    return status.equals(new Status(Comm.PROC_NULL, Comm.ANY_TAG, 0));
  }

  /** A receive that takes anything is there before an operation of all begins, none of whose messages are for it. */
  static int besideOperations(Comm comm) {
    int right = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      int root = turn % comm.size();
      int[] data = new int[turn % 2 == 0 ? 3 : LONG];
      int[] mine = new int[data.length];
      Arrays.fill(data, comm.rank());
      Arrays.fill(mine, 1_000 + turn);
      Request<Received<int[]>> any = comm.irecv(int[].class, Comm.ANY_SOURCE, Comm.ANY_TAG);
      comm.bcast(Slice.of(data), root);
      Request<Status> sent = comm.isend(mine, next(comm), turn);
      int sum = comm.allreduce(comm.rank(), Integer::sum);
      List<Integer> turns = comm.allgather(turn);
      Received<int[]> got = any.await(LIMIT);
      sent.await();
      boolean itsOwn =
          got.status().equals(new Status(previous(comm), turn, mine.length)) && Arrays.equals(got.message(), mine);
      Arrays.fill(mine, root);
      boolean theOthers =
          Arrays.equals(data, mine)
              && sum == comm.size() * (comm.size() - 1) / 2
              && turns.equals(Collections.nCopies(comm.size(), turn));
      right += itsOwn && theOthers ? 1 : 0;
    }
    return right;
  }

  static int ringOfLong(Comm comm) {
    double[] own = new double[50_000];
    double[] expected = new double[own.length];
    Arrays.fill(own, comm.rank());
    Arrays.fill(expected, previous(comm));
    double[] got = comm.sendrecv(own, next(comm), 14, double[].class, previous(comm), 14);
    comm.sendrecvReplace(Slice.of(own), next(comm), 15, previous(comm), 15);
    return (Arrays.equals(got, expected) ? 1 : 0) + (Arrays.equals(own, expected) ? 1 : 0);
  }
}
