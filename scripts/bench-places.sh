#!/usr/bin/env bash
#
# Measures channels inside one JVM beside bare queues and Pekko, and the starts of places beside threads
# and actors, for docs/performance.md: in each round every benchmark once, in a new JVM. Prints medians
# and quartiles, and the ratios with their bars. A round takes some three minutes; other work on the
# machine spoils the figures.
#
# Usage: scripts/bench-places.sh [ROUNDS]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
for program in io.places.channel.ChannelBenchmarks io.places.start.StartBenchmarks; do
  "$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow \
    -cp "$class_path" "$program" "${1:-10}"
done
