package io.places.place;

import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The address of a body: all of it that ever travels.
 *
 * @param className the binary name of the class
 * @param methodName the static method; empty if the class itself is the body
 */
public record EntryPoint(String className, String methodName) {
  static final String SHARES_NO_MEMORY =
      "a place shares no memory with its creator: use a static method, and pass the value as an argument or a message";

  /** By class of method reference: each has one address, unless it is refused. Reflection is slow. */
  private static final ClassValue<AtomicReference<@Nullable EntryPoint>> KNOWN =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable EntryPoint> computeValue(Class<?> reference) {
          return new AtomicReference<>();
        }
      };

  /** The address of a method reference. */
  static EntryPoint of(Serializable body) {
    AtomicReference<@Nullable EntryPoint> cached =
        KNOWN.get(Objects.requireNonNull(body, "body").getClass());
    EntryPoint known = cached.get();
    if (known == null) {
      known = read(body);
      cached.set(known);
    }
    return known;
  }

  private static EntryPoint read(Serializable body) {
    SerializedLambda reference = reference(body);
    String className = reference.getImplClass().replace('/', '.');
    String method = className + "::" + reference.getImplMethodName();
    boolean lambda = reference.getImplMethodName().startsWith("lambda$");
    if (lambda && reference.getCapturedArgCount() > 0) {
      throw new IllegalArgumentException(
          "a lambda in %s captures %s; %s"
              .formatted(
                  className,
                  Captures.of(reference, body.getClass().getClassLoader()),
                  SHARES_NO_MEMORY));
    }
    if (lambda) {
      throw new IllegalArgumentException(
          "a lambda in %s has no name by which another JVM could find it, and no declared types: use a static method"
              .formatted(className));
    }
    if (reference.getCapturedArgCount() > 0) {
      throw new IllegalArgumentException(
          "%s is bound to an object, a %s; %s"
              .formatted(
                  method, reference.getCapturedArg(0).getClass().getTypeName(), SHARES_NO_MEMORY));
    }
    if (reference.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
      throw new IllegalArgumentException(
          method + " is not static; a place has no object of its creator: make it a static method");
    }
    return new EntryPoint(className, reference.getImplMethodName());
  }

  /** The address of a body class. */
  static EntryPoint of(Class<? extends PlaceBody<?, ?>> body) {
    return new EntryPoint(Objects.requireNonNull(body, "body").getName(), "");
  }

  /*
   * The compiler gives a serializable method reference a method that answers the names we are after.
   * Nothing is serialized.
   */
  private static SerializedLambda reference(Serializable body) {
    try {
      Method writeReplace = body.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      if (writeReplace.invoke(body) instanceof SerializedLambda reference) {
        return reference;
      }
    } catch (NoSuchMethodException e) {
      // an ordinary object: told below
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
      throw new IllegalArgumentException(
          "cannot read which method "
              + body.getClass().getName()
              + " refers to; if its module is named, open it to io.places",
          e);
    }
    Optional<String> captures = Captures.of(body.getClass());
    if (captures.isPresent()) {
      throw new IllegalArgumentException(
          "%s captures %s; %s"
              .formatted(body.getClass().getName(), captures.get(), SHARES_NO_MEMORY));
    }
    throw new IllegalArgumentException(
        "an instance of %s is no address of a body: pass the class, or a reference to a static method"
            .formatted(body.getClass().getName()));
  }

  @Override
  public String toString() {
    return methodName.isEmpty() ? className : className + "::" + methodName;
  }
}
