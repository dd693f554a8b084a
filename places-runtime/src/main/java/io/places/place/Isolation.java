package io.places.place;

/**
 * What separates a place from the others. Messages, channels, exit codes, failures, events, streams and
 * place-local values are the same in all; what may travel is checked the same.
 *
 * <table>
 * <caption>What each guarantees and costs</caption>
 * <tr><th></th><th>static fields</th><th>heap</th><th>messages</th><th>kill</th><th>start</th></tr>
 * <tr><td>{@link #THREAD}</td><td>shared with all THREAD and VIRTUAL places of the JVM</td>
 *     <td>shared; nothing but convention keeps a body from another's objects</td>
 *     <td>immutable ones by reference, others copied</td>
 *     <td>fenced: channel closed, its thread and the platform threads that it has started interrupted;
 *     over when these have ended, which code that ignores interrupts may never do. Virtual threads that
 *     it has started are not known: it must end them itself</td>
 *     <td>a platform thread: some 100 µs</td></tr>
 * <tr><td>{@link #VIRTUAL}</td><td>as THREAD</td><td>as THREAD</td><td>as THREAD</td>
 *     <td>as THREAD, but of no thread that it has started: it must end them itself, best by waiting for
 *     them in a try with resources</td><td>a virtual thread: some 20 µs and 4 KiB. For swarms of places that mostly
 *     wait: all share a carrier thread for each core, and one that computes keeps its carrier</td></tr>
 * <tr><td>{@link #CLASS_LOADER}</td><td>the place's own, for classes of the allowed packages</td>
 *     <td>shared, but no object of those classes ever fits another place's variables</td>
 *     <td>encoded and decoded; shared vectors as they are</td><td>as THREAD</td>
 *     <td>its classes are loaded anew: half a millisecond for a few classes</td></tr>
 * <tr><td>{@link #PROCESS}</td><td>the place's own</td><td>its own, with its own collector; {@link
 *     Spawn#memory} bounds it</td><td>encoded and decoded, through a socket; shared vectors are
 *     refused</td>
 *     <td>ended by force, for certain</td><td>a JVM: some hundred milliseconds on a free machine, and 100 MB</td></tr>
 * </table>
 */
public enum Isolation {
  /** A platform thread of this JVM. The default. */
  THREAD,
  /** A virtual thread of this JVM. */
  VIRTUAL,
  /** A platform thread, with the classes of the allowed packages loaded for this place alone. */
  CLASS_LOADER,
  /** A JVM of its own. */
  PROCESS
}
