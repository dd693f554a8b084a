#!/usr/bin/env bash
#
# Measures messages between two JVMs on the loopback interface beside bare sockets, RSocket, Vert.x's
# clustered event bus, gRPC-java and Pekko Artery, for docs/performance.md: in each round all of them in
# turn, in new JVMs. Prints medians and quartiles, and the ratios with their bars. A round takes about a
# minute and a half; other work on the machine spoils the figures. With 'beside' it measures round trips beside
# messages of 64 MiB instead, a round in 15 s.
#
# Usage: scripts/bench-nodes.sh [beside] [ROUNDS [CONTESTANT...]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

program=io.places.remote.RemoteBenchmarks
if [[ ${1:-} == beside ]]; then
  program=io.places.remote.BesideBenchmarks
  shift
fi
echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" -cp "$class_path" "$program" "$@"
