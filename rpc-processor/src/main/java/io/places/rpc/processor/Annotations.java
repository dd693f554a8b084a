package io.places.rpc.processor;

import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Annotations by their names: the compiler's path need not have their classes. */
final class Annotations {
  static final String SERVER = "io.places.rpc.RpcServer";
  static final String RPC = "io.places.rpc.Rpc";
  static final String CAST = "io.places.rpc.Cast";
  static final String CONCURRENT = "io.places.rpc.Concurrent";

  /** Of the runtime's messages. */
  static final String FIELD = "io.places.message.Field";

  /** Of what processors write. */
  static final String GENERATED = "javax.annotation.processing.Generated";

  private Annotations() {}

  /** Whether it says something about a method of a server. */
  static boolean isOfMethods(TypeElement annotation) {
    return switch (annotation.getQualifiedName().toString()) {
      case RPC, CAST, CONCURRENT -> true;
      default -> false;
    };
  }

  /** The annotation on an element; null if it has none. */
  static @Nullable AnnotationMirror find(Element element, String annotation) {
    for (AnnotationMirror each : element.getAnnotationMirrors()) {
      var type = (TypeElement) each.getAnnotationType().asElement();
      if (type.getQualifiedName().contentEquals(annotation)) {
        return each;
      }
    }
    return null;
  }

  /** What an annotation says, or what it does not need to say. */
  static Object value(AnnotationMirror annotation, String name, Object otherwise) {
    for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
        annotation.getElementValues().entrySet()) {
      if (entry.getKey().getSimpleName().contentEquals(name)) {
        return entry.getValue().getValue();
      }
    }
    return otherwise;
  }
}
