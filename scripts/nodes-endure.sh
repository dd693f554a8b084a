#!/usr/bin/env bash
#
# Nodes in processes, for long: frozen for 2 s, cut off for 3 s, and their connection reset under load every 2 s, each
# 100 times if not said otherwise, and cut off for 30 s a twentieth as often, all at once; then a reader 10 times too
# slow, for 10 minutes. Prints what they noticed. Exits with 1 if one was taken for dead, a cut of 30 s was not known to
# both sides within 8 s or not over 5 s after its end, something came in another order or after it was given up,
# something was left behind, or another channel beside the slow reader had a p99 of more than 1.5 times its idle one.
#
# Usage: scripts/nodes-endure.sh [TIMES [MINUTES]]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests places-runtime

"$jdk_home/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$class_path" io.places.node.Endure "${1:-100}" "${2:-10}"
