package io.places.rpc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.time.Duration;
import java.util.Random;

/** The rules of the house for this module. */
@AnalyzeClasses(packages = "io.places.rpc", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule usesOnlyTheUpperPackagesOfTheRuntime =
      noClasses()
          .that()
          .resideInAPackage("io.places.rpc..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.places..")
                  .and(
                      resideInAnyPackage(
                              "io.places",
                              "io.places.place",
                              "io.places.channel",
                              "io.places.event",
                              "io.places.message",
                              "io.places.node",
                              "io.places.supervise",
                              "io.places.rpc..")
                          .negate()));

  @ArchTest
  static final ArchRule knowsNoTransport =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..");

  @ArchTest
  static final ArchRule leavesProtobufToTheRuntime =
      noClasses().should().dependOnClassesThat().resideInAPackage("com.google.protobuf..");

  @ArchTest
  static final ArchRule callsNothingByReflection =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.lang.reflect..")
          .because("generated code calls what it needs");

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
