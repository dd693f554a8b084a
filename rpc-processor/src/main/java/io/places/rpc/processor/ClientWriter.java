package io.places.rpc.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import io.places.rpc.processor.ServerModel.Method;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Writes the client of a server: its methods, each also without waiting. */
final class ClientWriter {
  private static final ClassName LOCATION = ClassName.get("io.places.place", "PlaceLocation");
  private static final ClassName OPTIONS = Generated.runtime("ClientOptions");
  private static final ClassName RPC_CLIENT = Generated.runtime("RpcClient");
  private static final TypeName SUPPLIER =
      ParameterizedTypeName.get(
          ClassName.get(Supplier.class), WildcardTypeName.subtypeOf(LOCATION));
  private static final TypeName NOTHING =
      ClassName.get(Void.class)
          .annotated(
              AnnotationSpec.builder(ClassName.get("org.jspecify.annotations", "Nullable")).build());

  private final ServerModel server;
  private final Envelope envelope;
  private final Generated generated;
  private final ClassName self;
  private final TypeName client;
  private final Set<String> taken = new HashSet<>();

  ClientWriter(ServerModel server, Envelope envelope, Generated generated) {
    this.server = server;
    this.envelope = envelope;
    this.generated = generated;
    this.self = server.made("Client");
    this.client =
        ParameterizedTypeName.get(
            RPC_CLIENT, server.made("Call"), server.made("Request"), server.made("Reply"));
    server.methods().forEach(each -> taken.add(each.javaName()));
  }

