package io.places.rmpi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * futex_waitv sleeps while each of several words of shared memory has its value, from Linux 5.16 on; futex wakes
 * who sleeps on one. Both are called by number, as the C library has no functions for them.
 */
/**
 * What Linux has and Java has not. There only if native access is granted to this module ({@code
 * --enable-native-access}), as Java otherwise complains to the user; nothing depends on it but speed.
 */
final class Natives {
  /** Where the values, addresses and flags of a word to sleep on are, in the order of the kernel. */
  static final StructLayout WAITER =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_LONG.withName("value"),
          ValueLayout.JAVA_LONG.withName("address"),
          ValueLayout.JAVA_INT.withName("flags"),
          ValueLayout.JAVA_INT.withName("reserved"));

  /** A word of 32 bits that processes share. */
  static final int SHARED_WORD = 2;

  /** The kernel's bound. */
  static final int MOST_WAITERS = 128;

  private static final long FUTEX_WAITV = 449;
  private static final long FUTEX_WAKE = 1;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int TRY_AGAIN = 11;
  private static final Map<String, Long> FUTEX = Map.of("amd64", 202L, "aarch64", 98L);
  private static final @Nullable Natives INSTANCE = find();

  private final MethodHandle system;
  private final MethodHandle time;
  private final long futex;

  @SuppressWarnings("restricted") // asked for by find
  private Natives(Linker linker, long futex) {
    SymbolLookup names = linker.defaultLookup();
    ValueLayout.OfLong number = ValueLayout.JAVA_LONG;
    this.futex = futex;
    system =
        linker.downcallHandle(
            names.find("syscall").orElseThrow(),
            FunctionDescriptor.of(
                number, number, number, number, number, number, number, number),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    time =
        linker.downcallHandle(
            names.find("clock_gettime").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /** Null where native access is not granted, or the system is another. */
  static @Nullable Natives get() {
    return INSTANCE;
  }

  private static @Nullable Natives find() {
    Long futex = FUTEX.get(System.getProperty("os.arch"));
    if (!Natives.class.getModule().isNativeAccessEnabled()
        || !System.getProperty("os.name").equals("Linux")
        || futex == null) {
      return null;
    }
    Natives natives = new Natives(Linker.nativeLinker(), futex);
    return natives.canSleep() ? natives : null;
  }

  /** On a word that has another value than is awaited, the call returns at once. */
  private boolean canSleep() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment waiter = arena.allocate(WAITER);
      waiter(waiter, 0, 1, word.address());
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      VarHandle error =
          Linker.Option.captureStateLayout()
              .varHandle(MemoryLayout.PathElement.groupElement("errno"));
      return call(state, FUTEX_WAITV, waiter.address(), 1, 0, 0, CLOCK_MONOTONIC, 0) == -1
          && (int) error.get(state, 0L) == TRY_AGAIN;
    }
  }

  /** Writes that word {@code index} is to be slept on. */
  static void waiter(MemorySegment waiters, int index, int value, long address) {
    long at = index * WAITER.byteSize();
    waiters.set(ValueLayout.JAVA_LONG, at, value);
    waiters.set(ValueLayout.JAVA_LONG, at + Long.BYTES, address);
    waiters.set(ValueLayout.JAVA_INT, at + 2 * Long.BYTES, SHARED_WORD);
  }

  /**
   * Sleeps until one of the words is woken, has another value than was written for it, or the time is over.
   *
   * @param limit room for a time
   */
  void sleep(MemorySegment state, MemorySegment waiters, int number, MemorySegment limit, long nanos) {
    try {
      int ignored = (int) time.invokeExact(CLOCK_MONOTONIC, limit);
    } catch (Throwable e) {
      throw new LinkageError("clock_gettime", e);
    }
    long second = 1_000_000_000;
    long until = limit.get(ValueLayout.JAVA_LONG, Long.BYTES) + nanos;
    limit.set(ValueLayout.JAVA_LONG, 0, limit.get(ValueLayout.JAVA_LONG, 0) + until / second);
    limit.set(ValueLayout.JAVA_LONG, Long.BYTES, until % second);
    call(state, FUTEX_WAITV, waiters.address(), number, 0, limit.address(), CLOCK_MONOTONIC, 0);
  }

  /** Wakes who sleeps on a word. */
  void wake(MemorySegment word) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          arena.allocate(Linker.Option.captureStateLayout()),
          futex,
          word.address(),
          FUTEX_WAKE,
          Integer.MAX_VALUE,
          0,
          0,
          0);
    }
  }

  private long call(
      MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) system.invokeExact(state, number, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw new LinkageError("syscall", thrown);
    }
  }
}
