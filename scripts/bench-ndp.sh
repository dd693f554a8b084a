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
source scripts/build-tests.sh
build_tests -Pbench ndp places-runtime

std_sort=-
if command -v g++ >/dev/null; then
  std_sort=$folder/std_sort
  g++ -O3 -march=native -Wall -o "$std_sort" ndp/src/jmh/cpp/std_sort.cpp
fi

cores=$(getconf _NPROCESSORS_ONLN)
echo "$(uname -m), $cores cores, JDK $jdk_version"
"$jdk_home/bin/java" -Xmx6g -Djava.util.concurrent.ForkJoinPool.common.parallelism="$cores" \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$class_path" io.places.ndp.bench.NdpBenchmarks "${1:-10}" "$std_sort"
