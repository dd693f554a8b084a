package io.places;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.Random;

/** The rules of the house: who may see whom. */
@AnalyzeClasses(packages = "io.places", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static void arrowsPointDownOnly(JavaClasses all) {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.places..")
        .layer("cluster")
        .definedBy("io.places.cluster..")
        .layer("supervise")
        .definedBy("io.places.supervise..")
        .layer("node")
        .definedBy("io.places.node..")
        .layer("launch")
        .definedBy("io.places.launch..")
        .layer("place")
        .definedBy("io.places.place..")
        .layer("channel")
        .definedBy("io.places.channel..")
        .layer("event")
        .definedBy("io.places.event..")
        .layer("message")
        .definedBy("io.places.message..")
        .layer("wire")
        .definedBy("io.places.wire..")
        .layer("trace")
        .definedBy("io.places.trace..")
        .layer("root")
        .definedBy("io.places")
        .whereLayer("cluster")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("supervise")
        .mayOnlyBeAccessedByLayers("cluster")
        .whereLayer("node")
        .mayOnlyBeAccessedByLayers(above("node"))
        .whereLayer("launch")
        .mayOnlyBeAccessedByLayers(above("launch"))
        .whereLayer("place")
        .mayOnlyBeAccessedByLayers(above("place"))
        .whereLayer("channel")
        .mayOnlyBeAccessedByLayers(above("channel"))
        .whereLayer("event")
        .mayOnlyBeAccessedByLayers(above("event"))
        .whereLayer("message")
        .mayOnlyBeAccessedByLayers(above("message"))
        .whereLayer("wire")
        .mayOnlyBeAccessedByLayers("node")
        .whereLayer("trace")
        .mayOnlyBeAccessedByLayers("node", "place", "channel", "wire")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers(
            "cluster", "supervise", "node", "launch", "place", "channel", "event", "message", "wire")
        .check(all);
  }

  private static String[] above(String layer) {
    List<String> layers =
        List.of("cluster", "supervise", "node", "launch", "place", "channel", "event", "message");
    return layers.subList(0, layers.indexOf(layer)).toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule onlyTheExtensionNeedsJunit =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.places.cluster.WithCluster")
          .and()
          .haveNameNotMatching("io\\.places\\.cluster\\.ClusterExtension.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.junit..");

  @ArchTest
  static final ArchRule onlyWireSeesVertx =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.places.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..");

  @ArchTest
  static final ArchRule onlyWireAndMessageSeeProtobuf =
      classes()
          .that(
              resideInAnyPackage(
                  "io.places", "io.places.node..", "io.places.launch..", "io.places.place..",
                  "io.places.channel..", "io.places.event..", "io.places.supervise..",
                  "io.places.cluster.."))
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("com.google.protobuf..");

  @ArchTest
  static final ArchRule noJavaSerialization =
      noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

  @ArchTest
  static final ArchRule timeComesThroughTheSeam =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.places.SystemClock")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule randomnessComesThroughTheSeam =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.places.Surroundings")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Random.class);

  @ArchTest
  static final ArchRule classesAreFoundByNameInOnePlaceOnly =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.places.place.AllowList")
          .and()
          .resideOutsideOfPackage("io.places.wire.proto..")
          .should()
          .callMethod(Class.class, "forName", String.class)
          .orShould()
          .callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class);

  @ArchTest
  static final ArchRule threadsComeThroughTheSeam =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.places.SystemSpawner")
          .should()
          .callMethod(Thread.class, "ofVirtual")
          .orShould()
          .callMethod(Thread.class, "ofPlatform")
          .orShould()
          .callMethod(Thread.class, "startVirtualThread", Runnable.class);
}
