package io.places.rpc.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.processing.Filer;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** What all generated classes of a server have in common. */
final class Generated {
  private static final String RUNTIME = "io.places.rpc";

  private final ServerModel server;
  private final Elements elements;
  private final Filer filer;

  Generated(ServerModel server, Elements elements, Filer filer) {
    this.server = server;
    this.elements = elements;
    this.filer = filer;
  }

  /** A class of the runtime that generated code uses. */
  static ClassName runtime(String name) {
    return ClassName.get(RUNTIME, name);
  }

  /** Writes a class, as visible as the server's. */
  void write(TypeSpec.Builder type) throws IOException {
    List<AnnotationSpec> annotations = new ArrayList<>();
    if (elements.getTypeElement(Annotations.GENERATED) != null) {
      annotations.add(
          AnnotationSpec.builder(ClassName.get("javax.annotation.processing", "Generated"))
              .addMember("value", "$S", RpcProcessor.class.getName())
              .build());
    }
    // Of the user's types; what is to be said of them is said where the user names them.
    annotations.add(
        AnnotationSpec.builder(SuppressWarnings.class)
            .addMember("value", "{$S, $S}", "deprecation", "removal")
            .build());
    type.addAnnotations(annotations).addOriginatingElement(server.type());
    if (isPublic()) {
      type.addModifiers(Modifier.PUBLIC);
    }
    JavaFile.builder(server.className().packageName(), type.build())
        .skipJavaLangImports(true)
        .indent("  ")
        .build()
        .writeTo(filer);
  }

  private boolean isPublic() {
    for (Element each = server.type(); each instanceof TypeElement; each = each.getEnclosingElement()) {
      if (!each.getModifiers().contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }

  /** The Javadoc of an element; null if it has none. */
  @Nullable String javadoc(Element element) {
    String comment = elements.getDocComment(element);
    if (comment == null || comment.isBlank()) {
      return null;
    }
    return comment.lines().map(line -> line.startsWith(" ") ? line.substring(1) : line)
            .reduce((a, b) -> a + "\n" + b)
            .orElseThrow()
            .strip()
        + "\n";
  }
}
