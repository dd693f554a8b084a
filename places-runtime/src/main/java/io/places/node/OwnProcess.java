package io.places.node;

import io.places.InterruptKind;
import io.places.launch.Launch;
import io.places.launch.Launcher;
import io.places.launch.ProcessLauncher;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceControl;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.Spawn;

/** A place with a process of its own: a node that is launched for it and ends with it. */
final class OwnProcess implements PlaceControl {
  /** The system property by which a JVM knows that it is bounded. */
  private static final String MEMORY = "io.places.memory";

  private static final int OUT_OF_MEMORY = 3;

  private final RemoteNode process;
  private final PlaceHandle<?, ?> place;
  private final PlaceControl remote;

  private OwnProcess(RemoteNode process, PlaceHandle<?, ?> place, PlaceControl remote) {
    this.process = process;
    this.place = place;
    this.remote = remote;
  }

  static PlaceHandle<?, ?> start(
      Node node, Spawn spawn, EntryPoint entry, Object... arguments) {
    if (spawn.name() != null) {
      throw new IllegalArgumentException(
          "a named place has its name on its node, so it cannot have a node of its own: launch a node and start '%s' there"
              .formatted(spawn.name()));
    }
    node.find(entry).checkArguments(arguments); // refuses what cannot be started before a process is
    RemoteNode process = node.launch(launcher(spawn.memory()));
    if (spawn.memory() != 0) {
      process.explainFate(clause -> explained(clause, spawn.memory()));
    }
    try {
      Place<?, ?> started =
          process.start(spawn.isolation(Isolation.THREAD).unbounded(), entry, arguments);
      var handle = (PlaceHandle<?, ?>) started;
      handle.control(new OwnProcess(process, handle, handle.control()));
      handle.whenOver(
          () ->
              node.surroundings()
                  .spawner()
                  .virtual("places-close-" + process.name(), process::close));
      return handle;
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
  }

  private static Launcher launcher(long memory) {
    ProcessLauncher plain = Launch.process();
    return memory == 0
        ? plain
        : plain
            .jvmOption("-Xmx" + memory)
            .jvmOption("-XX:MaxDirectMemorySize=" + memory)
            .jvmOption("-XX:+ExitOnOutOfMemoryError")
            .jvmOption("-D" + MEMORY + "=" + memory);
  }

  /** What a JVM does that has run out of memory and was told to exit then. */
  private static String explained(String clause, long memory) {
    return clause.endsWith("exit code " + OUT_OF_MEMORY)
        ? clause + ", because its bound of %d bytes of memory was not enough".formatted(memory)
        : clause;
  }

  /**
   * Refuses to launch anything from a JVM whose memory is bounded.
   *
   * @throws IllegalStateException if it is
   */
  static void requireUnbounded() {
    Long memory = Long.getLong(MEMORY);
    if (memory != null) {
      throw new IllegalStateException(
          "this place is bounded to %d bytes of memory (Spawn.memory), which a further process would escape; start places of another isolation"
              .formatted(memory));
    }
  }

  @Override
  public void kill() {
    place.killedForCertain();
    process.kill();
    place.ended(PlaceEnd.killed());
  }

  @Override
  public void interrupt(InterruptKind kind) {
    remote.interrupt(kind);
  }
}
