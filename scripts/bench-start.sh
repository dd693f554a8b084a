#!/usr/bin/env bash
#
# Measures the start of nodes, for docs/performance.md: one until its first reply, with an AOT cache and
# without, eight beside one, and what eight cost that do nothing. In each round all of them in turn; prints
# medians, least and most. Ten rounds take four minutes; other work on the machine spoils the wall times. With SECONDS, what
# does nothing is measured once, so long after its start: 'scripts/bench-start.sh 0 900' when its code is compiled.
#
# Usage: scripts/bench-start.sh [ROUNDS [SECONDS]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

# As users have it: the library as a jar, the program as a folder.
"$jdk_home/bin/jar" --create --file "$folder/places-runtime.jar" -C "$folder/places-runtime" .
mkdir -p "$folder/classes/io/places" "$folder/caches"
cp -r "$folder/tests/io/places/start" "$folder/classes/io/places"

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
XDG_CACHE_HOME=$folder/caches "$jdk_home/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$folder/classes:$folder/places-runtime.jar:$libraries" \
  io.places.start.NodeStartBenchmarks "${1:-10}" "$folder/caches" "${@:2}"
