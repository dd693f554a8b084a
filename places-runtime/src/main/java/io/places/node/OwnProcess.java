package io.places.node;

import io.places.InterruptKind;
import io.places.launch.Launch;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceControl;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.Spawn;

/** A place with a process of its own: a node that is launched for it and ends with it. */
final class OwnProcess implements PlaceControl {
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
    RemoteNode process = node.launch(Launch.process());
    try {
      Place<?, ?> started =
          process.start(spawn.isolation(Isolation.THREAD), entry, arguments);
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
