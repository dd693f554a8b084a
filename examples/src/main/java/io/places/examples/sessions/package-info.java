/** Sessions of users out of a log, by secondary sort. Start reading at {@link LogSessions}. */
@NullMarked
package io.places.examples.sessions;

import org.jspecify.annotations.NullMarked;
