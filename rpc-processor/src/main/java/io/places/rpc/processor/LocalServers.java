package io.places.rpc.processor;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/*
 * A compiler does not show classes inside methods to processors, so a server there would be passed over
 * without a word. javac tells when it has resolved the names in a class, bodies of methods included; other
 * compilers, and build tools that stand in between, may not, and then nothing is said.
 */
/** Refuses servers that are declared inside a method. */
final class LocalServers implements TaskListener {
  private final Trees trees;

  private LocalServers(Trees trees) {
    this.trees = trees;
  }

  static void watch(ProcessingEnvironment environment) {
    JavacTask task;
    try {
      task = JavacTask.instance(environment);
    } catch (IllegalArgumentException e) {
      return; // another compiler
    }
    task.addTaskListener(new LocalServers(Trees.instance(environment)));
  }

  @Override
  public void finished(TaskEvent event) {
    TypeElement type = event.getTypeElement();
    if (event.getKind() != TaskEvent.Kind.ANALYZE || type == null) {
      return;
    }
    TreePath path = trees.getPath(type);
    if (path != null) {
      new Scan().scan(path, null);
    }
  }

  private final class Scan extends TreePathScanner<@Nullable Void, @Nullable Void> {
    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      Element type = trees.getElement(getCurrentPath());
      if (type != null
          && isInMethod(type)
          && Annotations.find(type, Annotations.SERVER) != null) {
        trees.printMessage(
            Kind.ERROR,
            "%s is declared inside a method, where no code can be generated for it; make it a class of its own or a static member of one"
                .formatted(type.getSimpleName()),
            tree,
            getCurrentPath().getCompilationUnit());
      }
      return super.visitClass(tree, null);
    }

    private boolean isInMethod(Element type) {
      for (Element each = type; each != null; each = each.getEnclosingElement()) {
        ElementKind kind = each.getKind();
        if (!kind.isClass() && !kind.isInterface() && kind != ElementKind.PACKAGE && kind != ElementKind.MODULE) {
          return true;
        }
      }
      return false;
    }
  }
}
