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
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -Pbench -pl places-runtime -am test-compile
./mvnw -q -B -Pbench -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/{classes,test-classes} "$folder" # a build meanwhile does no harm

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" -cp "$folder/test-classes:$folder/classes:$(<"$folder/class-path")" \
  io.places.remote.RemoteBenchmarks "$@"
