package io.places.rmpi;

import io.places.PlacesException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Brings together what comes for one rank and what it waits for (MPI 4.1, 3.5: messages do not overtake).
 *
 * Each context (a communicator, or its collective operations) has the receives that are posted and have no
 * message, in the order of posting, and the messages that have no receive, by their source in the order of
 * coming, numbered over all sources. A message goes to the first receive posted that matches; a receive takes
 * the first message that matches, by its number if it takes any source. Both are found and removed under the
 * lock; what follows from a match is done without.
 */
/** The messages and receives of one rank. Safe for use by many threads. */
final class Engine {
  private final ShortLock lock = new ShortLock();
  private final Map<Integer, Context> contexts = new HashMap<>(); // guarded by the lock
  private final Map<Integer, Supplier<RankFailedException>> ended = new HashMap<>(); // likewise
  private final Set<Incoming> claimed = Collections.newSetFromMap(new IdentityHashMap<>()); // likewise
  private long arrivals; // likewise
  private final BitSet over = new BitSet(); // likewise; contexts of communicators that were given back
  private @Nullable Context lastContext; // likewise; most messages are of one
  private int lastNumber; // likewise
  private volatile @Nullable Supplier<? extends PlacesException> failure;

  private record Unexpected(long number, Incoming incoming) {}

  private static final class Context {
    final List<Posted> posted = new ArrayList<>();
    final Map<Integer, ArrayDeque<Unexpected>> unexpected = new HashMap<>();
  }

  /** A message has come; called in the order in which its source sent. */
  void deliver(Incoming incoming) {
    Envelope envelope = incoming.envelope();
    List<Posted> probes = null;
    Posted consumer = null;
    boolean tooLate = false;
    lock.lock();
    try {
      if (failure == null && over.get(envelope.context())) {
        tooLate = true;
      } else if (failure == null) {
        Context context = context(envelope.context());
        List<Posted> waiting = context.posted;
        for (int i = 0; i < waiting.size() && consumer == null; ) {
          Posted posted = waiting.get(i);
          if (!posted.matches(envelope)) {
            i++;
            continue;
          }
          if (posted.consumes()) {
            waiting.remove(i);
            consumer = posted;
          } else {
            probes = probes == null ? new ArrayList<>(1) : probes;
            probes.add(posted);
            i++;
          }
        }
        if (consumer == null) {
          keep(context, incoming);
        }
        if (probes != null) {
          waiting.removeAll(probes); // only now: what cannot be kept is not there to be found
        }
      }
    } finally {
      lock.unlock();
    }
    if (tooLate) {
      incoming.drop();
      return;
    }
    Supplier<? extends PlacesException> failed = failure;
    if (probes != null) {
      probes.forEach(posted -> posted.matched(incoming));
    }
    if (consumer != null) {
      consumer.matched(incoming);
    } else if (failed != null && probes == null) {
      incoming.fail(failed);
    }
  }

  private void keep(Context context, Incoming incoming) {
    ArrayDeque<Unexpected> messages =
        context.unexpected.computeIfAbsent(incoming.envelope().source(), any -> new ArrayDeque<>());
    messages.add(new Unexpected(++arrivals, incoming)); // first: what is kept has to be there to be found
    boolean isKept = false;
    try {
      incoming.keep();
      isKept = true;
    } finally {
      if (!isKept) {
        messages.removeLast();
      }
    }
  }

  /** Something waits for a message. */
  void post(Posted posted) {
    Incoming found = null;
    Supplier<? extends PlacesException> hopeless = failure;
    lock.lock();
    try {
      if (failure == null && over.get(posted.context())) {
        hopeless = posted.comm()::givenBack; // by another thread, just now
      } else if (failure == null) {
        Context context = context(posted.context());
        found = find(context, posted);
        if (found == null) {
          hopeless = hopeless(posted);
          if (hopeless == null) {
            context.posted.add(posted);
          }
        }
      } else {
        hopeless = failure;
      }
    } finally {
      lock.unlock();
    }
    if (found != null) {
      posted.matched(found);
    } else if (hopeless != null) {
      posted.fail(hopeless);
    }
  }

  /** As {@link #post}, only if a message is there now. */
  boolean offer(Posted posted) {
    Incoming found;
    lock.lock();
    try {
      boolean none = failure != null || over.get(posted.context());
      found = none ? null : find(context(posted.context()), posted);
    } finally {
      lock.unlock();
    }
    if (found != null) {
      posted.matched(found);
    }
    return found != null;
  }

