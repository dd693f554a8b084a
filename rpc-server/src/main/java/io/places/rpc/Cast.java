package io.places.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a {@code void} method of an {@link RpcServer} a cast: clients send the arguments and go on. A
 * cast runs at most once; whether it ran, and whether it failed, nobody tells.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Cast {
  /** The name of the cast on the wire, if it is not that of the method. */
  String value() default "";
}
