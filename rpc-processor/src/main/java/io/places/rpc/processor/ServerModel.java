package io.places.rpc.processor;

import com.palantir.javapoet.ClassName;
import java.util.Comparator;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * A class with {@code @RpcServer}, read and found good.
 *
 * @param name under which clients find it
 * @param argument what its constructor takes, if it takes something
 * @param interceptors of its calls
 * @param methods its calls and casts, in order
 */
record ServerModel(
    TypeElement type,
    String name,
    @Nullable VariableElement argument,
    List<TypeMirror> interceptors,
    List<Method> methods) {

  /**
   * A call or a cast.
   *
   * @param name on the wire
   * @param errors the records of its typed errors
   */
  record Method(
      ExecutableElement element,
      String name,
      boolean isCast,
      boolean isConcurrent,
      List<TypeMirror> errors) {

    /** As the method is called in Java. */
    String javaName() {
      return element.getSimpleName().toString();
    }

    /** The name of the record that stands for it. */
    String recordName() {
      return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    List<? extends VariableElement> parameters() {
      return element.getParameters();
    }

    TypeMirror result() {
      return element.getReturnType();
    }
  }

  /** The same server with its methods in another order. */
  ServerModel sorted(Comparator<Method> order) {
    return new ServerModel(
        type, name, argument, interceptors, methods.stream().sorted(order).toList());
  }

  ClassName className() {
    return ClassName.get(type);
  }

  /** A class that is made for it. */
  ClassName made(String suffix) {
    return ClassName.get(className().packageName(), type.getSimpleName() + suffix);
  }

  /** The file that fixes its numbers. */
  String protoName() {
    return SchemaMaker.snake(type.getSimpleName().toString()) + ".proto";
  }
}
