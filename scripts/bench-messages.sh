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
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -Pbench -pl places-runtime -am test-compile
./mvnw -q -B -Pbench -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/{classes,test-classes} "$folder" # a build meanwhile does no harm

program=io.places.message.MessagePairs
if [[ ${1:-} == jmh ]]; then
  program=io.places.message.MessageBenchmarks
  shift
fi
echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
"$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow \
  -cp "$folder/test-classes:$folder/classes:$(<"$folder/class-path")" "$program" "$@"
