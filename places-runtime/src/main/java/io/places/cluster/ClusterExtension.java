package io.places.cluster;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/*
 * A cluster belongs to the class or the method that has the annotation, and lies in that one's store:
 * JUnit closes it when all its tests are done. The nearest annotation counts, from the test outwards.
 */
/** Makes {@link WithCluster} work. */
final class ClusterExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(ClusterExtension.class);

  @SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else, and after it AutoCloseable
  private record Held(LocalCluster cluster)
      implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      cluster.close();
    }
  }

  /** Who has the annotation. */
  private record Owner(ExtensionContext context, WithCluster wish) {
    Optional<LocalCluster> cluster() {
      return Optional.ofNullable(context.getStore(NAMESPACE).get(key(), Held.class))
          .map(Held::cluster);
    }

    LocalCluster clusterOrNew() {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              key(),
              absent -> new Held(LocalCluster.start(options(wish, context.getRequiredTestClass()))),
              Held.class)
          .cluster();
    }

    /** A store answers for its parents, too. */
    private String key() {
      return context.getUniqueId();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalCluster.class;
  }

  @Override
  public LocalCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return owner(context)
        .orElseThrow(
            () -> // only a static member of a class whose methods have the annotation gets here
            new ExtensionConfigurationException(
                "@WithCluster stands on a method, so the cluster is for that method's parameters; put it on the class to use it in "
                    + parameter.getDeclaringExecutable()))
        .clusterOrNew();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    owner(context).flatMap(Owner::cluster).ifPresent(LocalCluster::restore);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      owner(context)
          .flatMap(Owner::cluster)
          .ifPresent(
              cluster -> {
                cluster.keepLogs();
                System.err.println(context.getDisplayName() + " failed; its cluster:");
                cluster.printLogs(System.err);
              });
    }
  }

  private static Optional<Owner> owner(ExtensionContext from) {
    for (Optional<ExtensionContext> at = Optional.of(from);
        at.isPresent();
        at = at.get().getParent()) {
      ExtensionContext context = at.get();
      Optional<Owner> owner =
          element(context)
              .flatMap(element -> AnnotationSupport.findAnnotation(element, WithCluster.class))
              .map(wish -> new Owner(context, wish));
      if (owner.isPresent()) {
        return owner;
      }
    }
    return Optional.empty();
  }

  /** Of the contexts of one method (a repeated test, and each of its runs) the innermost owns. */
  private static Optional<AnnotatedElement> element(ExtensionContext context) {
    return context
        .getTestMethod()
        .map(AnnotatedElement.class::cast)
        .or(context::getElement);
  }

  private static ClusterOptions options(WithCluster wish, Class<?> test) {
    if ((wish.processes() > 0) == (wish.inJvm() > 0)) {
      throw new ExtensionConfigurationException(
          "@WithCluster of %s needs either processes or inJvm to be 1 or more, but they are %d and %d"
              .formatted(test.getName(), wish.processes(), wish.inJvm()));
    }
    ClusterOptions options =
        wish.processes() > 0
            ? ClusterOptions.processes(wish.processes())
            : ClusterOptions.inJvm(wish.inJvm());
    return options
        .allow(test.getPackageName())
        .allow(wish.allow())
        .jvmOptions(wish.jvmOptions());
  }
}
