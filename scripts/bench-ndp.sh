#!/usr/bin/env bash
#
# Measures sorts, in one process and in two, and segmented sums beside the JDK's, a fork-join quicksort and, if there
# is a g++, std::sort, for docs/performance.md: in each round all of them in turn. A round takes some 40 s of two cores,
# after three short ones of half that, and 6 GB of memory. Other work on the machine spoils the figures.
#
# Usage: scripts/bench-ndp.sh [ROUNDS]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -Pbench -pl ndp -am test-compile
./mvnw -q -B -Pbench -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/classes "$folder/runtime" # a build meanwhile does no harm
cp -r ndp/target/classes "$folder/ndp"
cp -r ndp/target/test-classes "$folder/tests"
std_sort=-
if command -v g++ >/dev/null; then
  std_sort=$folder/std_sort
  g++ -O3 -march=native -Wall -o "$std_sort" ndp/src/jmh/cpp/std_sort.cpp
fi

cores=$(getconf _NPROCESSORS_ONLN)
echo "$(uname -m), $cores cores, JDK $jdk_version"
"$jdk_home/bin/java" -Xmx6g -Djava.util.concurrent.ForkJoinPool.common.parallelism="$cores" \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$folder/tests:$folder/ndp:$folder/runtime:$(<"$folder/class-path")" \
  io.places.ndp.bench.NdpBenchmarks "${1:-10}" "$std_sort"
