package io.places.mapreduce;

import io.places.channel.PlaceChannel;
import java.util.List;

/** What a group of {@link MapReduceWorkers} says among itself. */
final class ListMessage {
  private ListMessage() {}

  /** An encoded key and an encoded value. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Pair(byte[] key, byte[] value) {}

  /** An encoded key and its encoded values. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Group(byte[] key, List<byte[]> values) {}

  /** A piece of a list of groups. */
  record Piece(List<Group> groups, boolean last) {}

  /** Nothing is said in this direction. */
  record Silence() {}

  /** The classes by name. */
  record Classes(String mapper, String reducer) {}

  /** What a worker is told; each is answered once, but {@link Drop}. */
  sealed interface Order {
    /** Of which call it is; later ones have greater numbers. */
    long run();
  }

  /** Maps a task, reduces what comes of it, and brings it together with what the worker holds. */
  record MapTask(long run, Classes classes, List<Pair> task) implements Order {}

  /** Brings what another worker sends together with what this one holds. */
  record Merge(long run, Classes classes, PlaceChannel<Silence, Piece> from) implements Order {}

  /** Sends what the worker holds, and keeps it. */
  record Send(long run, PlaceChannel<Piece, Silence> to) implements Order {}

  /** Gives what the worker holds to the program, in pieces, before the answer. */
  record Give(long run) implements Order {}

  /** What the worker holds is elsewhere now. */
  record Drop(long run) implements Order {}

  /** What a worker says. */
  sealed interface Answer {}

  /** An order is carried out. */
  record Done(long run) implements Answer {}

  /**
   * An order came to nothing; what the worker held before is as it was.
   *
   * @param ofPeer whether that is because of another worker
   */
  record Failed(long run, String message, String stack, boolean ofPeer) implements Answer {}

  /** A piece of what the worker holds. */
  record Given(long run, Piece piece) implements Answer {}
}
