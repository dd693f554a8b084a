package io.places.place;

/**
 * What separates a place from the others. Messages, channels, exit codes, failures and events are the
 * same in all; what may travel is checked the same.
 *
 * <table>
 * <caption>What each guarantees and costs</caption>
 * <tr><th></th><th>static fields</th><th>heap</th><th>messages</th><th>kill</th><th>start</th></tr>
 * <tr><td>{@link #THREAD}</td><td>shared with all THREAD and VIRTUAL places of the JVM</td>
 *     <td>shared; nothing but convention keeps a body from another's objects</td>
 *     <td>immutable ones by reference, others copied</td>
 *     <td>fenced: channel closed, threads interrupted; code that ignores that runs on</td>
 *     <td>a platform thread, some 50 µs</td></tr>
 * <tr><td>{@link #VIRTUAL}</td><td>as THREAD</td><td>as THREAD</td><td>as THREAD</td>
 *     <td>as THREAD</td><td>a virtual thread, some µs and 2 KiB: for swarms of places that mostly wait
 *     </td></tr>
 * <tr><td>{@link #CLASS_LOADER}</td><td>the place's own, for classes of the allowed packages</td>
 *     <td>shared, but no object of those classes ever fits another place's variables</td>
 *     <td>encoded and decoded</td><td>as THREAD</td><td>its classes are loaded anew: milliseconds</td>
 *     </tr>
 * <tr><td>{@link #PROCESS}</td><td>the place's own</td><td>its own, with its own collector</td>
 *     <td>encoded, through a socket</td><td>ended by force, for certain</td>
 *     <td>a JVM: some hundred milliseconds and 40 MB</td></tr>
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
