package io.places.mapreduce;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.time.Duration;
import java.util.Random;

/** The rules of the house for this module. */
@AnalyzeClasses(packages = "io.places.mapreduce", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> OURS =
      resideInAPackage("io.places.mapreduce..");

  @ArchTest
  static final ArchRule usesOnlyTheUpperPackagesOfTheRuntime =
      noClasses()
          .that()
          .resideInAPackage("io.places.mapreduce..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.places..")
                  .and(
                      resideInAnyPackage(
                              "io.places",
                              "io.places.place",
                              "io.places.channel",
                              "io.places.event",
                              "io.places.launch",
                              "io.places.message",
                              "io.places.node",
                              "io.places.supervise",
                              "io.places.mapreduce..")
                          .negate()));

  @ArchTest
  static final ArchRule knowsNoTransport =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

  @ArchTest
  static final ArchRule leavesProtobufToGeneratedCodeAndTheRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.places.mapreduce.proto")
          .and()
          .doNotHaveFullyQualifiedName("io.places.mapreduce.Shuffle") // its chunks are bytes fields
          .and()
          .doNotHaveFullyQualifiedName("io.places.mapreduce.KeyRanges") // its borders, too
          .and()
          .doNotHaveFullyQualifiedName("io.places.mapreduce.SideValues") // and its pieces
          .should()
          .accessClassesThat()
          .resideInAPackage("com.google.protobuf..");

  @ArchTest
  static final ArchRule formatsUseOnlyWhatIsPublic =
      classes()
          .that()
          .resideInAPackage("io.places.mapreduce.text")
          .should()
          .onlyDependOnClassesThat(
              OURS.negate()
                  .or(resideInAnyPackage("io.places.mapreduce.text", "io.places.mapreduce.proto"))
                  .or(
                      DescribedPredicate.describe(
                          "public", c -> c.getModifiers().contains(JavaModifier.PUBLIC))));

  @ArchTest
  static final ArchRule theEngineKnowsNoFormat =
      noClasses()
          .that()
          .resideInAPackage("io.places.mapreduce")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.places.mapreduce.text");

  @ArchTest
  static final ArchRule takesTimeAndChanceFromTheRuntime =
      noClasses()
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", Duration.class)
          .orShould()
          .callConstructor(Random.class);

  @ArchTest
  static final ArchRule makesNoClassesOfNamesAndNoObjectsOfStreams =
      noClasses()
          .should()
          .callMethod(Class.class, "forName", String.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class);
}
