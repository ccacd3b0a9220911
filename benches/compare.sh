#!/usr/bin/env bash
# The whole process beside cp and a GNU sed -E of seven substitutions, on the same files in one run.
#
#   benches/compare.sh DIR [ROUNDS]
#
# TMPDIR says on which disk to write.
#
# Prints the median of each and its ratio to sed, then where emendo's time goes. The first ratio is
# the one to watch: seconds depend on the machine, ratios less so.
set -euo pipefail
corpus=${1:?usage: benches/compare.sh DIR [ROUNDS]}
rounds=${2:-5}
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
emendo=${CARGO_TARGET_DIR:-target}/release/emendo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -rL "$corpus" "$work/corpus"

out=$work/out
with_cp() { cp -r "$work/corpus" "$out"; }
with_sed() {
  cp -r "$work/corpus" "$out"
  find "$out" -type f -print0 | LC_ALL=C.UTF-8 xargs -0 sed -E -i \
    -e 's/[“”]/"/g' -e "s/[‘’]/'/g" -e 's/[ \t]+$//' -e 's/([^ ])  +([^ ])/\1 \2/g' \
    -e 's/\bIsrfael\b/Israel/g' -e 's/\bAnthony Blinken\b/Antony Blinken/g' -e 's/\r$//'
}
with_emendo() { "$emendo" clean "$work/corpus" -o "$out" --threads "$1" --allow-problems 100% >/dev/null 2>&1; }
with_emendo_1() { with_emendo 1; }
with_emendo_2() { with_emendo 2; }
preview() { "$emendo" preview "$work/corpus" --threads 1 --format json >/dev/null 2>&1 || [ $? = 3 ]; }

seconds() { # of one round, into a folder of its own
  # Nothing is removed before the end: ext4 looks for other inodes than those that were given back in the
  # last minutes, and that takes longer than to write the files.
  out=$work/out-$1-$2
  sync
  local start=$EPOCHREALTIME
  "$1"
  echo "$start $EPOCHREALTIME" | awk '{ printf "%.3f\n", $2 - $1 }'
}

# One round of each in turn, so that what a round leaves to the disk burdens all alike.
hows="with_sed with_cp with_emendo_1 with_emendo_2 preview"
for round in $(seq "$rounds"); do
  for how in $hows; do
    seconds "$how" "$round" >>"$work/$how.seconds"
  done
done
median() { sort -n "$work/$1.seconds" | sed -n "$(((rounds + 1) / 2))p"; }

bytes=$(find "$work/corpus" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
files=$(find "$work/corpus" -type f | wc -l)
sed_time=$(median with_sed)
echo "$files files, $((bytes / 1000000)) MB, median of $rounds rounds"
for how in $hows; do
  awk -v how="${how#with_}" -v t="$(median "$how")" -v s="$sed_time" -v b="$bytes" \
    'BEGIN { printf "%-10s %8.3f s  %7.1f MB/s  %5.2f x sed\n", how, t, b / 1e6 / t, t / s }'
done
echo "preview reads and cleans with one thread but writes nothing: emendo_1 less preview is diffs, records, digests and the disk."
