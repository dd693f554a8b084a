package io.places.supervise;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one life of something supervised ended.
 *
 * @param epoch which life, 1 for the first
 * @param lived how long; zero if it could not be started
 * @param failed whether it ended in another way than by itself with exit code 0
 * @param how as a sentence, with the node and the place
 * @param cause what made it end, if that is known
 */
public record Ending(
    long epoch, Duration lived, boolean failed, String how, @Nullable Throwable cause) {}
