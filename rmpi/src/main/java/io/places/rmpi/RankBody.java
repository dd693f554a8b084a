package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import io.places.node.Node;
import io.places.place.PlaceExit;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The place that a rank is. */
final class RankBody {
  /** A rank of a job in this JVM. */
  private record Id(UUID job, int rank) {}

  private static final Map<Id, World> HERE = new ConcurrentHashMap<>();

  private RankBody() {}

  static void run(PlaceChannel<RankNews, RankOrder> launcher, RankStart start) throws Exception {
    try {
      runProgram(launcher, start);
    } catch (PlaceExit exit) {
      throw exit;
    } catch (Throwable e) {
      System.err.close(); // for this place alone; the job prints the stack of the rank that failed first
      throw e;
    }
  }

  private static void runProgram(PlaceChannel<RankNews, RankOrder> launcher, RankStart start)
      throws Exception {
    Thread.currentThread().setName("rmpi-rank-" + start.rank());
    Node node = Node.current();
    Object program = instance(node, start.program());
    World world = new World(node.surroundings(), start.rank(), start.size(), start.stats());
    Id id = new Id(start.job(), start.rank());
    HERE.put(id, world);
    try {
      launcher.put(new RankNews.Ready());
      link(launcher, start, world);
      node.surroundings().spawner().virtual("rmpi-launcher", () -> obey(launcher, world));
      execute(launcher, start, program, world);
    } finally {
      HERE.remove(id);
      world.over();
    }
  }

  private static Object instance(Node node, String className) {
    try {
      Constructor<?> constructor = node.allowed().load(className).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new RmpiException(
          "the constructor of %s failed: %s".formatted(className, e.getCause()), e.getCause());
    } catch (InstantiationException e) {
      throw new RmpiException(className + " cannot be made: it is abstract", e);
    } catch (NoSuchMethodException e) {
      throw new RmpiException(
          className
              + " cannot be made: it has no constructor without parameters, as a class inside of another that is not"
              + " static, an interface and an enum have none",
          e);
    } catch (ReflectiveOperationException e) {
      throw new RmpiException("%s cannot be made: %s".formatted(className, e), e);
    }
  }

  private static void link(
      PlaceChannel<RankNews, RankOrder> launcher, RankStart start, World world) {
    Node node = Node.current();
    var connections =
        new Connections(
            world,
            start.link(),
            start.limit(),
            node.address().getAddress(),
            PairMemory::create,
            warning -> node.log(System.Logger.Level.WARNING, warning));
    while (true) {
      switch (launcher.get()) {
        case RankOrder.Connect(int peer, PlaceChannel<Frame, Frame> end) ->
            connections.add(peer, end);
        case RankOrder.Neighbours(List<Integer> ranks) -> {
          for (int peer : ranks) {
            World other = HERE.get(new Id(start.job(), peer));
            if (other == null) {
              throw new RmpiException("rank %d has ended before it began".formatted(peer));
            }
            world.linkTo(peer, new LocalLink(start.rank(), other));
          }
          world.remoteLinks(connections.make());
          launcher.put(new RankNews.Linked());
        }
        case RankOrder.Begin() -> {
          return;
        }
        case RankOrder.Inspect() -> throw new RmpiException("asked before the start");
        case RankOrder.Fail(Link.Failure failure) -> throw failure.exception();
      }
    }
  }

  private static void obey(PlaceChannel<RankNews, RankOrder> launcher, World world) {
    try {
      for (RankOrder order : launcher.messages()) {
        switch (order) {
          case RankOrder.Fail(Link.Failure failure) -> world.failedElsewhere(failure);
          case RankOrder.Inspect() -> launcher.put(world.state());
          default -> throw new RmpiException("%s comes after the start".formatted(order));
        }
      }
    } catch (PlacesException e) {
      world.failedElsewhere(
          new Link.Failure(
              Link.Failure.Kind.RANK_FAILED, "the launcher of the job is lost: " + e.getMessage()));
    } catch (RuntimeException | Error e) { // such as too little memory; unheard, nobody could end the rank any more
      world.fail(new RmpiException("rank %d cannot obey its launcher: %s".formatted(world.rank(), e), e));
    }
  }

  private static void execute(
      PlaceChannel<RankNews, RankOrder> launcher, RankStart start, Object program, World world)
      throws Exception {
    Comm comm = Comm.ofAll(world);
    String[] arguments = start.arguments().toArray(String[]::new);
    RankNews.@Nullable Result result = null;
    try {
      switch (program) {
        case RmpiProgram plain -> plain.run(comm, arguments);
        case RmpiFunction<?> function -> result = result(start, function.call(comm, arguments));
        default ->
            throw new RmpiException(
                "%s is neither an RmpiProgram nor an RmpiFunction".formatted(start.program()));
      }
    } catch (PlaceExit exit) {
      if (exit.code() != 0) {
        boolean isFirst = !world.hasFailedElsewhere();
        world.fail(
            new RankFailedException(
                "rank %d has ended with exit code %d".formatted(start.rank(), exit.code())));
        tellEnd(launcher, world, isFirst);
        throw exit;
      }
    } catch (Throwable e) {
      boolean isFirst = !world.hasFailedElsewhere();
      world.fail(
          e instanceof RmpiException own
              ? own
              : new RankFailedException("rank %d has failed: %s".formatted(start.rank(), e)));
      tellEnd(launcher, world, isFirst);
      throw e;
    }
    world.end();
    launcher.put(world.calls());
    Tally tally = world.tally();
    if (tally != null && start.stats()) {
      launcher.put(new RankNews.Stats(tally.rows()));
    }
    if (result != null) {
      launcher.put(result); // last: nobody gets it before the rank is over, and it may use up all credit
    }
  }

  /** It may have failed because another rank has called something else, or has failed, whatever it throws then. */
  private static void tellEnd(PlaceChannel<RankNews, RankOrder> launcher, World world, boolean isFirst) {
    try {
      launcher.offer(world.calls());
      if (!isFirst) {
        launcher.offer(new RankNews.FailedWithOthers());
      }
    } catch (PlacesException e) {
      // Nobody is there to be told.
    }
  }

  private static RankNews.Result result(RankStart start, @Nullable Object value) {
    if (value == null) {
      throw new RmpiException(
          "%s has given null on rank %d: null is no result; an RmpiProgram gives none"
              .formatted(start.program(), start.rank()));
    }
    Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    return encoded(MessageType.of(type), value);
  }

  private static <T> RankNews.Result encoded(MessageType<T> type, Object value) {
    return new RankNews.Result(type.name(), type.encode(type.check(value)));
  }
}
