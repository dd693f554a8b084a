package io.places.rmpi;

/**
 * As {@link RmpiProgram}, with a result.
 *
 * @param <T> any message type
 */
public interface RmpiFunction<T> {
  T call(Comm comm, String[] arguments) throws Exception;
}
