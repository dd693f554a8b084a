package io.places.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a server: a place whose state is the fields of this class, whose calls are its {@link Rpc}
 * methods, and whose one-way casts are its {@link Cast} methods.
 *
 * <pre>{@code
 * @RpcServer("tuple-server")
 * public class TupleServer {
 *   private final Map<String, String> tuples = new HashMap<>();
 *
 *   @Rpc String set(String key, String value) { tuples.put(key, value); return value; }
 *   @Rpc Optional<String> get(String key) { return Optional.ofNullable(tuples.get(key)); }
 *   @Cast void hello() { System.out.println("Hello from define-cast"); }
 * }
 * }</pre>
 *
 * <p>The annotation processor of module {@code rpc-processor} writes what else there is to it: a client
 * {@code TupleServerClient}, the place body that dispatches, and the file {@code tuple_server.proto},
 * which belongs beside the source and fixes the numbers on the wire.
 *
 * <p>One instance of the class serves all clients. Its calls and casts run one after the other, so its
 * fields need no locks; {@link Concurrent} calls run beside each other, never beside the rest. Which thread
 * runs a call is not said. The class needs one constructor that is not private, without parameters or with
 * those that the server is started with.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface RpcServer {
  /**
   * The name under which clients find the server on its node, of small letters, digits and hyphens;
   * without one the name of the class, {@code tuple-server} for {@code TupleServer}.
   */
  String value() default "";

  /**
   * Interceptors of the server, which see each call in this order: classes with a constructor without
   * parameters. Each life of the server has its own instances.
   */
  Class<? extends Interceptor>[] interceptors() default {};
}
