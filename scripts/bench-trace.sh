#!/usr/bin/env bash
#
# Measures what the events of Java Flight Recorder cost messages, for docs/performance.md: in each round
# messages within a JVM and between two nodes, without a recording, with one that does not want the
# events, and with one that does, each in a new JVM. Prints medians, quartiles and ratios. A round takes
# about half a minute on a free machine.
#
# Usage: scripts/bench-trace.sh [ROUNDS [REGULAR_EXPRESSION]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow -cp "$class_path" io.places.trace.TraceBenchmarks "$@"
