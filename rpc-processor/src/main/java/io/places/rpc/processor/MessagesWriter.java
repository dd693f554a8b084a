package io.places.rpc.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.places.rpc.processor.Envelope.Case;
import io.places.rpc.processor.Envelope.DeclaredError;
import io.places.rpc.processor.ServerModel.Method;
import io.places.rpc.processor.Wire.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;

/** Writes the records that travel: calls, requests and replies, with the numbers of the .proto. */
final class MessagesWriter {
  private static final ClassName FIELD = ClassName.get("io.places.message", "Field");

  private final ServerModel server;
  private final Envelope envelope;
  private final SchemaMaker maker;
  private final ClassName call;
  private final ClassName reply;

  MessagesWriter(ServerModel server, Envelope envelope, SchemaMaker maker) {
    this.server = server;
    this.envelope = envelope;
    this.maker = maker;
    this.call = server.made("Call");
    this.reply = server.made("Reply");
  }

  TypeSpec.Builder calls() {
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(call)
            .addModifiers(Modifier.SEALED)
            .addSuperinterface(Generated.runtime("RpcCall"))
            .addJavadoc(
                "The calls and casts of {@link $T}, with their arguments.\n", server.className());
    Iterator<Integer> numbers = Envelope.numbers(maker, envelope.call()).iterator();
    for (Method method : server.methods()) {
      Case arguments = envelope.arguments(method);
      List<Component> components = new ArrayList<>();
      for (VariableElement parameter : method.parameters()) {
        components.add(
            new Component(parameter.getSimpleName().toString(), TypeName.get(parameter.asType())));
      }
      TypeSpec.Builder record =
          record(arguments.recordName(), arguments.structure(), components, numbers.next())
              .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
              .addSuperinterface(call)
              .addJavadoc("The arguments of {@link $T#$L}.\n", server.className(), method.javaName())
              .addMethod(
                  overriding("method", ClassName.get(String.class))
                      .addStatement("return $S", method.name())
                      .build());
      if (method.isConcurrent()) {
        record.addMethod(
            overriding("isConcurrent", TypeName.BOOLEAN).addStatement("return true").build());
      }
      if (!method.errors().isEmpty()) {
        record.addMethod(declares(method));
      }
      type.addType(record.build());
    }
    return type;
  }

  private MethodSpec declares(Method method) {
    return overriding("declares", TypeName.BOOLEAN)
        .addParameter(Generated.runtime("RpcError"), "error")
        .addStatement(
            "return $L",
            method.errors().stream()
                .map(each -> CodeBlock.of("error instanceof $T", TypeName.get(each)))
                .collect(CodeBlock.joining(" || ")))
        .build();
  }

  TypeSpec.Builder request() {
    TypeName calls = ParameterizedTypeName.get(ClassName.get(Optional.class), call);
    return record(
            server.made("Request").simpleName(),
            envelope.request(),
            List.of(
                new Component("header", Generated.runtime("CallHeader")),
                new Component("call", calls)),
            Wire.ANY)
        .addSuperinterface(ParameterizedTypeName.get(Generated.runtime("RpcRequest"), call))
        .addJavadoc(
            "What a client of {@link $T} sends.\n", server.className());
  }

  TypeSpec.Builder replies() {
    ClassName runtime = Generated.runtime("RpcReply");
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(reply)
            .addModifiers(Modifier.SEALED)
            .addSuperinterface(runtime)
            .addJavadoc("What {@link $T} answers.\n", server.className());
    Iterator<Integer> numbers = Envelope.numbers(maker, envelope.reply()).iterator();
    type.addType(
        reply(
                envelope.failed(),
                List.of(new Component("failure", Generated.runtime("RpcFailure"))),
                numbers.next())
            .addSuperinterface(runtime.nestedClass("Failed"))
            .addJavadoc("The call failed.\n")
            .build());
    for (Method method : server.methods()) {
      if (!method.isCast()) {
        boolean empty = method.result().getKind() == TypeKind.VOID;
        List<Component> components =
            empty
                ? List.of()
                : List.of(new Component("result", TypeName.get(method.result())));
        type.addType(
            reply(envelope.answer(method), components, numbers.next())
                .addJavadoc(
                    empty ? "{@link $T#$L} was done.\n" : "The answer of {@link $T#$L}.\n",
                    server.className(),
                    method.javaName())
                .build());
      }
    }
    for (DeclaredError error : envelope.errors()) {
      type.addType(
          reply(
                  error.reply(),
                  List.of(new Component("error", TypeName.get(error.type()))),
                  numbers.next())
              .addSuperinterface(runtime.nestedClass("Declared"))
              .addJavadoc("The error {@link $T}.\n", TypeName.get(error.type()))
              .build());
    }
    return type;
  }

  private TypeSpec.Builder reply(Case of, List<Component> components, int number) {
    return record(of.recordName(), of.structure(), components, number)
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addSuperinterface(reply);
  }

  /** A component of a generated record. */
  private record Component(String name, TypeName type) {}

  /**
   * @param number of the record in the choice that it belongs to; {@link Wire#ANY} if it belongs to none
   */
  private TypeSpec.Builder record(
      String name, Structure structure, List<Component> components, int number) {
    MethodSpec.Builder constructor = MethodSpec.constructorBuilder();
    Iterator<Integer> numbers = Envelope.numbers(maker, structure).iterator();
    for (Component each : components) {
      constructor.addParameter(
          ParameterSpec.builder(each.type(), each.name())
              .addAnnotation(field(numbers.next()))
              .build());
    }
    TypeSpec.Builder type = TypeSpec.recordBuilder(name).recordConstructor(constructor.build());
    if (number != Wire.ANY) {
      type.addAnnotation(field(number));
    }
    return type;
  }

  private static AnnotationSpec field(int number) {
    return AnnotationSpec.builder(FIELD).addMember("value", "$L", number).build();
  }

  private static MethodSpec.Builder overriding(String name, TypeName returns) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(returns);
  }
}
