package io.places.rpc.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of the house for this module. */
@AnalyzeClasses(packages = "io.places.rpc.processor", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule bringsNothingOfTheRuntimeOntoTheCompilersPath =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.places.rpc.processor",
              "com.palantir.javapoet",
              "com.sun.source..", // the compiler's own
              "java..",
              "javax.annotation.processing",
              "javax.lang.model..",
              "javax.tools",
              "org.jspecify.annotations");
}
