package io.places.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets an {@link Rpc} method, one that only reads, run beside others that are concurrent, in a thread of its
 * own. It never runs beside a call that is not: so it sees the state as that one left it, without locks, and
 * must not wait for what another call of its server is to do.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Concurrent {}
