#!/usr/bin/env bash
#
# Measures blocking calls beside gRPC-java, Vert.x's clustered event bus and RSocket, between two JVMs on
# the loopback interface, and beside Pekko's ask in one JVM, for docs/performance.md: in each round all of
# them in turn, in new JVMs. Prints medians with p50, p99 and p99.9, and the ratios with their bars. A round
# takes about two minutes; other work on the machine spoils the figures.
#
# Usage: scripts/bench-rpc.sh [ROUNDS [PEER...]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench rpc-server places-runtime

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" -cp "$class_path" io.places.rpc.bench.RpcBenchmarks "$@"
