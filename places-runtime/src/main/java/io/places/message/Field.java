package io.places.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fixes the number by which a record component is known on the wire; on a record that a sealed
 * interface permits, its number in the {@code oneof} of that interface.
 *
 * <p>Components without this annotation are numbered in order from 1, so inserting or removing one in
 * the middle renumbers those after it. A program whose peers may be older fixes the numbers and never
 * uses one again for something else.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Field {
  /** From 1 to 536,870,911, except 19,000 to 19,999, which Protocol Buffers keeps for itself. */
  int value();
}
