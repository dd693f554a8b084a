/**
 * What the runtime does, as events of JDK Flight Recorder: places that start and end, messages that are
 * put and got, connections that come and go.
 *
 * <p>All are off unless a recording asks for them, for instance by a settings file or
 * {@code jcmd PID JFR.start io.places.MessagePut#enabled=true}; an event that is off costs a check that
 * the JIT compiler removes.
 */
@NullMarked
package io.places.trace;

import org.jspecify.annotations.NullMarked;
