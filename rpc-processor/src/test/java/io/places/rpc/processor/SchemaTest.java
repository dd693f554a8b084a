package io.places.rpc.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import io.places.message.MessageType;
import io.places.rpc.Protoc;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.lang.model.element.RecordComponentElement;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The .proto made of the compiler's types is the one that the runtime makes of the loaded classes. */
class SchemaTest {

  static Stream<RecordComponent> kinds() {
    return Arrays.stream(Kinds.class.getRecordComponents());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isThatOfTheRuntimeForEachKindOfType(RecordComponent kind) throws Exception {
    MessageType<?> runtime = MessageType.of(kind.getGenericType());

    // What the comments add, only the compiler compares.
    assertThat(schema(kind).replaceAll(" // Java: .*", ""))
        .isEqualTo(runtime.toProto().replaceAll("(?m)^ *//.*\n", ""));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isReadBackAsItWasWritten(RecordComponent kind) throws Exception {
    String text = schema(kind);

    Schema read = SchemaParser.parse(text);

    assertThat(SchemaText.of(read)).isEqualTo(text);
    assertThat(Freeze.compare("x.proto", SchemaParser.parse(text), read).problems()).isEmpty();
    assertThat(Freeze.compare("x.proto", SchemaParser.parse(text), read).additions()).isEmpty();
  }

  @Test
  void compilesWithProtoc(@TempDir Path folder) throws Exception {
    var protoc = new Protoc(folder);
    for (RecordComponent kind : kinds().toList()) {
      assertThat(protoc.compile(schema(kind))).isNotNull();
    }
  }

  private static String schema(RecordComponent kind) throws Exception {
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(
                    new StringWriter(),
                    null,
                    null,
                    List.of("-cp", System.getProperty("java.class.path"), "-proc:none"),
                    List.of("java.lang.Object"),
                    null);
    RecordComponentElement component =
        Objects.requireNonNull(task.getElements().getTypeElement(Kinds.class.getName()))
            .getRecordComponents()
            .stream()
            .filter(each -> each.getSimpleName().contentEquals(kind.getName()))
            .findFirst()
            .orElseThrow();
    var maker = new SchemaMaker(kind.getType().getPackageName());
    maker.add(new TypeReader(task.getElements(), task.getTypes()).message(component.asType()));
    return SchemaText.of(maker.schema());
  }
}
