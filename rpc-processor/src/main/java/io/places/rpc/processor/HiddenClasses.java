package io.places.rpc.processor;

import io.places.rpc.processor.ServerModel.Method;
import io.places.rpc.processor.Wire.Component;
import io.places.rpc.processor.Wire.Plain;
import io.places.rpc.processor.Wire.Structure;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/*
 * Calls and replies are records inside an interface. Where such a record has the name of a class of the
 * user's, the generated code tells the two apart by the package; a class in none has no other name.
 */
/** Refuses classes of no package that a generated record hides from the code that must name them. */
final class HiddenClasses {
  private final ServerModel server;
  private final Envelope envelope;
  private final Reports reports;

  HiddenClasses(ServerModel server, Envelope envelope, Reports reports) {
    this.server = server;
    this.envelope = envelope;
    this.reports = reports;
  }

  void refuse() {
    if (!server.className().packageName().isEmpty()) {
      return;
    }
    Set<String> byCalls = new HashSet<>();
    Set<String> byReplies = new HashSet<>();
    for (Method method : server.methods()) {
      for (VariableElement each : method.parameters()) {
        collect(each.asType(), byCalls);
      }
      collect(method.result(), byReplies);
      method.errors().forEach(each -> collect(each, byCalls)); // asked there what it declares
      method.errors().forEach(each -> collect(each, byReplies));
    }
    refuse(envelope.call(), byCalls);
    refuse(envelope.reply(), byReplies);
  }

  private void refuse(Structure choice, Set<String> mentioned) {
    for (Component each : choice.components()) {
      if (each.shape() instanceof Plain(Structure record)
          && mentioned.contains(record.typeName())
          && each.element() != null) {
        reports.error(
            each.element(),
            "the record %s, which is generated inside %s, would hide your class %s there, which is in no package; put your classes into a package, or rename one"
                .formatted(record.typeName(), choice.typeName(), record.typeName()));
      }
    }
  }

  /** Adds the outermost classes that a type names, as far as they are in no package. */
  private static void collect(TypeMirror type, Set<String> names) {
    switch (type) {
      case DeclaredType declared -> {
        Element outermost = declared.asElement();
        while (outermost.getEnclosingElement() instanceof TypeElement around) {
          outermost = around;
        }
        Element around = outermost.getEnclosingElement();
        if (around != null
            && around.getKind() == ElementKind.PACKAGE
            && around.getSimpleName().isEmpty()) {
          names.add(outermost.getSimpleName().toString());
        }
        declared.getTypeArguments().forEach(each -> collect(each, names));
      }
      case ArrayType array -> collect(array.getComponentType(), names);
      default -> {}
    }
  }
}