  /** A message is taken out, and to be received later: until then its sender may wait for that. */
  void claim(Incoming incoming) {
    Supplier<? extends PlacesException> failed;
    lock.lock();
    try {
      failed = failure;
      if (failed == null) {
        claimed.add(incoming);
      }
    } finally {
      lock.unlock();
    }
    if (failed != null) {
      incoming.fail(failed);
    }
  }

  /** A message that was claimed is received. */
  void receive(Incoming incoming, Posted posted) {
    Supplier<? extends PlacesException> failed;
    lock.lock();
    try {
      failed = failure;
      claimed.remove(incoming);
    } finally {
      lock.unlock();
    }
    if (failed == null) {
      posted.matched(incoming);
    } else {
      posted.fail(failed); // as its sender was told
    }
  }

  /** A communicator is over: what came for it and was not received is dropped, as is what comes; what waits fails. */
  void forget(int number) {
    Context context;
    lock.lock();
    try {
      over.set(number); // no other gets that number
      context = contexts.remove(number);
      lastContext = null;
    } finally {
      lock.unlock();
    }
    if (context != null) {
      context.posted.forEach(posted -> posted.fail(posted.comm()::givenBack));
      for (ArrayDeque<Unexpected> each : context.unexpected.values()) {
        each.forEach(unexpected -> unexpected.incoming().drop());
      }
    }
  }

  private Context context(int number) {
    Context last = lastContext;
    if (last == null || lastNumber != number) {
      last = contexts.computeIfAbsent(number, any -> new Context());
      lastContext = last;
      lastNumber = number;
    }
    return last;
  }

  private static @Nullable Incoming find(Context context, Posted posted) {
    ArrayDeque<Unexpected> of = null;
    Unexpected first = null;
    if (posted.source() != Comm.ANY_SOURCE) {
      of = context.unexpected.get(posted.source());
      first = of == null ? null : firstMatch(of, posted);
    } else {
      for (ArrayDeque<Unexpected> each : context.unexpected.values()) {
        Unexpected candidate = firstMatch(each, posted);
        if (candidate != null && (first == null || candidate.number() < first.number())) {
          of = each;
          first = candidate;
        }
      }
    }
    if (of == null || first == null) {
      return null;
    }
    if (posted.consumes()) {
      of.removeFirstOccurrence(first);
    }
    return first.incoming();
  }

  private static @Nullable Unexpected firstMatch(ArrayDeque<Unexpected> messages, Posted posted) {
    for (Unexpected each : messages) {
      if (posted.matches(each.incoming().envelope())) {
        return each;
      }
    }
    return null;
  }

  /** A rank has ended in order: what it sent is still received, but nothing more will come. */
  void ended(int worldRank, Supplier<RankFailedException> why) {
    List<Posted> hopeless = new ArrayList<>();
    lock.lock();
    try {
      ended.put(worldRank, why);
      for (Context context : contexts.values()) {
        for (Iterator<Posted> each = context.posted.iterator(); each.hasNext(); ) {
          Posted posted = each.next();
          if (hopeless(posted) != null) {
            each.remove();
            hopeless.add(posted);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    hopeless.forEach(posted -> posted.fail(why));
  }

  /** Why nothing will come for it, if that is so. */
  private @Nullable Supplier<RankFailedException> hopeless(Posted posted) {
    if (ended.isEmpty()) {
      return null;
    }
    Comm comm = posted.comm();
    if (posted.source() != Comm.ANY_SOURCE) {
      return ended.get(comm.worldRank(posted.source()));
    }
    Supplier<RankFailedException> why = null;
    for (int rank = 0; rank < comm.size(); rank++) {
      if (rank != comm.rank()) {
        why = ended.get(comm.worldRank(rank));
        if (why == null) {
          return null;
        }
      }
    }
    return why;
  }

  /** This rank ends: nothing that was not received will be. */
  void close(Supplier<? extends PlacesException> why) {
    fail(why);
  }

  /** Fails all that waits, and all that will. Only the first failure counts. */
  void fail(Supplier<? extends PlacesException> why) {
    List<Posted> waiting = new ArrayList<>();
    List<Incoming> messages = new ArrayList<>();
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      failure = why;
      for (Context context : contexts.values()) {
        waiting.addAll(context.posted);
        context.posted.clear();
        for (ArrayDeque<Unexpected> each : context.unexpected.values()) {
          each.forEach(unexpected -> messages.add(unexpected.incoming()));
        }
        context.unexpected.clear();
      }
      messages.addAll(claimed);
      claimed.clear();
    } finally {
      lock.unlock();
    }
    waiting.forEach(posted -> posted.fail(why));
    messages.forEach(incoming -> incoming.fail(why));
  }
}
