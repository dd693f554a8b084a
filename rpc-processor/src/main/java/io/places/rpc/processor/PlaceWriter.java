package io.places.rpc.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import io.places.rpc.processor.Envelope.DeclaredError;
import io.places.rpc.processor.ServerModel.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeKind;

/** Writes the place of a server: how it is started, and its body with the dispatch. */
final class PlaceWriter {
  private static final ClassName LOCATION = ClassName.get("io.places.place", "PlaceLocation");
  private static final ClassName SPAWN = ClassName.get("io.places.place", "Spawn");
  private static final ClassName CHANNEL = ClassName.get("io.places.channel", "PlaceChannel");
  private static final ClassName SUPERVISOR = ClassName.get("io.places.supervise", "Supervisor");
  private static final ClassName RESTART = ClassName.get("io.places.supervise", "Restart");
  private static final WildcardTypeName ANY = WildcardTypeName.subtypeOf(Object.class);
  private static final TypeName PLACE =
      ParameterizedTypeName.get(ClassName.get("io.places.place", "Place"), ANY, ANY);
  private static final TypeName SUPERVISED =
      ParameterizedTypeName.get(
          ClassName.get("io.places.supervise", "SupervisedPlace"), ANY, ANY);

  private final ServerModel server;
  private final Envelope envelope;
  private final ClassName self;
  private final ClassName call;
  private final ClassName request;
  private final ClassName reply;

  PlaceWriter(ServerModel server, Envelope envelope) {
    this.server = server;
    this.envelope = envelope;
    this.self = server.made("Place");
    this.call = server.made("Call");
    this.request = server.made("Request");
    this.reply = server.made("Reply");
  }

  TypeSpec.Builder place() {
    return TypeSpec.classBuilder(self)
        .addModifiers(Modifier.FINAL)
        .addJavadoc("The place of {@link $T}: starts it, and is its body.\n", server.className())
        .addField(
            FieldSpec.builder(String.class, "NAME", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc("Under which clients find it.\n")
                .initializer("$S", server.name())
                .build())
        .addField(protocol())
        .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
        .addMethods(starting())
        .addMethod(body())
        .addMethod(run())
        .addMethod(declared());
  }

  private FieldSpec protocol() {
    TypeName type =
        ParameterizedTypeName.get(Generated.runtime("RpcProtocol"), call, request, reply);
    return FieldSpec.builder(type, "PROTOCOL", Modifier.STATIC, Modifier.FINAL)
        .initializer(
            "new $T<>(NAME, $T.class, $T.class, $T::new, $T::new, $T::declared)",
            Generated.runtime("RpcProtocol"),
            request,
            reply,
            request,
            reply.nestedClass(envelope.failed().recordName()),
            self)
        .build();
  }

  private List<MethodSpec> starting() {
    String argument = server.argument() == null ? "" : ", argument";
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(
        starting("start", PLACE, "Starts the server on a node.\n")
            .addParameter(LOCATION, "at")
            .addParameters(argument())
            .addStatement("return start(at, NAME$L)", argument)
            .build());
    methods.add(
        starting("start", PLACE, "Starts the server on a node, under another name.\n")
            .addParameter(LOCATION, "at")
            .addParameter(String.class, "name")
            .addParameters(argument())
            .addStatement("return at.place($T.named(name), $T::body$L)", SPAWN, self, argument)
            .build());
    methods.add(
        starting("supervise", SUPERVISED, "Starts the server and keeps it alive.\n")
            .addParameter(SUPERVISOR, "supervisor")
            .addParameters(argument())
            .addParameter(RESTART, "restart")
            .addStatement("return supervise(supervisor, NAME$L, restart)", argument)
            .build());
    methods.add(
        starting("supervise", SUPERVISED, "Starts the server, under another name, and keeps it alive.\n")
            .addParameter(SUPERVISOR, "supervisor")
            .addParameter(String.class, "name")
            .addParameters(argument())
            .addParameter(RESTART, "restart")
            .addStatement(
                "return supervisor.supervise(name, $T::body$L, restart)", self, argument)
            .build());
    return methods;
  }

  private static MethodSpec.Builder starting(String name, TypeName returns, String javadoc) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc(javadoc)
        .returns(returns);
  }

  /** What the constructor of the user's class takes, boxed: the message that its place starts with. */
  private List<ParameterSpec> argument() {
    return server.argument() == null
        ? List.of()
        : List.of(
            ParameterSpec.builder(TypeName.get(server.argument().asType()).box(), "argument")
                .build());
  }

  private MethodSpec body() {
    TypeName clients =
        ParameterizedTypeName.get(
            CHANNEL,
            ClassName.get(Void.class),
            ParameterizedTypeName.get(CHANNEL, reply, request));
    CodeBlock make =
        server.argument() == null
            ? CodeBlock.of("$T::new", server.className())
            : CodeBlock.of("() -> new $T(argument)", server.className());
    return MethodSpec.methodBuilder("body")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addJavadoc("The body of the place.\n")
        .addParameter(clients, "clients")
        .addParameters(argument())
        .addException(Exception.class)
        .addStatement(
            "$T.serve(clients, PROTOCOL, $L, $T::run, $T.of($L))",
            Generated.runtime("RpcService"),
            make,
            self,
            List.class,
            server.interceptors().stream()
                .map(each -> CodeBlock.of("new $T()", TypeName.get(each)))
                .collect(CodeBlock.joining(", ")))
        .build();
  }

  /** The dispatch. */
  private MethodSpec run() {
    MethodSpec.Builder run =
        MethodSpec.methodBuilder("run")
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(
                reply.annotated(
                    AnnotationSpec.builder(
                            ClassName.get("org.jspecify.annotations", "Nullable"))
                        .build()))
            .addParameter(server.className(), "server")
            .addParameter(call, "call")
            .addException(Exception.class)
            .addCode("return switch (call) {\n$>");
    for (Method method : server.methods()) {
      String arguments =
          method.parameters().stream()
              .map(each -> "arguments." + each.getSimpleName() + "()")
              .collect(Collectors.joining(", "));
      ClassName record = call.nestedClass(envelope.arguments(method).recordName());
      CodeBlock invoke = CodeBlock.of("server.$L($L)", method.javaName(), arguments);
      if (method.isCast()) {
        run.addCode("case $T arguments -> {\n$>$L;\nyield null;\n$<}\n", record, invoke);
        continue;
      }
      ClassName answer = reply.nestedClass(envelope.answer(method).recordName());
      if (method.result().getKind() == TypeKind.VOID) {
        run.addCode(
            "case $T arguments -> {\n$>$L;\nyield new $T();\n$<}\n", record, invoke, answer);
      } else {
        run.addCode("case $T arguments -> new $T($L);\n", record, answer, invoke);
      }
    }
    return run.addCode("$<};\n").build();
  }

  private MethodSpec declared() {
    MethodSpec.Builder declared =
        MethodSpec.methodBuilder("declared")
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(ParameterizedTypeName.get(ClassName.get(Optional.class), reply))
            .addParameter(Generated.runtime("RpcError"), "error");
    if (envelope.errors().isEmpty()) {
      return declared.addStatement("return $T.empty()", Optional.class).build();
    }
    declared.addCode("return switch (error) {\n$>");
    for (DeclaredError each : envelope.errors()) {
      declared.addCode(
          "case $T declared -> $T.of(new $T(declared));\n",
          TypeName.get(each.type()),
          Optional.class,
          reply.nestedClass(each.reply().recordName()));
    }
    return declared
        .addCode("default -> $T.empty();\n$<};\n", Optional.class)
        .build();
  }
}
