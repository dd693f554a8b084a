/**
 * A bank as an RPC server that loses nothing when it is killed: it writes what it has done into a journal
 * before it answers, and each new life reads that first.
 *
 * <p>Start reading at {@link Bank}; {@link BankUnderFire} kills it while clients transfer money.
 */
@NullMarked
package io.places.examples.bank;

import org.jspecify.annotations.NullMarked;
