#!/usr/bin/env bash
#
# Measures how fast messages become bytes and values again, beside the code that protoc generates, for
# docs/performance.md: in each round every benchmark once, in a new JVM. Prints medians and quartiles, and
# the ratios with their bars. A round takes about two minutes; other work on the machine spoils the
# figures.
#
# Usage: scripts/bench-messages.sh [ROUNDS [REGULAR_EXPRESSION]]
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
"$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow \
  -cp "$folder/test-classes:$folder/classes:$(<"$folder/class-path")" io.places.message.MessageBenchmarks "$@"
