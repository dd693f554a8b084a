#!/usr/bin/env bash
#
# Runs the NAS programs IS and CG, classes S, W and A, on 1, 2 and 4 ranks, each rank a process, and prints what each
# run took as a table. Fails if the answer of a run is not that of the specification. Takes a minute and a half.
#
# Usage: scripts/nas.sh [CLASS...]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

figure() { # of the label, in the output of a run
  sed -n "s/^$1: //p" <<<"$output"
}

[[ $# -gt 0 ]] || set -- S W A
failed=0
echo '| NAS | class | ranks | seconds | million operations a second | verified |'
echo '|---|---|---:|---:|---:|---|'
for program in IS CG; do
  for class in "${@}"; do
    for ranks in 1 2 4; do
      if output=$(./places example nas "$program" --class "$class" -n "$ranks" --processes); then
        verified=$(figure verified)
      else
        verified='**no**'
        failed=1
      fi
      echo "| $program | $class | $ranks | $(figure seconds) | $(figure 'million operations a second') | $verified |"
    done
  done
done
exit "$failed"
