package io.places.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type whose values travel as references, and names who makes its message types: so a layer
 * above this one adds a kind of value which records, lists and messages may then hold.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ByReference {
  /** A class with a constructor without arguments. */
  Class<? extends ReferenceTypes> value();
}