  TypeSpec.Builder client() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(self)
            .addModifiers(Modifier.FINAL)
            .addSuperinterface(AutoCloseable.class)
            .addJavadoc(
                """
                A client of {@link $T}. Safe for use by many threads. Calls throw {@link $T} if they fail.
                """,
                server.className(),
                Generated.runtime("RpcException"))
            .addField(
                FieldSpec.builder(client, "client", Modifier.PRIVATE, Modifier.FINAL).build())
            .addMethod(
                MethodSpec.constructorBuilder()
                    .addModifiers(Modifier.PRIVATE)
                    .addParameter(client, "client")
                    .addStatement("this.client = client")
                    .build());
    connecting(type);
    for (Method method : server.methods()) {
      if (method.isCast()) {
        type.addMethod(cast(method));
      } else {
        call(type, method);
      }
    }
    return type.addMethod(
            MethodSpec.methodBuilder("lateReplies")
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc(
                    "How many replies came that nobody waited for any more; what was lost with its"
                        + " connection does not come.\n")
                .returns(TypeName.LONG)
                .addStatement("return client.lateReplies()")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("close")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("Closes the client; the server lives on.\n")
                .addStatement("client.close()")
                .build());
  }

  private void connecting(TypeSpec.Builder type) {
    type.addMethod(
        connect()
            .addJavadoc("Finds the server on a node.\n")
            .addParameter(LOCATION, "at")
            .addStatement("return connect(at, $T.standard())", OPTIONS)
            .build());
    type.addMethod(
        connect()
            .addJavadoc("Finds the server on a node.\n")
            .addParameter(LOCATION, "at")
            .addParameter(OPTIONS, "options")
            .addStatement("return connect(() -> at, options)")
            .build());
    type.addMethod(
        connect()
            .addJavadoc(
                "Finds the server on a node that is asked for anew each time that the server is looked"
                    + " for.\n")
            .addParameter(SUPPLIER, "at")
            .addParameter(OPTIONS, "options")
            .addStatement(
                "return new $T($T.connect($T.PROTOCOL, at, options))",
                self,
                RPC_CLIENT,
                server.made("Place"))
            .build());
    type.addMethod(
        MethodSpec.methodBuilder("withDeadline")
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc(
                "The same client with another deadline for each call; closing one closes both.\n")
            .returns(self)
            .addParameter(Duration.class, "deadline")
            .addStatement("return new $T(client.withDeadline(deadline))", self)
            .build());
  }

  private MethodSpec.Builder connect() {
    return MethodSpec.methodBuilder("connect")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .returns(self);
  }

  private void call(TypeSpec.Builder type, Method method) {
    TypeName result = TypeName.get(method.result());
    TypeName boxed = isVoid(method) ? NOTHING : result.box();
    String extract = extractName(method);
    MethodSpec.Builder waiting = method(method, method.javaName()).returns(result);
    document(waiting, method, "Calls {@link $T#$L}.\n");
    for (TypeMirror error : method.errors()) {
      waiting.addJavadoc(
          "\n@throws $T with {@link $T}\n",
          Generated.runtime("RpcErrorException"),
          TypeName.get(error));
    }
    type.addMethod(
        waiting
            .addStatement(
                "$L$L($L.call($L))",
                isVoid(method) ? "" : "return ",
                extract,
                field(method),
                arguments(method))
            .build());
    type.addMethod(
        method(method, method.javaName() + "Async")
            .returns(ParameterizedTypeName.get(ClassName.get(CompletableFuture.class), boxed))
            .addJavadoc(
                """
                Calls {@link $T#$L} without waiting; cancelling the future stops the call at the server.
                While so many calls of this client wait at the server that it takes no more, about 1,024,
                this waits for it, at most until the deadline.
                """,
                server.className(),
                method.javaName())
            .addStatement(
                "return $L.callAsync($L, $T::$L)",
                field(method),
                arguments(method),
                self,
                extract)
            .build());
    type.addMethod(extract(method, extract, boxed));
  }

  /** Takes the result out of a reply. */
  private MethodSpec extract(Method method, String name, TypeName boxed) {
    ClassName answer =
        server.made("Reply").nestedClass(envelope.answer(method).recordName());
    MethodSpec.Builder extract =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(boxed)
            .addParameter(server.made("Reply"), "reply");
    if (isVoid(method)) {
      extract.beginControlFlow("if (reply instanceof $T)", answer).addStatement("return null");
    } else {
      extract
          .beginControlFlow("if (reply instanceof $T answer)", answer)
          .addStatement("return answer.result()");
    }
    return extract
        .endControlFlow()
        .addStatement("throw $T.unexpected(reply)", RPC_CLIENT)
        .build();
  }

  private MethodSpec cast(Method method) {
    MethodSpec.Builder cast = method(method, method.javaName());
    document(
        cast,
        method,
        "Casts {@link $T#$L}: it is run at most once, and nobody tells whether it was.\n");
    return cast.addStatement("$L.cast($L)", field(method), arguments(method)).build();
  }

  private static MethodSpec.Builder method(Method method, String name) {
    MethodSpec.Builder made =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PUBLIC)
            .varargs(method.element().isVarArgs());
    for (VariableElement each : method.parameters()) {
      made.addParameter(TypeName.get(each.asType()), each.getSimpleName().toString());
    }
    if (Annotations.find(method.element(), "java.lang.Deprecated") != null) {
      made.addAnnotation(Deprecated.class);
    }
    return made;
  }

  private void document(MethodSpec.Builder made, Method method, String otherwise) {
    String own = generated.javadoc(method.element());
    if (own == null) {
      made.addJavadoc(otherwise, server.className(), method.javaName());
    } else {
      made.addJavadoc("$L", own);
    }
  }

  private CodeBlock arguments(Method method) {
    return CodeBlock.of(
        "new $T($L)",
        server.made("Call").nestedClass(envelope.arguments(method).recordName()),
        method.parameters().stream()
            .map(each -> each.getSimpleName().toString())
            .collect(Collectors.joining(", ")));
  }

  /** The field of the client, unless a parameter has its name. */
  private static String field(Method method) {
    boolean hidden =
        method.parameters().stream()
            .anyMatch(each -> each.getSimpleName().contentEquals("client"));
    return hidden ? "this.client" : "client";
  }

  private String extractName(Method method) {
    String name = method.name() + "Result";
    while (taken.contains(name)) {
      name = name + "_";
    }
    return name;
  }

  private static boolean isVoid(Method method) {
    return method.result().getKind() == TypeKind.VOID;
  }
}
