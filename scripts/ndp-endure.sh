#!/usr/bin/env bash
#
# Runs again and again what could go wrong at any moment: a worker is killed while it sorts, and work goes twenty
# levels deep on five workers. A hundred rounds want a quiet machine: what takes over 15 minutes is given up.
#
# Usage: scripts/ndp-endure.sh [ROUNDS]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec ./mvnw -B verify -pl ndp -am -Dtest=EndureTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest.rounds="${1:-100}"
