#!/usr/bin/env bash
# Proves every drill on an oversubscribed machine and writes the result to docs/trust.md, and to the pack's
# trust.toml, from which hotseat shows it.
#
#   RUNS=5       how often each submission is judged
#   JOBS=4       how many are judged at a time, each on a server of its own
#   DRILLS=...   only these, by name; docs/trust.md keeps its rows of the others

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PACK=packs/backend
readonly RUNS=${RUNS:-5}
readonly JOBS=${JOBS:-4}
readonly OUT=target/prove
readonly TRUST=docs/trust.md
readonly CARDS=$PACK/trust.toml

# The proof is one line of JSON that ends in what is wanted here; `closing FILE` gives
# "right|of|server|date". The greedy .* skips what the rows before it may look like.
closing() {
  { tr -d '\n' <"$1" && echo; } |
    sed -nE 's/.*"right": ?([0-9]+), ?"of": ?([0-9]+), ?"server": ?"([^"]*)", ?"date": ?"([^"]*)" ?\} *$/\1|\2|\3|\4/p'
}

drill_names() {
  local toml
  for toml in "$PACK"/drills/*/drill.toml; do
    basename "$(dirname "$toml")"
  done
}

# The row of a drill that is not proved now, as docs/trust.md has it.
kept_row() {
  [ ! -f "$TRUST" ] || grep -F "| $1 |" "$TRUST" || true
}

write_trust() {
  cat <<TEXT
# How far the rulings can be trusted

Written by \`make prove\`; do not edit. Each drill's starter, solutions and wrong answers were judged several times, several at a time, with four busy loops a core beside them. A ruling is right when a starter fails, a solution passes, and a wrong answer is caught by the very check that it is filed under. A drill with one wrong ruling does not ship.

| drill | version | submissions | times each | at a time | rulings right | judged with | date |
|---|---|---|---|---|---|---|---|
TEXT
  local name
  for name in $(drill_names); do
    [ -z "${row_of[$name]:-}" ] || printf '%s\n' "${row_of[$name]}"
  done
}

# The rows of docs/trust.md as the pack keeps them.
write_cards() {
  cat <<TEXT
# How often each judge was right: docs/trust.md, for programs. Written by \`make prove\`; do not edit.

TEXT
  awk -F' *[|] *' '/^\| [a-z]/ && $2 != "drill" {
    split($7, rulings, " of ")
    printf "%s[%s]\nversion = %s\nsubmissions = %s\n", (cards++ ? "\n" : ""), $2, $3, $4
    printf "times = %s\nat_a_time = %s\nright = %s\nof = %s\n", $5, $6, rulings[1], rulings[2]
    printf "judged_with = \"%s\"\ndate = \"%s\"\n", $8, $9
  }' "$TRUST"
}

scripts/setup.sh
use_rust
build_hotseat
mkdir -p "$OUT" docs

declare -A row_of=()
for drill in $(drill_names); do
  row_of[$drill]=$(kept_row "$drill")
done
unproved=()
wanted=" ${DRILLS:-$(drill_names | tr '\n' ' ')} "
for drill in $(drill_names); do
  [[ $wanted == *" $drill "* ]] || continue
  say ""
  say "== $drill: every submission $RUNS times, $JOBS at a time, on a busy machine =="
  code=0
  "$hotseat" drill prove "$drill" --pack "$PACK" --runs "$RUNS" --jobs "$JOBS" --busy --json >"$OUT/$drill.json" || code=$?
  IFS='|' read -r right of server date < <(closing "$OUT/$drill.json") ||
    die 1 "No proof came of $drill (exit code $code). What was printed is in $OUT/$drill.json."
  say "$drill: $right of $of rulings right, $server, $date ($OUT/$drill.json)"
  version=$(sed -nE 's/^version *= *([0-9]+).*/\1/p' "$PACK/drills/$drill/drill.toml" | head -n 1)
  row_of[$drill]="| $drill | $version | $((of / RUNS)) | $RUNS | $JOBS | $right of $of | $server | $date |"
  if [ "$code" -ne 0 ] || [ "$right" -ne "$of" ]; then
    unproved+=("$drill")
  fi
  write_trust >"$TRUST"
  write_cards >"$CARDS"
done
say "Written: $TRUST, $CARDS"

if [ ${#unproved[@]} -gt 0 ]; then
  die 1 "Not every ruling was right: ${unproved[*]}."
fi
