/**
 * How a node's process comes up. {@link Launch} offers the launchers; {@link Launcher} is the SPI for
 * others. Knows nothing of what a node is: it starts a main class, hands it its configuration and waits
 * until it says on which port it listens. {@link Hosts} says how many nodes come up where.
 *
 * <p>Start reading at {@link ProcessLauncher}; for other machines, at {@link SshLauncher} and its {@code
 * SshSession}, beside which lies the script that is run there.
 */
@NullMarked
package io.places.launch;

import org.jspecify.annotations.NullMarked;
