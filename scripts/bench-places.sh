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
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -Pbench -pl places-runtime -am test-compile
./mvnw -q -B -Pbench -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/{classes,test-classes} "$folder" # a build meanwhile does no harm

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version"
for program in io.places.channel.ChannelBenchmarks io.places.start.StartBenchmarks; do
  "$jdk_home/bin/java" --sun-misc-unsafe-memory-access=allow \
    -cp "$folder/test-classes:$folder/classes:$(<"$folder/class-path")" "$program" "${1:-10}"
done
