package io.places.rpc.processor;

import io.places.rpc.processor.ServerModel.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Reads a class with {@code @RpcServer} and reports all that is wrong with it. */
final class ServerReader {
  private static final Pattern SERVER_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /** What a component of the record of a call may not be called: RpcCall has the last two. */
  private static final Set<String> NO_COMPONENTS =
      Set.of(
          "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait",
          "method", "isConcurrent");

  /** What every client has, whatever its parameters are. */
  private static final Set<String> CLIENT_METHODS =
      Set.of("close", "connect", "withDeadline", "lateReplies", "getClass", "notify", "notifyAll", "wait", "finalize",
          "clone", "equals", "hashCode", "toString");

  private final Elements elements;
  private final Types types;
  private final Reports reports;
  private final TypeReader reader;

  ServerReader(Elements elements, Types types, Reports reports, TypeReader reader) {
    this.elements = elements;
    this.types = types;
    this.reports = reports;
    this.reader = reader;
  }

  /** The model of a class; null if something is wrong, which is reported then. */
  @Nullable ServerModel read(TypeElement type) {
    int before = reports.errors();
    if (type.getKind() != ElementKind.CLASS) {
      reports.error(
          type,
          type.getSimpleName() + " must be a class to be a server: its fields are the state");
      return null;
    }
    checkClass(type);
    String name = name(type);
    VariableElement argument = constructorArgument(type);
    List<Method> methods = new ArrayList<>();
    for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
      boolean call = Annotations.find(method, Annotations.RPC) != null;
      boolean cast = Annotations.find(method, Annotations.CAST) != null;
      if (call || cast) {
        methods.add(method(method, call, cast));
      }
    }
    List<TypeMirror> interceptors =
        classes(type, Annotations.SERVER, "interceptors");
    interceptors.forEach(each -> checkInterceptor(type, each));
    checkNames(type, methods);
    return reports.errors() == before ? new ServerModel(type, name, argument, interceptors, methods) : null;
  }

  private void checkClass(TypeElement type) {
    String name = type.getSimpleName().toString();
    if (type.getModifiers().contains(Modifier.ABSTRACT)) {
      reports.error(
          type, name + " is abstract, so no instance of it can serve; leave 'abstract' out");
    }
    if (!type.getTypeParameters().isEmpty()) {
      reports.error(
          type,
          name + " has type parameters, which are not known at run time; declare it without");
    }
    if (type.getNestingKind() == NestingKind.MEMBER
        && !type.getModifiers().contains(Modifier.STATIC)) {
      reports.error(
          type, name + " is inside an instance of another class; make it static or a class of its own");
    }
    for (Element each = type; each instanceof TypeElement; each = each.getEnclosingElement()) {
      if (each.getModifiers().contains(Modifier.PRIVATE)) {
        reports.error(
            type,
            "%s is private, so the generated code cannot make one; leave 'private' out"
                .formatted(each.getSimpleName()));
      }
    }
  }

  private String name(TypeElement type) {
    AnnotationMirror server = Annotations.find(type, Annotations.SERVER);
    String given = server == null ? "" : (String) Annotations.value(server, "value", "");
    if (given.isEmpty()) {
      return SchemaMaker.snake(type.getSimpleName().toString()).replace('_', '-');
    }
    if (!SERVER_NAME.matcher(given).matches()) {
      reports.error(
          type,
          Annotations.SERVER,
          "'%s' is no name of a server: small letters and digits, with single hyphens between, as in '%s'"
              .formatted(
                  given, SchemaMaker.snake(type.getSimpleName().toString()).replace('_', '-')));
    }
    return given;
  }

  /** What the constructor takes; null for nothing. */
  private @Nullable VariableElement constructorArgument(TypeElement type) {
    if (type.getModifiers().contains(Modifier.PRIVATE)) {
      return null; // and so is its default constructor, which was not written
    }
    List<ExecutableElement> constructors =
        ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
            .filter(each -> !each.getModifiers().contains(Modifier.PRIVATE))
            .toList();
    String name = type.getSimpleName().toString();
    if (constructors.isEmpty()) {
      reports.error(
          type,
          "%s needs a constructor that is not private, with at most one parameter: the place makes its"
                  .formatted(name)
              + " own instance");
      return null;
    }
    if (constructors.size() > 1) {
      reports.error(
          type,
          "%s has %d constructors that are not private, so it is open which one makes the instance; leave one"
              .formatted(name, constructors.size()));
      return null;
    }
    List<? extends VariableElement> parameters = constructors.getFirst().getParameters();
    if (parameters.isEmpty()) {
      return null;
    }
    if (parameters.size() > 1) {
      reports.error(
          constructors.getFirst(),
          "the constructor of %s has %d parameters, and a place starts with at most one message; put them into a record"
              .formatted(name, parameters.size()));
      return null;
    }
    checkTravels(parameters.getFirst(), "parameter", "the constructor of " + name);
    return parameters.getFirst();
  }

  private Method method(ExecutableElement method, boolean call, boolean cast) {
    String javaName = method.getSimpleName().toString();
    String word = cast ? "cast" : "call";
    if (call && cast) {
      reports.error(
          method,
          "'%s' is both @Rpc and @Cast; a caller waits for a call and not for a cast: choose one"
              .formatted(javaName));
    }
    boolean concurrent = Annotations.find(method, Annotations.CONCURRENT) != null;
    if (concurrent && cast) {
      reports.error(
          method,
          "'%s' is a cast, and only a call can be @Concurrent; make it a call or leave @Concurrent out"
              .formatted(javaName));
    }
    checkModifiers(method, word, javaName);
    checkThrows(method, word, javaName);
    for (VariableElement parameter : method.getParameters()) {
      String name = parameter.getSimpleName().toString();
      if (NO_COMPONENTS.contains(name)) {
        reports.error(
            parameter,
            "parameter '%s' of %s '%s' becomes the component of a record, which cannot have that name; choose another"
                .formatted(name, word, javaName));
      }
      checkTravels(parameter, "parameter", "%s '%s'".formatted(word, javaName));
    }
    TypeMirror result = method.getReturnType();
    if (cast && result.getKind() != TypeKind.VOID) {
      reports.error(
          method,
          "cast '%s' returns %s, which nobody waits for; make it void, or a call: @Rpc"
              .formatted(javaName, TypeNames.simple(result)));
    } else if (!cast && result.getKind() != TypeKind.VOID) {
      checkTravels(method, result, "the result of call '%s'".formatted(javaName));
    }
    return new Method(method, wireName(method, javaName, cast), cast, concurrent, errors(method));
  }

  private void checkModifiers(ExecutableElement method, String word, String name) {
    if (method.getModifiers().contains(Modifier.PRIVATE)) {
      reports.error(
          method,
          "%s '%s' is private, so the generated code cannot call it; leave 'private' out"
              .formatted(word, name));
    }
    if (method.getModifiers().contains(Modifier.STATIC)) {
      reports.error(
          method,
          "%s '%s' is static, so it has no state to serve; leave 'static' out".formatted(word, name));
    }
    if (method.getModifiers().contains(Modifier.ABSTRACT)) {
      reports.error(method, "%s '%s' is abstract; give it a body".formatted(word, name));
    }
    if (!method.getTypeParameters().isEmpty()) {
      reports.error(
          method,
          "%s '%s' has type parameters, which are not known at run time; declare it with concrete types"
              .formatted(word, name));
    }
  }

  private void checkThrows(ExecutableElement method, String word, String name) {
    for (TypeMirror thrown : method.getThrownTypes()) {
      if (!isUnchecked(thrown) && !TypeNames.full(thrown).equals("java.lang.InterruptedException")) {
        reports.error(
            method,
            ("%s '%s' throws %s, which cannot reach a caller as it is; make a record that implements RpcError"
                    + " of what the caller needs, name it in @Rpc(errors = …) and throw it in an"
                    + " RpcErrorException, or handle the exception here")
                .formatted(word, name, TypeNames.simple(thrown)));
      }
    }
  }

  private boolean isUnchecked(TypeMirror thrown) {
    return isA(thrown, "java.lang.RuntimeException") || isA(thrown, "java.lang.Error");
  }

  private boolean isA(TypeMirror type, String name) {
    TypeElement element = elements.getTypeElement(name);
    return element != null && types.isSubtype(type, element.asType());
  }

  private void checkTravels(VariableElement parameter, String word, String owner) {
    checkTravels(
        parameter,
        parameter.asType(),
        "%s '%s' of %s".formatted(word, parameter.getSimpleName(), owner));
  }

  private void checkTravels(Element element, TypeMirror type, String what) {
    if (TypeReader.isNullable(type) || TypeReader.isNullable(element)) {
      reports.error(
          element, what + " is @Nullable, and null cannot travel; declare it as an Optional");
      return;
    }
    try {
      reader.field(type);
    } catch (Refusal e) {
      reports.error(
          element, "%s cannot travel: %s".formatted(what, e.describe(TypeNames.simple(type))));
    }
  }

  private String wireName(ExecutableElement method, String javaName, boolean cast) {
    AnnotationMirror annotation =
        Annotations.find(method, cast ? Annotations.CAST : Annotations.RPC);
    String given = annotation == null ? "" : (String) Annotations.value(annotation, "value", "");
    if (!given.isEmpty() && (!SourceVersion.isIdentifier(given) || SourceVersion.isKeyword(given))) {
      reports.error(
          method,
          cast ? Annotations.CAST : Annotations.RPC,
          "'%s' is no name for a %s: it must be one that a Java method could have"
              .formatted(given, cast ? "cast" : "call"));
      return javaName;
    }
    return given.isEmpty() ? javaName : given;
  }

  private List<TypeMirror> errors(ExecutableElement method) {
    List<TypeMirror> errors = classes(method, Annotations.RPC, "errors");
    errors.forEach(each -> checkError(method, each));
    return errors;
  }

  /** The classes that an annotation names. */
  private static List<TypeMirror> classes(Element element, String annotation, String name) {
    AnnotationMirror found = Annotations.find(element, annotation);
    List<TypeMirror> classes = new ArrayList<>();
    if (found != null && Annotations.value(found, name, List.of()) instanceof List<?> values) {
      for (Object each : values) {
        if (each instanceof AnnotationValue value && value.getValue() instanceof TypeMirror type) {
          classes.add(type);
        }
      }
    }
    return classes;
  }

  private void checkInterceptor(TypeElement server, TypeMirror interceptor) {
    Element type = types.asElement(interceptor);
    boolean makes =
        type != null
            && type.getKind() == ElementKind.CLASS
            && !type.getModifiers().contains(Modifier.ABSTRACT)
            && !type.getModifiers().contains(Modifier.PRIVATE)
            && ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
                .anyMatch(
                    each ->
                        each.getParameters().isEmpty()
                            && !each.getModifiers().contains(Modifier.PRIVATE));
    if (!makes) {
      reports.error(
          server,
          Annotations.SERVER,
          "interceptor %s cannot be made: it must be a class with a constructor that takes nothing, neither of them private"
              .formatted(TypeNames.simple(interceptor)));
    }
  }

  private void checkError(ExecutableElement method, TypeMirror error) {
    String what =
        "error %s of call '%s'".formatted(TypeNames.simple(error), method.getSimpleName());
    Element element = types.asElement(error);
    if (element == null || element.getKind() != ElementKind.RECORD) {
      reports.error(method, Annotations.RPC, what + " is no record; its components are what travels");
      return;
    }
    try {
      reader.field(error);
    } catch (Refusal e) {
      reports.error(
          method,
          Annotations.RPC,
          "%s cannot travel: %s".formatted(what, e.describe(TypeNames.simple(error))));
    }
  }

  private void checkNames(TypeElement type, List<Method> methods) {
    Map<String, Method> byName = new HashMap<>();
    for (Method method : methods) {
      Method other = byName.putIfAbsent(SchemaMaker.plain(method.name()), method);
      if (other != null) {
        reports.error(
            method.element(),
            "'%s' and '%s' have names that are one on the wire, '%s'; give one of them another: @%s(\"…\")"
                .formatted(
                    signature(method),
                    signature(other),
                    SchemaMaker.snake(method.name()),
                    method.isCast() ? "Cast" : "Rpc"));
      }
      if (CLIENT_METHODS.contains(method.javaName())) {
        reports.error(
            method.element(),
            "'%s' is a method of every client, so a %s cannot have this name; choose another"
                .formatted(method.javaName(), method.isCast() ? "cast" : "call"));
      }
    }
    checkErrorNames(methods);
    Map<String, Method> byErasure =
        methods.stream()
            .collect(Collectors.toMap(m -> erasure(m.javaName(), m), m -> m, (a, b) -> a));
    for (Method method : methods) {
      Method async =
          method.isCast() ? null : byErasure.get(erasure(method.javaName() + "Async", method));
      if (async != null) {
        reports.error(
            async.element(),
            "'%s' is also the name of the client's method that calls '%s' without waiting; choose another"
                .formatted(async.javaName(), method.javaName()));
      }
    }
    if (methods.isEmpty()) {
      reports.error(
          type,
          "%s has neither calls nor casts; mark its methods with @Rpc or @Cast"
              .formatted(type.getSimpleName()));
    }
  }

  /** Errors of one name have one name among the replies, so the .proto could not tell them apart. */
  private void checkErrorNames(List<Method> methods) {
    Map<String, String> byName = new HashMap<>();
    for (Method method : methods) {
      for (TypeMirror error : method.errors()) {
        String full = TypeNames.full(error);
        String other = byName.putIfAbsent(SchemaMaker.plain(TypeNames.simple(error)), full);
        if (other != null && !other.equals(full)) {
          reports.error(
              method.element(),
              Annotations.RPC,
              "errors %s and %s have names that are one on the wire; rename one"
                  .formatted(other, full));
        }
      }
    }
  }

  /** By which the JVM tells methods of one class apart. */
  private String erasure(String name, Method method) {
    return method.parameters().stream()
        .map(each -> TypeNames.full(types.erasure(each.asType())))
        .collect(Collectors.joining(", ", name + "(", ")"));
  }

  private static String signature(Method method) {
    return method.parameters().stream()
        .map(each -> TypeNames.simple(each.asType()))
        .collect(Collectors.joining(", ", method.javaName() + "(", ")"));
  }
}
