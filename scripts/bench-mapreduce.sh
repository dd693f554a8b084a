#!/usr/bin/env bash
#
# Measures whole map-reduce jobs beside Hadoop's local runner, Spark local[2], DuckDB, the JDK's streams, coreutils
# and programs tuned by hand, for docs/performance.md: in each round all of a part in turn, each in new processes.
# Prints medians of wall time, CPU time and the peak memory of the largest process, and ratios with their bars.
# Every answer is compared. Needs about 12 GB of disk under TMPDIR, fetches the peers, and installs 'time' if it is
# missing. A round of 'words' takes two and a half minutes, of 'growth' two, of the others less than one; other work
# on the machine spoils the figures.
#
# Usage: scripts/bench-mapreduce.sh [ROUNDS [PART...]]
#   parts: words letters sort equal kmeans tiny warm growth kill small index
set -euo pipefail

rounds=${1:-3}
shift || true
parts=("$@")
((${#parts[@]})) || parts=(words letters sort equal kmeans tiny warm growth kill small index)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/find-jdk.sh
find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }
java=$jdk_home/bin/java

if [[ ! -x /usr/bin/time ]]; then
  sudo=
  [[ $(id -u) == 0 ]] || sudo=sudo
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends time >/dev/null
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/times" "$folder/data" "$folder/out" "$folder/tmp"
./places --version >/dev/null # builds what is missing
app=target/places/app
class_path=$(sed "s|^|$PWD/$app/lib/|" "$app/classpath" | paste -sd:)
cp -r mapreduce/src/jmh/peers "$folder/peers"
./mvnw -q -B -f "$folder/peers/pom.xml" compile dependency:build-classpath -Dmdep.outputFile="$folder/class-path"
peer=("$java" -Xmx1g -Djava.io.tmpdir="$folder/tmp" -Djava.util.concurrent.ForkJoinPool.common.parallelism=2
  -cp "$folder/peers/target/classes:$(<"$folder/class-path")")

# Runs a command, notes its wall time, CPU time and peak memory under a name, and keeps what it prints.
measure() {
  local name=$1
  shift
  if ! /usr/bin/time -f '%e %U %S %M' -o "$folder/time" "$@" >"$folder/printed" 2>"$folder/said"; then
    tail -n 5 "$folder/said" >&2
    echo "failed: $name" >&2
    exit 1
  fi
  tail -n 1 "$folder/time" | awk '{ print $1, $2 + $3, $4 / 1024 }' >>"$folder/times/$name"
}

# As measure, for a word count, whose sums must be those of all others of this input.
measure_count() {
  measure "$@"
  local sums
  sums=$(grep -E '^(total|distinct) words: ' "$folder/printed" | sort)
  [[ -n ${expected:-} ]] || expected=$sums
  [[ $sums == "$expected" ]] || { echo "$1 counted: $sums; not: $expected" >&2; exit 1; }
}

median() { # of column $2 of $1
  sort -n -k "$2,$2" "$folder/times/$1" | awk -v c="$2" '
    { t[NR] = $c }
    END { print NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2 }'
}

row() { # name
  local wall cpu memory least most
  wall=$(median "$1" 1)
  cpu=$(median "$1" 2)
  memory=$(median "$1" 3)
  read -r least most < <(sort -n "$folder/times/$1" | awk 'NR == 1 { least = $1 } END { print least, $1 }')
  printf '%-34s wall %7.2f s (%.2f - %.2f)  CPU %7.2f s  peak %5.0f MiB\n' "$1" "$wall" "$least" "$most" "$cpu" "$memory"
}

ratio() { # text, name, name, column
  awk -v text="$1" -v a="$(median "$2" "$4")" -v b="$(median "$3" "$4")" 'BEGIN { printf "  %-60s %.2f\n", text, a / b }'
}

text() { # file, bytes, kind
  "${peer[@]}" io.places.peers.Text "$folder/data/$1" "$2" "$3"
}

fresh() {
  rm -rf "${folder:?}/out" "${folder:?}/tmp"
  mkdir "$folder/out" "$folder/tmp"
}

# Fails if a job has left a temporary file.
nothing_left() {
  local left
  left=$(ls -A "$folder/tmp")
  [[ -z $left ]] || { echo "left in the folder of temporary files: $left" >&2; exit 1; }
}

words() {
  local in=$folder/data/words.txt expected= nodes bytes
  text words.txt $((256 << 20)) ascii
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure_count 'words: by hand' "${peer[@]}" io.places.peers.FloorWords "$in" "$folder/out/a"
    for nodes in 2 1 4; do
      measure_count "words: places, $nodes workers" ./places wordcount --nodes "$nodes" --output "$folder/out/$nodes" "$in"
    done
    cmp <(LC_ALL=C sort "$folder"/out/2/part-*) <(LC_ALL=C sort "$folder"/out/1/part-*)
    cmp <(LC_ALL=C sort "$folder"/out/2/part-*) <(LC_ALL=C sort "$folder"/out/4/part-*)
    if ((round == 1)); then # however it is cut
      for bytes in 1048576 7777777 $((1 << 30)); do # the last: all in one
        measure_count 'words: other splits' ./places wordcount --split-bytes "$bytes" --output "$folder/out/s$bytes" "$in"
        cmp <(LC_ALL=C sort "$folder"/out/2/part-*) <(LC_ALL=C sort "$folder/out/s$bytes"/part-*)
      done
    fi
    measure_count 'words: DuckDB' "${peer[@]}" io.places.peers.Duck words "$in" "$folder/out/c" "$folder/tmp" 1GB
    measure_count 'words: streams' "${peer[@]}" -Xmx2g io.places.peers.StreamsWords "$in" "$folder/out/d"
    measure_count 'words: Spark local[2]' "${peer[@]}" io.places.peers.Spark words "$in" "$folder/out/e" "$folder/tmp"
    measure_count 'words: Hadoop local, 2 maps' "${peer[@]}" io.places.peers.HadoopWords "$in" "$folder/out/f" "$folder/tmp"
    measure 'words: coreutils' env LC_ALL=C TMPDIR="$folder/tmp" bash -c \
      "tr ' ' '\n' <'$in' | sort -S 1G --parallel=2 | uniq -c >'$folder/out/g'"
    cmp <(LC_ALL=C sort "$folder"/out/2/part-*) <(awk -v OFS='\t' 'NF == 2 { print $2, $1 }' "$folder/out/g" | LC_ALL=C sort)
  done
  for name in 'by hand' 'places, 2 workers' 'places, 1 workers' 'places, 4 workers' DuckDB streams 'Spark local[2]' 'Hadoop local, 2 maps' coreutils; do
    row "words: $name"
  done
  ratio 'CPU against by hand (bar <= 3)' 'words: places, 2 workers' 'words: by hand' 2
  ratio 'times faster than Hadoop (bar >= 5)' 'words: Hadoop local, 2 maps' 'words: places, 2 workers' 1
  ratio 'times faster than Spark (bar >= 4)' 'words: Spark local[2]' 'words: places, 2 workers' 1
  ratio 'times faster than DuckDB (bar >= 1)' 'words: DuckDB' 'words: places, 2 workers' 1
  ratio 'times faster than streams (bar >= 2)' 'words: streams' 'words: places, 2 workers' 1
}

letters() {
  local in=$folder/data/letters.txt expected=
  text letters.txt $((256 << 20)) letters
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure_count 'letters: by hand' "${peer[@]}" io.places.peers.FloorLetters "$in" "$folder/out/a"
    measure_count 'letters: places, 2 workers' ./places wordcount --nodes 2 --output "$folder/out/b" "$in"
    cmp <(LC_ALL=C sort "$folder"/out/b/part-*) <(LC_ALL=C sort "$folder/out/a")
  done
  row 'letters: by hand'
  row 'letters: places, 2 workers'
  ratio 'CPU against by hand (bar <= 2.5)' 'letters: places, 2 workers' 'letters: by hand' 2
}

# 1 GiB of lines of 100 bytes, by their first ten.
sort_records() {
  local in=$folder/data/records validated
  "${peer[@]}" io.places.peers.Data records "$in" 10737418
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'sort: by hand' "${peer[@]}" -Xmx512m io.places.peers.FloorSort "$in" "$folder/out/a"
    measure 'sort: GNU sort -S 512M' env LC_ALL=C sort -S 512M --parallel=2 -T "$folder/tmp" -k 1.1,1.10 -o "$folder/out/b" "$in"
    measure 'sort: DuckDB' "${peer[@]}" -Xmx256m io.places.peers.Duck sort "$in" "$folder/out/c" "$folder/tmp" 1GB
    measure 'sort: places, 2 workers' env JDK_JAVA_OPTIONS="-Xmx256m -Djava.io.tmpdir=$folder/tmp" \
      ./places example sort run --nodes 2 --reducers 8 "$in" "$folder/out/d"
    nothing_left
    cmp <(cut -c 1-10 "$folder/out/b") <(cat "$folder"/out/d/part-* | cut -c 1-10)
    cmp <(cut -c 1-10 "$folder/out/b") <(cut -c 1-10 "$folder/out/a")
    cmp <(cut -c 1-10 "$folder/out/b") <(cut -c 1-10 "$folder/out/c")
    validated=$(./places example sort validate "$in" "$folder/out/d" | paste -sd' ')
  done
  echo "  places' output, which has the records of the input by number and checksum: $validated"
  for name in 'by hand' 'GNU sort -S 512M' DuckDB 'places, 2 workers'; do
    row "sort: $name"
  done
  ratio 'wall against GNU sort (bar <= 1)' 'sort: places, 2 workers' 'sort: GNU sort -S 512M' 1
  ratio 'CPU against GNU sort (bar <= 1)' 'sort: places, 2 workers' 'sort: GNU sort -S 512M' 2
  echo '  bar: peak <= 512 MiB'
}

# 10,000,000 records of one key, which one reducer streams: the group is as large as the input.
equal_keys() {
  local in=$folder/data/equal
  awk 'BEGIN { for (i = 0; i < 10000000; i++) printf "one-key-10%89d\n", i }' >"$in"
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'equal: places, 2 workers' env JDK_JAVA_OPTIONS="-Xmx256m -Djava.io.tmpdir=$folder/tmp" \
      ./places example sort run --nodes 2 --reducers 8 "$in" "$folder/out/a"
    nothing_left
    ./places example sort validate "$in" "$folder/out/a" | paste -sd' ' | sed 's/^/  places: /'
  done
  row 'equal: places, 2 workers'
  echo '  bar: peak <= 512 MiB'
}

# Fails if two numbers differ by more than a billionth.
near() { # what, number, number
  awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN {
    if (a == "" || b == "" || (a - b) ^ 2 > (1e-9 * b) ^ 2) { print what ": " a ", not " b; exit 1 } }' >&2
}

inertia() {
  sed -n 's/^inertia: //p' "$folder/printed"
}

# Of the last command, a job for each round: fails unless the first one has read the points, and no other anything.
read_once() { # what
  awk -v what="$1" '
    /^map +[0-9]+ +[0-9]+ / {
      jobs++
      read = $7 " " $8
      if ((jobs == 1) == (read == "0 B")) { print what ": job " jobs " has read " read; wrong = 1 }
    }
    END {
      if (jobs < 2) { print what ": " jobs + 0 " jobs"; wrong = 1 }
      exit wrong
    }' "$folder/said" >&2
}

# 1,000,000 points of 10 dimensions, k = 10, 10 iterations; all begin with the first ten points.
kmeans() {
  local in=$folder/data/points.csv expected nodes
  "${peer[@]}" io.places.peers.Data points "$in" 1000000 10 10
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'kmeans: by hand' "${peer[@]}" io.places.peers.FloorKMeans "$in" 10 10
    expected=$(inertia)
    measure 'kmeans: Spark local[2]' "${peer[@]}" io.places.peers.Spark kmeans "$in" 10 10 "$folder/tmp"
    near "Spark's inertia" "$(inertia)" "$expected"
    for nodes in 2 1 4; do
      measure "kmeans: places, $nodes workers" ./places example kmeans-mr --nodes "$nodes" -k 10 --iterations 10 "$in"
      near "the inertia of $nodes workers" "$(inertia)" "$expected"
      read_once "k-means on $nodes workers"
    done
  done
  echo "  inertia of all, to 1e-9: $expected"
  for name in 'by hand' 'Spark local[2]' 'places, 2 workers' 'places, 1 workers' 'places, 4 workers'; do
    row "kmeans: $name"
  done
  ratio 'wall against by hand (bar <= 1.5)' 'kmeans: places, 2 workers' 'kmeans: by hand' 1
  ratio 'times faster than Spark (bar >= 5)' 'kmeans: Spark local[2]' 'kmeans: places, 2 workers' 1
}

tiny() {
  local in=$folder/data/tiny.txt expected=
  text tiny.txt 100000 ascii
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure_count 'tiny: places, 2 workers' ./places wordcount --nodes 2 --output "$folder/out/a" "$in"
    measure_count 'tiny: Spark local[2]' "${peer[@]}" io.places.peers.Spark words "$in" "$folder/out/b" "$folder/tmp"
    measure_count 'tiny: Hadoop local' "${peer[@]}" io.places.peers.HadoopWords "$in" "$folder/out/c" "$folder/tmp"
  done
  row 'tiny: places, 2 workers'
  row 'tiny: Spark local[2]'
  row 'tiny: Hadoop local'
  echo '  bar: wall < 1.0 s'
}

warm() {
  local in=$folder/data/warm.txt
  text warm.txt 100000 ascii
  for ((round = 1; round <= rounds; round++)); do
    "$java" -Djava.io.tmpdir="$folder/tmp" -cp "$class_path" \
      mapreduce/src/jmh/java/io/places/mapreduce/bench/WarmJobs.java "$in" >>"$folder/warm"
  done
  echo "warm: the next small job on 2 workers takes, in ms (bar < 20): $(paste -sd' ' "$folder/warm")"
}

growth() {
  local in=$folder/data/growth.txt expected i
  text growth.txt $((64 << 20)) ascii
  mkdir -p "$folder/data/64"
  for ((i = 0; i < 64; i++)); do
    ln -f "$in" "$folder/data/64/$i.txt"
  done
  for ((round = 1; round <= rounds; round++)); do
    fresh
    expected=
    measure_count 'growth: 64 MiB' ./places wordcount --nodes 2 --output "$folder/out/a" "$in"
    expected=
    measure_count 'growth: 4 GiB' ./places wordcount --nodes 2 --output "$folder/out/b" "$folder/data/64"
  done
  row 'growth: 64 MiB'
  row 'growth: 4 GiB'
  awk -v a="$(median 'growth: 64 MiB' 1)" -v b="$(median 'growth: 4 GiB' 1)" \
    'BEGIN { printf "  %-60s %.2f\n", "time a byte, 4 GiB against 64 MiB (bar < 1.2)", b / 64 / a }'
}

# Of the last command: attempts beyond one a task, and tasks that were lost with a worker, which must be as many.
run_again_of_lost() {
  awk '
    /^(map|reduce) +[0-9]+ +[0-9]+ / { again += $3 - $2 }
    /^went wrong: / {
      gsub(/[^0-9,]/, "")
      split($0, count, ",")
      lost = count[3] + count[4] + count[5]
      others = count[1] + count[2] + count[6]
    }
    END {
      printf "  run again: %d, lost with the worker: %d, for other reasons: %d\n", again, lost, others
      exit !(lost > 0 && again == lost + others)
    }' "$folder/said" || { cat "$folder/said" >&2; exit 1; }
}

# The word count of the JDK's sources on 4 nodes, one of which is killed when half the time of the map tasks is over: the
# undisturbed run before says when that is, by its times of both phases at its end.
kill_one() {
  local in=$jdk_home/lib/src.zip half node command
  [[ -r $in ]] || { echo 'kill: left out, this JDK has no lib/src.zip'; return; }
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'kill: undisturbed' ./places wordcount --nodes 4 --output "$folder/out/a" "$in"
    half=$(awk 'FILENAME == ARGV[1] { all = $1; next }
      /^map +[0-9]/ { map = $4 } /^reduce +[0-9]/ { reduce = $4 }
      END { if (!map) exit 1; print all - reduce - map / 2 }' "$folder/times/kill: undisturbed" "$folder/said")
    measure 'kill: one of 4 at 50 %' bash -c '
      ./places wordcount --nodes 4 --output "$2" "$3" &
      command=$!
      sleep "$1"
      node=$(pgrep -P "$command" java | sed -n 2p)
      kill -9 "$node"
      wait "$command"' kill "$half" "$folder/out/b" "$in"
    cmp <(cat "$folder"/out/a/part-* | LC_ALL=C sort) <(cat "$folder"/out/b/part-* | LC_ALL=C sort)
    run_again_of_lost
  done
  row 'kill: undisturbed'
  row 'kill: one of 4 at 50 %'
  ratio 'time against undisturbed (bar <= 1.5)' 'kill: one of 4 at 50 %' 'kill: undisturbed' 1
}

# 10,000 files of 1 KiB beside one file of the same bytes.
small() {
  local expected= i
  text small.txt $((10000 * 1024)) ascii
  truncate -s $((10000 * 1024)) "$folder/data/small.txt" # it ends with the word that it was at
  mkdir -p "$folder/data/small"
  split -b 1024 -a 4 -d "$folder/data/small.txt" "$folder/data/small/"
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'small: one file of 10 MB' ./places wordcount --nodes 2 --output "$folder/out/a" "$folder/data/small.txt"
    measure 'small: 10,000 files of 1 KiB' ./places wordcount --nodes 2 --output "$folder/out/b" "$folder/data/small"
    awk '/^map +[0-9]+ +[0-9]+ / { print "  map tasks for 10,000 files: " $2 }' "$folder/said"
  done
  row 'small: one file of 10 MB'
  row 'small: 10,000 files of 1 KiB'
  ratio 'time of many files against one (bar <= 3)' 'small: 10,000 files of 1 KiB' 'small: one file of 10 MB' 1
}

# An index with positions of the JDK's sources: it has as many words and places as the word count counts.
index() {
  local in=$jdk_home/lib/src.zip expected
  [[ -r $in ]] || { echo 'index: left out, this JDK has no lib/src.zip'; return; }
  fresh
  expected=$(./places wordcount --nodes 2 "$in" 2>/dev/null | sed -n 's/^\(total\|distinct\) words: //p' | paste -sd' ')
  for ((round = 1; round <= rounds; round++)); do
    fresh
    measure 'index: places, 2 workers' ./places example inverted-index --nodes 2 "$folder/out/a" "$in"
    cat "$folder"/out/a/part-* | awk -F '\t' -v expected="$expected" '
      $1 "" != word { words++; word = $1 "" } # as text: 7 is not 07
      { places += split($3, each, " ") }
      END {
        printf "  places: %d, words: %d\n", places, words
        if (places " " words != expected) { print "not: " expected; exit 1 }
      }'
  done
  row 'index: places, 2 workers'
}

echo "$(uname -m), $(getconf _NPROCESSORS_ONLN) cores, JDK $jdk_version, $rounds rounds"
for part in "${parts[@]}"; do
  case $part in
    words | letters | kmeans | tiny | warm | growth | small | index) "$part" ;;
    sort) sort_records ;;
    equal) equal_keys ;;
    kill) kill_one ;;
    *) echo "no part '$part': words letters sort equal kmeans tiny warm growth kill small index" >&2; exit 2 ;;
  esac
done
