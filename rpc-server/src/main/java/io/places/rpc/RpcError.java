package io.places.rpc;

/**
 * An error that a call declares in {@link Rpc#errors()} and that reaches the caller as it is: a record
 * whose components say what the caller needs to know.
 *
 * <pre>{@code
 * record InsufficientFunds(String account, long missing) implements RpcError {}
 *
 * @Rpc(errors = InsufficientFunds.class)
 * void withdraw(String account, long cents) {
 *   …
 *   throw new InsufficientFunds(account, cents - balance).exception();
 * }
 * }</pre>
 *
 * <p>The caller catches {@link RpcErrorException} and looks at its {@link RpcErrorException#error}. One that
 * is thrown and that the call does not declare reaches the caller as {@link Status#INTERNAL}.
 */
public interface RpcError {

  /** What to throw for the call to be answered with this. */
  default RpcErrorException exception() {
    return new RpcErrorException(this, toString());
  }
}
