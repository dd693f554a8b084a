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
source scripts/build-tests.sh
build_tests rpc-processor rpc-server places-runtime

"$jdk_home/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$class_path" io.places.rpc.servers.Kills "${1:-1000}" ${2:+"$2"}
