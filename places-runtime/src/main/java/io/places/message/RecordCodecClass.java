package io.places.message;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/*
 * How a codec is generated. For each record type one hidden class is defined, a subclass of RecordCodec
 * in this package, with one straight-line method each for writing, reading, admitting and weighing. For
 *
 *     record Order(long id, String item, List<Line> lines)
 *
 * they read, if they were written in Java:
 *
 *     void write(MessageWriter out, Object value) {
 *       int component = -1;
 *       try {
 *         component = 2; FIELD_2.write(out, (Object) ACCESSOR_2.invokeExact(value));
 *         component = 1; FIELD_1.write(out, (Object) ACCESSOR_1.invokeExact(value));
 *         component = 0; out.longField(8, (long) ACCESSOR_0.invokeExact(value));
 *       } catch (RuntimeException e) { throw refused(e, component, value); }
 *     }
 *
 *     Object read(MessageReader in) {
 *       long c0 = 0; Object c1 = null, c2 = null;
 *       for (;;) switch (tag = in.tag()) {
 *         case 0  -> { c1 = FIELD_1.finish(c1); c2 = FIELD_2.finish(c2);
 *                      return CONSTRUCTOR.invokeExact(c0, c1, c2); }
 *         case 8  -> c0 = in.int64();
 *         case 18 -> c1 = FIELD_1.read(in, tag, c1);
 *         case 26 -> c2 = FIELD_2.read(in, tag, c2);
 *         default -> in.skip(tag);
 *       }
 *     }
 *
 *     Object admit(Object value, Admission admission) {
 *       admission.adds(25);
 *       Object c1 = ACCESSOR_1.invokeExact(value), d1 = FIELD_1.admit(c1, admission); ...
 *       return c1 == d1 && c2 == d2 ? value : CONSTRUCTOR.invokeExact(ACCESSOR_0.invokeExact(value), d1, d2);
 *     }
 *
 * FIELD_n, ACCESSOR_n and CONSTRUCTOR are dynamic constants taken from the hidden class's data. The JIT
 * sees through them: the method handles become field loads, and the trees of codecs, whose final
 * fields it trusts, are inlined. Primitives are never boxed.
 *
 * The class sits in this package and reaches the record through method handles. Defining it as a nest
 * mate of the record would need this package's classes to be public, and visible to the record's class
 * loader. Being hidden, it goes when its codec goes, and keeps no class loader alive.
 *
 * 'component' costs nothing: it lives in a dead local that only an exception brings to life.
 */

/** Defines the class of a {@link RecordCodec}. */
final class RecordCodecClass {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final ClassDesc CODEC = desc(RecordCodec.class);
  private static final ClassDesc SHAPE = desc(RecordShape.class);
  private static final ClassDesc WRITER = desc(MessageWriter.class);
  private static final ClassDesc READER = desc(MessageReader.class);
  private static final ClassDesc ADMISSION = desc(Admission.class);
  private static final ClassDesc REFUSAL = desc(Refusal.class);
  private static final ClassDesc HANDLE = desc(MethodHandle.class);
  private static final ClassDesc FAILURE = desc(RuntimeException.class);

  /** No local: slot 0 holds the codec itself. */
  private static final int NO_VALUE = 0;

  private final RecordShape shape;
  private final RecordComponent[] components;
  private final ClassDesc self;

  private RecordCodecClass(RecordShape shape) {
    this.shape = shape;
    this.components = shape.type().getRecordComponents();
    // Seen in stack traces and profiles only; a hidden class's name need not be unique.
    this.self =
        ClassDesc.of(
            RecordCodec.class.getName() + "$" + shape.type().getSimpleName().replaceAll("\\W", "_"));
  }

  /**
   * Makes the codec of a record.
   *
   * @throws Refusal if the record's module does not let its components be read
   */
  static RecordCodec define(RecordShape shape) {
    return new RecordCodecClass(shape).define();
  }

  private RecordCodec define() {
    List<Object> data = handles();
    data.addAll(shape.fields());
    byte[] bytes = ClassFile.of().build(self, this::members);
    try {
      MethodHandles.Lookup defined = LOOKUP.defineHiddenClassWithClassData(bytes, data, true);
      return (RecordCodec)
          defined
              .findConstructor(
                  defined.lookupClass(), MethodType.methodType(void.class, RecordShape.class))
              .invoke(shape);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("the class was made for this lookup, with this constructor", e);
    }
  }

