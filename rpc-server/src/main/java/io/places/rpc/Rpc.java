package io.places.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of an {@link RpcServer} a call: clients send the arguments and wait for what it
 * answers. Arguments and result are whatever may be a message; {@code void} answers that it was done.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Rpc {
  /**
   * The name of the call on the wire, if it is not that of the method: a method that is renamed keeps
   * its old name here, and of methods with one name all but one need another.
   */
  String value() default "";

  /** The errors that the call may answer with, besides those that every call has. */
  Class<? extends RpcError>[] errors() default {};
}
