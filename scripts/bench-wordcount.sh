#!/usr/bin/env bash
#
# Measures what docs/performance.md says of the commands: './places hello' with two nodes, and the word
# count of the JDK's own sources on one and two nodes beside the single-threaded Reference, all in one
# run, the programs taking turns. Prints the median, least and most of the wall time of each.
#
# Usage: scripts/bench-wordcount.sh [ROUNDS]
set -euo pipefail

rounds=${1:-10}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

./places --version >/dev/null # builds what is missing
app=target/places/app
class_path=$(sed "s|^|$PWD/$app/lib/|" "$app/classpath" | paste -sd:)
sources=$jdk_home/lib/src.zip
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# Runs a command and notes its wall time in milliseconds under a name.
measure() {
  local name=$1 start end
  shift
  start=$(date +%s%N)
  "$@" >/dev/null 2>&1
  end=$(date +%s%N)
  echo $(((end - start) / 1000000)) >>"$times/$name"
}

for ((round = 1; round <= rounds; round++)); do
  measure 'hello, 2 nodes' ./places hello --nodes 2
  measure 'reference, 1 thread' "$jdk_home/bin/java" -cp "$class_path" \
    io.places.examples.wordcount.Reference "$sources"
  measure 'wordcount, 1 node' ./places wordcount --nodes 1 "$sources"
  measure 'wordcount, 2 nodes' ./places wordcount --nodes 2 "$sources"
  measure 'wordcount, 3 nodes' ./places wordcount --nodes 3 "$sources"
done

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version, $rounds rounds, wall ms"
for name in "$times"/*; do
  sort -n "$name" | awk -v name="${name##*/}" '
    { t[NR] = $1 }
    END {
      median = NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2
      printf "%-22s median %6.0f  least %6d  most %6d\n", name, median, t[1], t[NR]
    }'
done
