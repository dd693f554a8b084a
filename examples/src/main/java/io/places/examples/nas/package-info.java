/**
 * Two of the NAS Parallel Benchmarks (Bailey et al., RNR-94-007), written from their specification: what they
 * compute is known, so they check a message-passing library as well as they measure it.
 */
@NullMarked
package io.places.examples.nas;

import org.jspecify.annotations.NullMarked;
