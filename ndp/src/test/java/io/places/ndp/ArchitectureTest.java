package io.places.ndp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.util.Random;

/** The rules of the house for this module. */
@AnalyzeClasses(packages = "io.places.ndp", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule usesOnlyTheUpperPackagesOfTheRuntime =
      noClasses()
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
                              "io.places.ndp..")
                          .negate()));

  @ArchTest
  static final ArchRule knowsNoTransportAndNoProtobuf =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..", "com.google.protobuf..");

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
}
