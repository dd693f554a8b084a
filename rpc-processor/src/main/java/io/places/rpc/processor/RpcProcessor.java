package io.places.rpc.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic.Kind;

/*
 * One server goes through three steps, each a class: ServerReader finds out what it declares and all that
 * is wrong with it; Envelope and SchemaMaker make the messages of it, which ProtoBeside holds against the
 * .proto that fixes their numbers; SourceWriter writes the Java sources with these numbers. A server with
 * an error gets no sources, so that its errors do not drown in those of code that cannot compile.
 */

/** Turns each class with {@code @RpcServer} into its client, its dispatch and its .proto. */
public final class RpcProcessor extends AbstractProcessor {
  /** The option by which a build says that no .proto may change. */
  static final String FROZEN = "places.rpc.frozen";

  /** The classes that were met, by the names of their servers and by all that is made for them. */
  private final Map<String, String> servers = new HashMap<>();

  /** The classes with sources of their own, by their qualified names. */
  private final Map<String, TypeElement> roots = new HashMap<>();

  private boolean frozen;

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of(
        Annotations.SERVER,
        Annotations.RPC,
        Annotations.CAST,
        Annotations.CONCURRENT,
        Annotations.FIELD, // these two are on what is generated
        Annotations.GENERATED);
  }

  @Override
  public Set<String> getSupportedOptions() {
    return Set.of(FROZEN);
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    LocalServers.watch(environment);
    String given = environment.getOptions().getOrDefault(FROZEN, "false");
    frozen = given == null || given.isEmpty() || given.equalsIgnoreCase("true");
    if (!frozen && !given.equalsIgnoreCase("false")) {
      environment
          .getMessager()
          .printMessage(
              Kind.ERROR,
              "-A%s=%s says neither true nor false; write -A%s=true where no .proto may change"
                  .formatted(FROZEN, given, FROZEN));
    }
  }

  /** Claims its annotations, and no others: javac warns of those that nobody claims. */
  @SuppressWarnings("DoNotClaimAnnotations") // with -Xlint:all -Werror the user's build would fail
  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Elements elements = processingEnv.getElementUtils();
    var reports = new Reports(processingEnv.getMessager(), elements);
    if (servers.isEmpty()) { // in later rounds these are what the processor itself made
      ElementFilter.typesIn(round.getRootElements())
          .forEach(each -> roots.put(each.getQualifiedName().toString(), each));
    }
    for (TypeElement annotation : annotations) {
      for (Element element : round.getElementsAnnotatedWith(annotation)) {
        if (annotation.getQualifiedName().contentEquals(Annotations.SERVER)) {
          server((TypeElement) element, reports);
        } else if (Annotations.isOfMethods(annotation)) {
          checkInServer(element, annotation, reports);
        }
      }
    }
    return true;
  }

  private void server(TypeElement type, Reports reports) {
    Elements elements = processingEnv.getElementUtils();
    Types types = processingEnv.getTypeUtils();
    var reader = new TypeReader(elements, types);
    ServerModel server = new ServerReader(elements, types, reports, reader).read(type);
    if (server == null || !hasFreeNames(server, reports)) {
      return;
    }
    if (elements.getTypeElement(Envelope.HEADER) == null) {
      reports.error(
          type, "module rpc-server, which the generated code calls, is not on the class path; add it");
      return;
    }
    int before = reports.errors();
    var proto = new ProtoBeside(server, reports, frozen);
    if (reports.errors() > before) {
      return;
    }
    ServerModel ordered = proto.inOrder();
    var envelope = new Envelope(ordered, elements, types, reader);
    new HiddenClasses(ordered, envelope, reports).refuse();
    var maker = new SchemaMaker(server.className().packageName());
    envelope.tops().forEach(maker::add);
    proto.settle(maker);
    if (reports.errors() == before) {
      var generated = new Generated(ordered, elements, processingEnv.getFiler());
      new SourceWriter(ordered, envelope, maker, generated).write(reports);
    }
  }

  private boolean hasFreeNames(ServerModel server, Reports reports) {
    String name = server.type().getQualifiedName().toString();
    boolean free = true;
    for (String suffix : SourceWriter.SUFFIXES) {
      String made = server.made(suffix).canonicalName();
      if (roots.containsKey(made)) {
        reports.error(
            server.type(),
            "a class %s is there already, and the one that is generated for %s has the same name; rename one"
                .formatted(made, server.type().getSimpleName()));
        free = false;
      }
    }
    String made = server.made("Client").canonicalName();
    String proto = server.className().packageName() + "/" + server.protoName();
    String rival = servers.putIfAbsent(made, name);
    if (rival != null) {
      reports.error(
          server.type(),
          "what is generated for %s would have the names of what is generated for %s, such as %s; rename one"
              .formatted(name, rival, made));
      return false;
    }
    rival = servers.putIfAbsent(proto, name);
    if (rival != null) {
      reports.error(
          server.type(),
          "%s and %s would share one %s, which fixes the numbers of one server; rename one"
              .formatted(name, rival, server.protoName()));
      return false;
    }
    rival = servers.putIfAbsent(server.name(), name);
    if (rival != null) {
      reports.error(
          server.type(),
          Annotations.SERVER,
          "'%s' is also the name of the server %s; two of one name cannot be on one node: give one another"
              .formatted(server.name(), rival));
      return false;
    }
    return free;
  }

  private static void checkInServer(Element method, TypeElement annotation, Reports reports) {
    Element type = Objects.requireNonNull(method.getEnclosingElement(), "a method is in a class");
    String name = annotation.getSimpleName().toString();
    if (Annotations.find(type, Annotations.SERVER) == null) {
      reports.error(
          method,
          "'%s' is marked @%s, and its class %s is no server; mark it @RpcServer"
              .formatted(method.getSimpleName(), name, type.getSimpleName()));
    } else if (Annotations.find(method, Annotations.RPC) == null
        && Annotations.find(method, Annotations.CAST) == null) {
      reports.error(
          method,
          "'%s' is marked @%s and is no call; mark it @Rpc"
              .formatted(method.getSimpleName(), name));
    }
  }
}