  /** The accessors in order, then the canonical constructor, their references erased to objects. */
  private List<Object> handles() {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Class<?>[] erased =
        Arrays.stream(components).map(RecordCodecClass::stackClass).toArray(Class<?>[]::new);
    List<Object> handles = new ArrayList<>();
    try {
      for (int i = 0; i < components.length; i++) {
        Method accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        handles.add(
            LOOKUP.unreflect(accessor).asType(MethodType.methodType(erased[i], Object.class)));
      }
      Constructor<?> constructor = shape.type().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      handles.add(
          LOOKUP
              .unreflectConstructor(constructor)
              .asType(MethodType.methodType(Object.class, erased)));
      return handles;
    } catch (InaccessibleObjectException | IllegalAccessException e) {
      throw new Refusal(
          "the components of %s cannot be read; its module %s must open the package %s"
              .formatted(
                  shape.type().getName(),
                  shape.type().getModule().getName(),
                  shape.type().getPackageName()),
          e);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          "%s has %d components, more than a method handle takes; group some of them in records"
              .formatted(shape.type().getName(), components.length),
          e);
    } catch (NoSuchMethodException e) {
      throw new LinkageError("every record has its canonical constructor", e);
    }
  }

  private void members(ClassBuilder members) {
    members
        .withFlags(AccessFlag.FINAL)
        .withSuperclass(CODEC)
        .withMethodBody(
            ConstantDescs.INIT_NAME, MethodTypeDesc.of(CD_void, SHAPE), 0, this::constructor)
        .withMethodBody(
            "write", MethodTypeDesc.of(CD_void, WRITER, CD_Object), ClassFile.ACC_PUBLIC, this::write)
        .withMethodBody(
            "read", MethodTypeDesc.of(CD_Object, READER), ClassFile.ACC_PUBLIC, this::read)
        .withMethodBody(
            "admit",
            MethodTypeDesc.of(CD_Object, CD_Object, ADMISSION),
            ClassFile.ACC_PUBLIC,
            this::admit)
        .withMethodBody(
            "weight", MethodTypeDesc.of(CD_int, CD_Object), ClassFile.ACC_PUBLIC, this::weight);
  }

  private void constructor(CodeBuilder code) {
    code.aload(0)
        .aload(code.parameterSlot(0))
        .invokespecial(CODEC, ConstantDescs.INIT_NAME, MethodTypeDesc.of(CD_void, SHAPE))
        .return_();
  }

  private void write(CodeBuilder code) {
    int out = code.parameterSlot(0);
    int value = code.parameterSlot(1);
    guarded(
        code,
        value,
        component -> {
          expectIfEmpty(code, value);
          for (int i = components.length - 1; i >= 0; i--) {
            code.loadConstant(i).istore(component);
            if (components[i].getType().isPrimitive()) {
              PlainField field = (PlainField) shape.fields().get(i);
              code.aload(out).loadConstant(field.tag());
              access(code, value, i);
              code.invokevirtual(
                  WRITER, writerMethod(i), MethodTypeDesc.of(CD_void, CD_int, wideType(i)));
            } else {
              field(code, i).aload(out);
              access(code, value, i);
              onField(code, i, "write", MethodTypeDesc.of(CD_void, WRITER, CD_Object));
            }
          }
          code.return_();
        });
  }

  private void read(CodeBuilder code) {
    int in = code.parameterSlot(0);
    int tag = code.allocateLocal(TypeKind.INT);
    int[] locals = new int[components.length];
    for (int i = 0; i < components.length; i++) {
      locals[i] = code.allocateLocal(kind(i));
      zero(code, kind(i));
      code.storeLocal(kind(i), locals[i]);
    }
    guarded(
        code,
        NO_VALUE,
        component -> {
          Label next = code.newBoundLabel();
          Label done = code.newLabel();
          Label unknown = code.newLabel();
          List<SwitchCase> cases = new ArrayList<>();
          cases.add(SwitchCase.of(0, done));
          List<Label> starts = new ArrayList<>();
          for (FieldCodec field : shape.fields()) {
            Label start = code.newLabel();
            starts.add(start);
            for (int accepted : field.tags()) {
              cases.add(SwitchCase.of(accepted, start));
            }
          }
          code.loadConstant(-1).istore(component);
          code.aload(in).invokevirtual(READER, "tag", MethodTypeDesc.of(CD_int)).istore(tag);
          code.iload(tag).lookupswitch(unknown, cases);
          for (int i = 0; i < components.length; i++) {
            code.labelBinding(starts.get(i)).loadConstant(i).istore(component);
            readComponent(code, i, in, tag, locals[i]);
            code.storeLocal(kind(i), locals[i]).goto_(next);
          }
          code.labelBinding(unknown)
              .aload(in)
              .iload(tag)
              .invokevirtual(READER, "skip", MethodTypeDesc.of(CD_void, CD_int))
              .goto_(next);
          code.labelBinding(done);
          for (int i = 0; i < components.length; i++) {
            if (!components[i].getType().isPrimitive()) {
              code.loadConstant(i).istore(component);
              field(code, i).aload(locals[i]);
              onField(code, i, "finish", MethodTypeDesc.of(CD_Object, CD_Object));
              code.astore(locals[i]);
            }
          }
          construct(code, component, i -> code.loadLocal(kind(i), locals[i]));
        });
  }

  private void readComponent(CodeBuilder code, int i, int in, int tag, int local) {
    if (components[i].getType().isPrimitive()) {
      code.aload(in).invokevirtual(READER, readerMethod(i), MethodTypeDesc.of(wideType(i)));
    } else {
      field(code, i).aload(in).iload(tag).aload(local);
      onField(code, i, "read", MethodTypeDesc.of(CD_Object, READER, CD_int, CD_Object));
    }
  }

  private void admit(CodeBuilder code) {
    int value = code.parameterSlot(0);
    int admission = code.parameterSlot(1);
    int[] locals = new int[components.length];
    int changed = code.allocateLocal(TypeKind.INT);
    code.loadConstant(0).istore(changed);
    guarded(
        code,
        value,
        component -> {
          expectIfEmpty(code, value);
          code.aload(admission)
              .loadConstant(mostBytesOfItsOwn())
              .invokevirtual(ADMISSION, "adds", MethodTypeDesc.of(CD_void, CD_long));
          for (int i = 0; i < components.length; i++) {
            if (!components[i].getType().isPrimitive()) {
              code.loadConstant(i).istore(component);
              int before = code.allocateLocal(TypeKind.REFERENCE);
              locals[i] = code.allocateLocal(TypeKind.REFERENCE);
              access(code, value, i);
              code.astore(before);
              field(code, i).aload(before).aload(admission);
              onField(code, i, "admit", MethodTypeDesc.of(CD_Object, CD_Object, ADMISSION));
              code.astore(locals[i]);
              Label same = code.newLabel();
              code.aload(before).aload(locals[i]).if_acmpeq(same);
              code.loadConstant(1).istore(changed).labelBinding(same);
            }
          }
          Label copy = code.newLabel();
          code.iload(changed).ifne(copy).aload(value).areturn().labelBinding(copy);
          construct(
              code,
              component,
              i -> {
                if (components[i].getType().isPrimitive()) {
                  access(code, value, i);
                } else {
                  code.aload(locals[i]);
                }
              });
        });
  }

  /** Of tags and primitive components; the others count themselves. */
  private long mostBytesOfItsOwn() {
    long most = (long) FieldCodec.MOST_TAG * components.length;
    for (int i = 0; i < components.length; i++) {
      most += components[i].getType().isPrimitive() ? scalar(i).mostBytes() : 0;
    }
    return most;
  }

  private void weight(CodeBuilder code) {
    int value = code.parameterSlot(0);
    code.loadConstant(0);
    for (int i = 0; i < components.length; i++) {
      if (!components[i].getType().isPrimitive()) {
        field(code, i);
        access(code, value, i);
        onField(code, i, "weight", MethodTypeDesc.of(CD_int, CD_Object));
        code.i2l()
            .invokestatic(
                desc(FieldCodec.class), "plus", MethodTypeDesc.of(CD_int, CD_int, CD_long), true);
      }
    }
    code.ireturn();
  }

  /** Code whose exceptions are told to {@link RecordCodec}, with a local for the component. */
  private void guarded(CodeBuilder code, int value, Consumer<Integer> body) {
    int component = code.allocateLocal(TypeKind.INT);
    code.loadConstant(-1).istore(component);
    Label start = code.newBoundLabel();
    body.accept(component);
    Label end = code.newBoundLabel();
    int failure = code.allocateLocal(TypeKind.REFERENCE);
    code.exceptionCatch(start, end, end, FAILURE)
        .astore(failure)
        .aload(0)
        .aload(failure)
        .iload(component);
    if (value == NO_VALUE) {
      code.invokevirtual(CODEC, "unreadable", MethodTypeDesc.of(REFUSAL, FAILURE, CD_int));
    } else {
      code.aload(value)
          .invokevirtual(CODEC, "refused", MethodTypeDesc.of(REFUSAL, FAILURE, CD_int, CD_Object));
    }
    code.athrow();
  }

  /** Accessors refuse other classes; a record without components has none. */
  private void expectIfEmpty(CodeBuilder code, int value) {
    if (components.length == 0) {
      code.aload(0).aload(value).invokevirtual(CODEC, "expect", MethodTypeDesc.of(CD_void, CD_Object));
    }
  }

  /** The value of a component, on the stack. */
  private void access(CodeBuilder code, int value, int i) {
    constant(code, i, HANDLE)
        .aload(value)
        .invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(stackType(i), CD_Object));
  }

  /** A new record of the components that {@code load} puts on the stack. */
  private void construct(CodeBuilder code, int component, Consumer<Integer> load) {
    code.loadConstant(components.length).istore(component);
    constant(code, components.length, HANDLE);
    ClassDesc[] types = new ClassDesc[components.length];
    for (int i = 0; i < components.length; i++) {
      load.accept(i);
      types[i] = stackType(i);
    }
    code.invokevirtual(HANDLE, "invokeExact", MethodTypeDesc.of(CD_Object, types)).areturn();
  }

  private CodeBuilder field(CodeBuilder code, int i) {
    return constant(code, components.length + 1 + i, fieldType(i));
  }

  private void onField(CodeBuilder code, int i, String method, MethodTypeDesc type) {
    code.invokevirtual(fieldType(i), method, type);
  }

  private ClassDesc fieldType(int i) {
    return desc(shape.fields().get(i).getClass());
  }

  private static CodeBuilder constant(CodeBuilder code, int index, ClassDesc type) {
    return code.loadConstant(
        DynamicConstantDesc.ofNamed(
            ConstantDescs.ofConstantBootstrap(
                desc(MethodHandles.class), "classDataAt", CD_Object, CD_int),
            ConstantDescs.DEFAULT_NAME,
            type,
            index));
  }

  private static void zero(CodeBuilder code, TypeKind kind) {
    switch (kind) {
      case LONG -> code.lconst_0();
      case DOUBLE -> code.dconst_0();
      case FLOAT -> code.fconst_0();
      case REFERENCE -> code.aconst_null();
      default -> code.iconst_0();
    }
  }

  private TypeKind kind(int i) {
    return TypeKind.from(stackType(i)).asLoadable();
  }

  private ClassDesc stackType(int i) {
    return desc(stackClass(components[i]));
  }

  private static Class<?> stackClass(RecordComponent component) {
    return component.getType().isPrimitive() ? component.getType() : Object.class;
  }

  private Scalar scalar(int i) {
    return (Scalar) ((PlainField) shape.fields().get(i)).value();
  }

  /** What reader and writer take: they know no short, byte and char. */
  private ClassDesc wideType(int i) {
    return switch (scalar(i)) {
      case LONG -> CD_long;
      case DOUBLE -> CD_double;
      case FLOAT -> CD_float;
      case BOOLEAN -> CD_boolean;
      default -> CD_int;
    };
  }

  private String writerMethod(int i) {
    return switch (scalar(i)) {
      case LONG -> "longField";
      case DOUBLE -> "doubleField";
      case FLOAT -> "floatField";
      case BOOLEAN -> "booleanField";
      default -> "intField";
    };
  }

  private String readerMethod(int i) {
    return switch (scalar(i)) {
      case LONG -> "int64";
      case INT -> "int32";
      case SHORT -> "int16";
      case BYTE -> "int8";
      case CHAR -> "char16";
      case BOOLEAN -> "bool";
      case DOUBLE -> "float64";
      case FLOAT -> "float32";
      default -> throw new AssertionError(scalar(i) + " is not primitive");
    };
  }

  private static ClassDesc desc(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }
}
