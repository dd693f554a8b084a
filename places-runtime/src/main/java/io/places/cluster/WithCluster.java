package io.places.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives JUnit tests a cluster, as a parameter:
 *
 * <pre>{@code
 * @WithCluster(processes = 3)
 * class CountingTest {
 *   @Test
 *   void aLostCounterIsNoticed(LocalCluster cluster) { ... }
 * }
 * }</pre>
 *
 * <p>On a class, all its tests share one cluster, which is started when the first of them asks for it and
 * closed after the last. Each test finds it whole: what the test before has killed or paused is started
 * anew. On a method, the cluster is that test's alone.
 *
 * <p>When a test fails, the end of each node's log is printed to the standard error, and the logs are
 * kept.
 *
 * <p>The nodes may start the bodies of the test's package and those below it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(ClusterExtension.class)
public @interface WithCluster {
  /** How many nodes, each a process. */
  int processes() default 0;

  /** How many nodes in the test's own JVM, instead of processes. */
  int inJvm() default 0;

  /** Packages whose bodies the nodes may start, besides the test's. */
  String[] allow() default {};

  /** Options for the JVMs of the processes. */
  String[] jvmOptions() default {};
}
