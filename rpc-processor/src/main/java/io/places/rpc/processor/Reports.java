package io.places.rpc.processor;

import java.nio.file.Path;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic.Kind;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** What the processor says to the user, each at an element of the source. */
final class Reports {
  private final Messager messager;
  private final Elements elements;
  private int errors;

  Reports(Messager messager, Elements elements) {
    this.messager = messager;
    this.elements = elements;
  }

  void error(Element element, String message) {
    errors++;
    messager.printMessage(Kind.ERROR, message, element);
  }

  /** An error about an annotation, if it is there to point at. */
  void error(Element element, String annotation, String message) {
    errors++;
    AnnotationMirror found = Annotations.find(element, annotation);
    if (found == null) {
      messager.printMessage(Kind.ERROR, message, element);
    } else {
      messager.printMessage(Kind.ERROR, message, element, found);
    }
  }

  void note(Element element, String message) {
    messager.printMessage(Kind.NOTE, message, element);
  }

  int errors() {
    return errors;
  }

  /** The file in which an element is declared; null for what is compiled already or in no file. */
  @Nullable Path sourceOf(Element element) {
    JavaFileObject file = elements.getFileObjectOf(element);
    if (file == null
        || file.getKind() != JavaFileObject.Kind.SOURCE
        || !"file".equals(file.toUri().getScheme())) {
      return null;
    }
    return Path.of(file.toUri());
  }
}
