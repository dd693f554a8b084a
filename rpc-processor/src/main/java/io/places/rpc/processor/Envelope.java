package io.places.rpc.processor;

import io.places.rpc.processor.ServerModel.Method;
import io.places.rpc.processor.Wire.Component;
import io.places.rpc.processor.Wire.Structure;
import java.util.List;
import javax.lang.model.element.VariableElement;

/** The messages of a server, which the .proto defines and the generated records are. */
final class Envelope {
  private final Structure call;

  Envelope(ServerModel server, TypeReader reader) {
    call = new Structure(server.made("Call").simpleName(), true, server.type());
    for (Method method : server.methods()) {
      Structure arguments = new Structure(method.recordName(), false, method.element());
      for (VariableElement parameter : method.parameters()) {
        arguments.add(
            new Component(
                parameter.getSimpleName().toString(),
                Wire.ANY,
                reader.field(parameter.asType()),
                parameter));
      }
      call.add(
          new Component(method.name(), Wire.ANY, new Wire.Plain(arguments), method.element()));
    }
  }

  /** The messages that stand for themselves. */
  List<Wire> tops() {
    return List.of(call);
  }
}
