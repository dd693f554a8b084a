package io.places.rpc.processor;

import io.places.rpc.processor.Schema.Definition;
import io.places.rpc.processor.ServerModel.Method;
import io.places.rpc.processor.Wire.Component;
import io.places.rpc.processor.Wire.Plain;
import io.places.rpc.processor.Wire.Structure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** The messages of a server, which the .proto defines and the generated records are. */
final class Envelope {
  /** Of the runtime: what travels with the arguments of a call. */
  static final String HEADER = "io.places.rpc.CallHeader";

  /** Of the runtime: how a call failed. */
  private static final String FAILURE = "io.places.rpc.RpcFailure";

  /**
   * One of the records of a choice.
   *
   * @param structure its fields
   */
  record Case(String recordName, Structure structure) {}

  /** An error that calls declare, and its record among the replies. */
  record DeclaredError(TypeMirror type, Case reply) {}

  private final ServerModel server;
  private final Elements elements;
  private final TypeReader reader;
  private final Wire header;
  private final Wire failure;
  private final Structure call;
  private final Structure request;
  private final Structure reply;
  private final Case failed;
  private final Map<Method, Case> calls = new LinkedHashMap<>();
  private final Map<Method, Case> replies = new LinkedHashMap<>();
  private final Map<String, DeclaredError> errors = new LinkedHashMap<>();

  Envelope(ServerModel server, Elements elements, Types types, TypeReader reader) {
    this.server = server;
    this.elements = elements;
    this.reader = reader;
    call = new Structure(server.made("Call").simpleName(), true, server.type());
    request = new Structure(server.made("Request").simpleName(), false, server.type());
    reply = new Structure(server.made("Reply").simpleName(), true, server.type());
    header = reader.message(runtimeType(HEADER));
    failure = reader.message(runtimeType(FAILURE));
    request.add(new Component("header", Wire.ANY, new Plain(header), server.type()));
    request.add(new Component("call", Wire.ANY, new Wire.Optionally(call), server.type()));
    failed = choice(reply, "Failed", "Failed", server.type());
    failed
        .structure()
        .add(new Component("failure", Wire.ANY, new Plain(failure), server.type()));
    server.methods().forEach(this::add);
    for (Method method : server.methods()) {
      for (TypeMirror error : method.errors()) {
        if (!errors.containsKey(TypeNames.full(error))) {
          addError(error, types.asElement(error));
        }
      }
    }
  }

  private void add(Method method) {
    Case arguments = choice(call, method.name(), method.recordName(), method.element());
    for (VariableElement parameter : method.parameters()) {
      arguments
          .structure()
          .add(
              component(
                  parameter.getSimpleName().toString(), parameter.asType(), parameter));
    }
    calls.put(method, arguments);
    if (!method.isCast()) {
      String name = method.recordName() + "Reply";
      Case answer = choice(reply, name, name, method.element());
      if (method.result().getKind() != TypeKind.VOID) {
        answer.structure().add(component("result", method.result(), method.element()));
      }
      replies.put(method, answer);
    }
  }

  private void addError(TypeMirror error, Element element) {
    String name = element.getSimpleName() + "Error";
    Case answer = choice(reply, name, name, server.type());
    answer.structure().add(component("error", error, server.type()));
    errors.put(TypeNames.full(error), new DeclaredError(error, answer));
  }

  /** Adds a record to a choice; it cannot have the name of that, nor of another one in it. */
  private static Case choice(Structure of, String name, String recordName, Element element) {
    Set<String> taken = new HashSet<>(Set.of(of.typeName()));
    for (Component each : of.components()) {
      if (each.shape() instanceof Plain(Structure other)) {
        taken.add(other.typeName());
      }
    }
    String free = recordName;
    while (taken.contains(free)) {
      free += "_";
    }
    Structure structure = new Structure(free, false, element);
    of.add(new Component(name, Wire.ANY, new Plain(structure), element));
    return new Case(free, structure);
  }

  private Component component(String name, TypeMirror type, Element element) {
    return new Component(name, Wire.ANY, reader.field(type), element);
  }

  private TypeMirror runtimeType(String name) {
    TypeElement type = Objects.requireNonNull(elements.getTypeElement(name), name);
    return type.asType();
  }

  /**
   * The messages in the order in which they get their names: those of the runtime first, so that they
   * keep theirs when a server has others of the same name.
   */
  List<Wire> tops() {
    return List.of(header, failure, request, reply);
  }

  Structure call() {
    return call;
  }

  Structure request() {
    return request;
  }

  Structure reply() {
    return reply;
  }

  Case failed() {
    return failed;
  }

  /** The record of a call's arguments. */
  Case arguments(Method method) {
    return Objects.requireNonNull(calls.get(method));
  }

  /** The record of a call's answer; casts have none. */
  Case answer(Method method) {
    return Objects.requireNonNull(replies.get(method));
  }

  List<DeclaredError> errors() {
    return new ArrayList<>(errors.values());
  }

  /** The numbers of a structure's fields, once they are settled. */
  static List<Integer> numbers(SchemaMaker maker, Structure structure) {
    Definition definition = maker.definition(structure);
    return definition.entries.stream().map(Schema.Entry::number).toList();
  }
}
