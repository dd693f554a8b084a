#!/usr/bin/env bash
#
# Kills the process of an RPC server under load, 1,000 times if not said otherwise, and looks whether its
# callers were told the truth: no call ran twice, one that was answered ran, one that is said not to have
# run did not. Takes about a second for each kill. Exits with 1 if something does not fit, and says what.
#
# Usage: scripts/rpc-kills.sh [KILLS [SEED]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./mvnw -q -B -pl rpc-processor -am test-compile
./mvnw -q -B -pl places-runtime dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$folder/class-path"
cp -r places-runtime/target/classes "$folder/runtime" # a build meanwhile does no harm
cp -r rpc-server/target/classes "$folder/rpc"
cp -r rpc-processor/target/test-classes "$folder/tests"

"$jdk_home/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$folder/tests:$folder/rpc:$folder/runtime:$(<"$folder/class-path")" \
  io.places.rpc.servers.Kills "${1:-1000}" ${2:+"$2"}
