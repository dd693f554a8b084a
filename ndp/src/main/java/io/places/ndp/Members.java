package io.places.ndp;

import io.places.channel.PlaceChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * A member is free, or somebody has it: the program, a thread that has parts solved there, or another member's
 * work. What the others have goes back to the free ones when they give it back, or are lost.
 */
/** Which workers of a group are free. Safe for use by many threads. */
final class Members implements NodeSource {
  private final List<Member> all;
  private final List<Member> free; // guarded by this
  private final Map<Member, List<Member>> had = new HashMap<>(); // by members' work; guarded by this

  Members(List<Member> all) {
    this.all = List.copyOf(all);
    this.free = new ArrayList<>(all);
  }

  List<Member> all() {
    return all;
  }

  /** How many are not lost. */
  int living() {
    return (int) all.stream().filter(member -> !member.isLost()).count();
  }

  @Override
  public synchronized @Nullable NdpNode take() {
    Member member = takeAny();
    return member == null ? null : new NdpNode(member.number(), member.client());
  }

  private @Nullable Member takeAny() {
    free.removeIf(Member::isLost);
    return free.isEmpty() ? null : free.removeFirst();
  }

  /** Whether nobody has a member, now. */
  synchronized boolean isFree(Member member) {
    return free.contains(member);
  }

  /** Takes a member if it is free. */
  synchronized boolean take(Member member) {
    return free.remove(member);
  }

  /** Takes all that are free. */
  synchronized List<Member> takeAll() {
    free.removeIf(Member::isLost);
    List<Member> taken = List.copyOf(free);
    free.clear();
    return taken;
  }

  @Override
  public void giveBack(NdpNode node) {
    giveBack(all.get(node.number() - 1));
  }

  synchronized void giveBack(Member member) {
    if (!member.isLost() && !free.contains(member)) {
      free.add(member);
    }
  }

  /** What a member says besides answers. */
  void came(Member from, FromWorker message) {
    switch (message) {
      case FromWorker.Wanted(long request) -> give(from, request);
      case FromWorker.Returned(int number) -> returned(from, number);
      default -> {} // answers are the client's
    }
  }

  private void give(Member to, long request) {
    Member member;
    synchronized (this) {
      member = takeAny();
      if (member != null) {
        had.computeIfAbsent(to, absent -> new ArrayList<>()).add(member);
      }
    }
    if (member == null) {
      to.client().send(new ToWorker.Given(request, 0, Optional.empty()));
      return;
    }
    PlaceChannel.Pair<ToWorker, FromWorker> direct =
        PlaceChannel.pair(ToWorker.class, FromWorker.class);
    member.client().send(new ToWorker.Serve(direct.second()));
    to.client().send(new ToWorker.Given(request, member.number(), Optional.of(direct.first())));
  }

  private synchronized void returned(Member from, int number) {
    if (number < 1 || number > all.size()) {
      return;
    }
    Member member = all.get(number - 1);
    if (had.getOrDefault(from, List.of()).remove(member)) {
      giveBack(member);
    }
  }

  /** A member is lost: what it had is free. */
  synchronized void lost(Member member) {
    free.remove(member);
    List<Member> orphans = had.remove(member);
    if (orphans != null) {
      orphans.forEach(this::giveBack);
    }
  }
}
