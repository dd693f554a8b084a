#!/usr/bin/env bash
#
# Measures ranks beside OpenMPI's, over shared memory and over TCP, and beside the published NAS programs, for
# docs/performance.md: in each round every case of both, one right after the other. Prints medians, ratios with
# their spread and bar, and whether the cores were near each other or far. A round takes some 80 seconds, 10 rounds
# 13 minutes, the build before them one or two; other work on the machine spoils the figures. Installs OpenMPI and
# a C compiler if they are missing.
#
# Usage: scripts/bench-rmpi.sh [ROUNDS [KIND|KIND:OPERATION|NAS...]]
#   ROUNDS     default 5; NAS and idle ranks are measured in the first 3 of them only
#   KIND       SHM_2, TCP_2, SHM_4, TCP_4 or THREADS_2: where the ranks are, and how many
#   OPERATION  HALF, SHARED, STREAM, ARRAYS, BARRIER, BCAST, ALLREDUCE, ALLGATHER or ALLTOALL
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
source scripts/build-tests.sh
build_tests -Pbench rmpi places-runtime

if ! { type -P mpicc.openmpi && type -P mpirun.openmpi && type -P gcc; } >/dev/null; then
  sudo=
  [[ $(id -u) == 0 ]] || sudo=sudo
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq --no-install-recommends gcc libc6-dev openmpi-bin libopenmpi-dev >/dev/null
fi

mpicc.openmpi -O3 -Wall -o "$folder/mpi_bench" rmpi/src/jmh/c/mpi_bench.c
gcc -O3 -Wall -pthread -o "$folder/core_distance" rmpi/src/jmh/c/core_distance.c
./places --help >/dev/null # builds the examples

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version, $(mpirun.openmpi --version | head -n 1)"
"$jdk_home/bin/java" --enable-native-access=ALL-UNNAMED \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$class_path" io.places.rmpi.bench.RmpiBenchmarks "$folder" "$@"
