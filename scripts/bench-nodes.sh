#!/usr/bin/env bash
#
# Measures messages between two JVMs on the loopback interface beside bare sockets, RSocket, Vert.x's
# clustered event bus, gRPC-java and Pekko Artery, for docs/performance.md: in each round all of them in
# turn, in new JVMs. Prints medians and quartiles, and the ratios with their bars. A round takes about a
# minute and a half; other work on the machine spoils the figures.
#
# Usage: scripts/bench-nodes.sh [ROUNDS [CONTESTANT...]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" -cp "$class_path" io.places.remote.RemoteBenchmarks "$@"
