package io.places.place;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * The compiler turns a lambda into a method whose first parameters are the captured variables, and a
 * local or anonymous class into one with a field "val$name" for each of them. The fields are always
 * there; the names of a lambda's parameters are in its class file if that was compiled with -g, as
 * Maven, Gradle and the IDEs do.
 */

/** Says what a body captures from around it, in the words of its source. */
final class Captures {
  private static final String VARIABLE = "val$";
  private static final String OUTER = "this$";

  private Captures() {}

  /** The captured variables of a lambda: {@code the variable 'limit' of type int, 'this' of type Main}. */
  static String of(SerializedLambda lambda, @Nullable ClassLoader loader) {
    boolean bound = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
    List<String> captures = new ArrayList<>();
    if (bound) {
      captures.add("'this' of type " + lambda.getImplClass().replace('/', '.'));
    }
    Map<Integer, String> names = names(lambda, loader);
    var method = MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature());
    int slot = captures.size();
    for (int i = 0; captures.size() < lambda.getCapturedArgCount(); i++) {
      ClassDesc type = method.parameterType(i);
      captures.add(variable(names.get(slot), captures.size() + 1, type));
      slot += TypeKind.from(type).slotSize();
    }
    return String.join(", ", captures);
  }

  /** What a local or inner class takes from around it; empty if nothing. */
  static Optional<String> of(Class<?> body) {
    List<String> captures = new ArrayList<>();
    for (Field field : body.getDeclaredFields()) {
      if (field.isSynthetic() && field.getName().startsWith(VARIABLE)) {
        captures.add(
            "the variable '%s' of type %s"
                .formatted(
                    field.getName().substring(VARIABLE.length()), field.getType().getTypeName()));
      } else if (field.isSynthetic() && field.getName().startsWith(OUTER)) {
        captures.add("'this' of type " + field.getType().getTypeName());
      }
    }
    return captures.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", captures));
  }

  private static String variable(@Nullable String name, int position, ClassDesc type) {
    return name == null
        ? "its variable number %d of type %s (compiled without -g, so its name is not known)"
            .formatted(position, typeName(type))
        : "the variable '%s' of type %s".formatted(name, typeName(type));
  }

  private static String typeName(ClassDesc type) {
    return type.isArray()
        ? typeName(type.componentType()) + "[]"
        : type.packageName().isEmpty()
            ? type.displayName()
            : type.packageName() + "." + type.displayName();
  }

  /** The parameters of the lambda's method by their slots, as far as its class file names them. */
  private static Map<Integer, String> names(
      SerializedLambda lambda, @Nullable ClassLoader loader) {
    Map<Integer, String> names = new HashMap<>();
    for (MethodModel method : methods(lambda.getImplClass() + ".class", loader)) {
      if (method.methodName().equalsString(lambda.getImplMethodName())
          && method.methodType().equalsString(lambda.getImplMethodSignature())) {
        method
            .code()
            .flatMap(Captures::variables)
            .ifPresent(
                table -> {
                  for (LocalVariableInfo variable : table.localVariables()) {
                    if (variable.startPc() == 0) {
                      names.put(variable.slot(), variable.name().stringValue());
                    }
                  }
                });
      }
    }
    return names;
  }

  private static Optional<LocalVariableTableAttribute> variables(CodeModel code) {
    return code.findAttribute(Attributes.localVariableTable());
  }

  private static List<MethodModel> methods(String path, @Nullable ClassLoader loader) {
    try (InputStream file =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(path)
            : loader.getResourceAsStream(path)) {
      return file == null ? List.of() : ClassFile.of().parse(file.readAllBytes()).methods();
    } catch (IOException | IllegalArgumentException e) {
      return List.of(); // only the names are missing then
    }
  }
}
