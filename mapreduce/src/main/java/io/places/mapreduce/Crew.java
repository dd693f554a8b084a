package io.places.mapreduce;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers of one job: which there are, which are lost, which get work. */
final class Crew {
  private final List<Member> members = new ArrayList<>();

  Crew(List<WorkerLink> links, int tasksAtATime) {
    links.forEach(link -> members.add(new Member(link, members.size() + 1, tasksAtATime)));
  }

  /** The member behind a link; nothing if it is no member of this job, or there is no link. */
  List<Member> of(@Nullable WorkerLink link) {
    return members.stream().filter(member -> member.link() == link).toList();
  }

  Member number(int number) {
    return members.get(number - 1);
  }

  List<Member> alive() {
    return members.stream().filter(member -> !member.isLost()).toList();
  }

  /** Those that get tasks: if all that are alive were excluded, they begin anew. */
  List<Member> working() {
    List<Member> alive = alive();
    if (!alive.isEmpty() && alive.stream().allMatch(Member::isExcluded)) {
      alive.forEach(Member::forgive);
    }
    return alive.stream().filter(member -> !member.isExcluded()).toList();
  }

  /** How many are alive and get no more tasks. */
  int excluded() {
    return (int) alive().stream().filter(Member::isExcluded).count();
  }
}
