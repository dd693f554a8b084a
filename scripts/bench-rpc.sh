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
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -Pbench -pl rpc-server -am test-compile
./mvnw -q -B -Pbench -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/classes "$folder/runtime" # a build meanwhile does no harm
cp -r rpc-server/target/classes "$folder/rpc"
cp -r rpc-server/target/test-classes "$folder/tests"

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" \
  -cp "$folder/tests:$folder/rpc:$folder/runtime:$(<"$folder/class-path")" \
  io.places.rpc.bench.RpcBenchmarks "$@"
