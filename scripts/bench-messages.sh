#!/usr/bin/env bash
#
# Measures how fast messages become bytes and values again, beside the code that protoc generates, for
# docs/performance.md.
#
# Usage: scripts/bench-messages.sh [ROUNDS]
#          pairs that take turns in one thread, in processor time: also for a machine that is not quiet;
#          about two minutes a round
#        scripts/bench-messages.sh jmh [ROUNDS [REGULAR_EXPRESSION]]
#          the same and some more by JMH, in wall time: for a quiet machine
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench places-runtime

program=io.places.message.MessagePairs
if [[ ${1:-} == jmh ]]; then
  program=io.places.message.MessageBenchmarks
  shift
fi
echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow -cp "$class_path" "$program" "$@"
