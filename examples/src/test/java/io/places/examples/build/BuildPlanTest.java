package io.places.examples.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuildPlanTest {
  @Test
  void aUnitComesAfterThoseItNeeds() {
    List<BuildUnit> units =
        BuildPlan.of(List.of(source("app", "model", "java.util"), source("model"), source("web", "app")));

    assertThat(units)
        .containsExactly(
            unit(0, Set.of(), "model"), unit(1, Set.of(0), "app"), unit(2, Set.of(1), "web"));
  }

  @Test
  void packagesThatNeedEachOtherAreOneUnit() {
    List<BuildUnit> units =
        BuildPlan.of(
            List.of(source("a", "b"), source("b", "c"), source("c", "a", "d"), source("d"), source("e", "b")));

    assertThat(units)
        .containsExactly(
            unit(0, Set.of(), "d"), unit(1, Set.of(0), "a", "b", "c"), unit(2, Set.of(1), "e"));
  }

  @Test
  void packagesThatNeedNothingOfEachOtherAreFreeOfEachOther() {
    assertThat(BuildPlan.of(List.of(source("a", "a"), source("b"), source(""))))
        .allSatisfy(unit -> assertThat(unit.needs()).isEmpty())
        .hasSize(3);
  }

  private static SourceFile source(String packageName, String... names) {
    return new SourceFile(Path.of(packageName + ".java"), packageName, Set.of(names));
  }

  private static BuildUnit unit(int number, Set<Integer> needs, String... packages) {
    return new BuildUnit(
        number, List.of(packages).stream().map(name -> Path.of(name + ".java")).toList(), needs);
  }
}
