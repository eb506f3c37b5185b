#!/usr/bin/env bash
# What judging costs: each figure beside its bar, and beside the same work by hand with public tools.
# Times depend on the machine, so only a count that varies makes this fail.
#
#   RUNS=20      how often the same submission is judged
#   FEW_RUNS=3   how often what takes longer is done: first ever, by hand, a million operations
#   SOLUTION=union-then-join   which solution of slow-query is handed in
#   PARTS="judging answers programs load app resume"   what is measured; all of it takes half an hour

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/bench/figures.sh
source scripts/bench/figures.sh
# shellcheck source=scripts/bench/by-hand.sh
source scripts/bench/by-hand.sh
# shellcheck source=scripts/bench/program.sh
source scripts/bench/program.sh
# shellcheck source=scripts/bench/study.sh
source scripts/bench/study.sh
# shellcheck source=scripts/bench/load.sh
source scripts/bench/load.sh
# shellcheck source=scripts/bench/app.sh
source scripts/bench/app.sh
# shellcheck source=scripts/bench/resume.sh
source scripts/bench/resume.sh

[ -n "${EPOCHREALTIME:-}" ] || die "$EXIT_MISSING" "The stopwatch needs bash 5 or newer; this is bash $BASH_VERSION."

readonly drill=slow-query
readonly drill_dir=packs/backend/drills/$drill
readonly all_parts="judging answers programs load app resume"
readonly parts=${PARTS:-$all_parts}
for part in $parts; do
  [[ " $all_parts " == *" $part "* ]] || die 2 "The bench has no part \"$part\". Its parts: $all_parts"
done
readonly solution=${SOLUTION:-union-then-join}
readonly seed=4242
readonly runs=${RUNS:-20}
readonly few_runs=${FEW_RUNS:-3}
# Under watch, hotseat makes the next judging's databases ready while the learner thinks.
readonly pause_s=8
readonly help_runs=20

readonly first_ever_ms_max=60000
readonly share_ms_max=3000
readonly first_figures_ms_max=1000
readonly share_watch_ms_max=2000
readonly million_ms_max=1500
readonly memory_mb_max=120
readonly help_ms_max=20

work=""
child="" # a hotseat or a server in the background

end() {
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  if [ -n "$work" ]; then
    hand_stop
    rm -rf "$work"
  fi
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# field NAME FILE: a number or text of a verdict, which is one line of JSON.
field() {
  sed -nE 's/.*"'"$1"'":"?([^",}]*).*/\1/p' "$2"
}

# check HOME: judges the workspace; sets wall_ms, cpu_ms, own_ms, first_figures_ms and run_dir.
check() {
  local began code=0 cpu_before_ms
  children_cpu "$work/times"
  cpu_before_ms=$REPLY
  began=$EPOCHREALTIME
  HOTSEAT_HOME=$1 "$hotseat" drill check "$workspace" --seed "$seed" --json >"$work/verdict.json" || code=$?
  stopwatch "$began"
  wall_ms=$((REPLY / 1000))
  children_cpu "$work/times"
  cpu_ms=$((REPLY - cpu_before_ms))
  [ "$code" -eq 0 ] || die 1 "The solution $solution did not pass (exit code $code):" "$(cat "$work/verdict.json")"
  own_ms=$(field own_ms "$work/verdict.json")
  first_figures_ms=$(field first_figures_ms "$work/verdict.json")
  run_dir=$(dirname "$(field evidence "$work/verdict.json")")
}

first_ever() {
  local -a totals=()
  local number
  for ((number = 1; number <= few_runs; number++)); do
    rm -rf "${work:?}/home"
    check "$work/home"
    totals+=("$wall_ms")
  done
  row_s "first ever, making cluster and templates (median of $few_runs)" "$(median "${totals[@]}")" "$first_ever_ms_max"
}

warm_checks() {
  local -a walls=() cpus=() owns=() shares=() figures=() schemas=()
  local number
  for ((number = 1; number <= runs; number++)); do
    check "$work/home"
    walls+=("$wall_ms")
    cpus+=("$cpu_ms")
    owns+=("$own_ms")
    shares+=($((wall_ms - own_ms)))
    figures+=("$first_figures_ms")
    schemas+=("$("$ask" "$run_dir" "SELECT sum(ended_us - started_us) / 1000 FROM statements WHERE source = 'slot:schema'")")
    "$ask" "$run_dir" "$(cat scripts/bench/counts.sql)" >"$work/counts.$number"
  done
  hotseat_ms=$(median "${walls[@]}")
  schema_ms=$(median "${schemas[@]}")
  plain "check, from start to exit (median of $runs)" "$(seconds "$hotseat_ms")"
  plain "its CPU time, PostgreSQL's included, for solution and reference" "$(seconds "$(median "${cpus[@]}")")"
  plain "in the handed-in statements, queries and index builds" "$(seconds "$(median "${owns[@]}")")"
  row_s "the judge's own share: the rest" "$(median "${shares[@]}")" "$share_ms_max"
  row_s "from the end of the handed-in statements to the first figures" "$(median "${figures[@]}")" "$first_figures_ms_max"
}

watched_saves() {
  local -a shares=()
  local save began verdict
  exec 3< <(HOTSEAT_HOME=$work/home exec "$hotseat" drill watch "$workspace" --json)
  child=$!
  read -r -u 3 verdict || die 1 "drill watch ended without a verdict."
  for ((save = 1; save <= few_runs; save++)); do
    sleep "$pause_s"
    began=$EPOCHREALTIME
    printf -- '-- save %s\n' "$save" >>"$workspace/schema.sql"
    read -r -u 3 verdict || die 1 "drill watch ended before its verdict on save $save."
    stopwatch "$began"
    printf '%s\n' "$verdict" >"$work/verdict.json"
    shares+=($((REPLY / 1000 - $(field own_ms "$work/verdict.json"))))
  done
  kill "$child"
  wait "$child" || true
  child=""
  exec 3<&-
  row_s "under watch, from a save to its verdict: the judge's share (median of $few_runs)" \
    "$(median "${shares[@]}")" "$share_watch_ms_max"
}

by_hand() {
  local -a totals=() steps=()
  local number step total text=""
  hand_pages pages "$run_dir" >"$hand_dir/pages"
  hand_pages far_pages "$run_dir" >"$hand_dir/far_pages"
  for ((number = 1; number <= few_runs; number++)); do
    hand_judge
    total=0
    for step in "${HAND_STEPS[@]}"; do
      total=$((total + hand_ms[$step]))
    done
    totals+=("$total")
    steps+=("$(for step in "${HAND_STEPS[@]}"; do printf '%s ' "${hand_ms[$step]}"; done)")
  done
  plain "blocks of the plans, by hand and in hotseat's evidence" \
    "$(hand_blocks) / $("$ask" "$run_dir" "SELECT sum(blocks) FROM plan_costs")"
  total=$(median "${totals[@]}")
  plain "all steps, one after the other (median of $few_runs)" "$(seconds "$total")"
  for number in "${!HAND_STEPS[@]}"; do
    step=$(median "$(printf '%s\n' "${steps[@]}" | cut -d ' ' -f $((number + 1)))")
    text+=", ${HAND_STEPS[number]} $(seconds "$step")"
    if [ "${HAND_STEPS[number]}" = schema ]; then
      hand_schema_ms=$step
    fi
  done
  say "    ${text#, }"
  plain "by hand / hotseat" "$(ratio "$total" "$hotseat_ms")"
  plain "by hand / hotseat, both without the time in schema.sql" \
    "$(ratio "$(sum "$total" "-$hand_schema_ms")" "$(sum "$hotseat_ms" "-$schema_ms")")"
}

million_operations() {
  local together recorded asked
  IFS=$'\t' read -r together recorded asked < <("$million" "$few_runs" | sort -n | sed -n "$(((few_runs + 1) / 2))p")
  row_s "1,000,000 operations recorded and their p99 asked (median of $few_runs)" "$together" "$million_ms_max"
  plain "recorded / asked" "$(seconds "$recorded") / $(seconds "$asked")"
}

memory() {
  local peak kb number highest=0
  if [ ! -r /proc/self/status ]; then
    plain "hotseat's own peak memory" "not seen here"
    return
  fi
  for ((number = 1; number <= few_runs; number++)); do
    HOTSEAT_HOME=$work/home "$hotseat" drill check "$workspace" --json >/dev/null &
    child=$!
    # The kernel keeps the peak itself, so a look now and then misses next to nothing.
    while kb=$(sed -nE 's/^VmHWM:[^0-9]*([0-9]+) kB/\1/p' "/proc/$child/status" 2>/dev/null) && [ -n "$kb" ]; do
      peak=$kb
      sleep 0.02
    done
    wait "$child" || die 1 "The solution $solution did not pass while its memory was watched."
    child=""
    if [ "$peak" -gt "$highest" ]; then
      highest=$peak
    fi
  done
  row "hotseat's own peak memory while judging (highest of $few_runs)" \
    $(((highest + 1023) / 1024)) "$memory_mb_max" "$(((highest + 1023) / 1024)) MB" "$memory_mb_max MB"
}

# process TEXT MS_MAX COMMAND…: how long a command takes as a whole process.
process() {
  local text=$1 ms_max=$2 number began took_ms
  local -a times=()
  shift 2
  for ((number = 1; number <= help_runs; number++)); do
    began=$EPOCHREALTIME
    "$@" >/dev/null
    stopwatch "$began"
    times+=("$REPLY")
  done
  took_ms=$(median "${times[@]}" | awk '{ printf "%.1f", $1 / 1000 }')
  row "$text, from start to exit (median of $help_runs)" "$took_ms" "$ms_max" "$took_ms ms" "$ms_max ms"
}

# Every count has a name of its own, so a count that varies is a line more in the sorted whole.
exact_counts() {
  local here all blocks wal
  here=$(wc -l <"$work/counts.1")
  all=$(cat "$work"/counts.* | sort -u | wc -l)
  blocks=$(awk -F '\t' '$5 != "" { n += $6 } END { print n }' "$work/counts.1")
  wal=$(awk -F '\t' '{ n += $9 } END { print n }' "$work/counts.1")
  row "$here plans and write workloads ($blocks blocks, $wal WAL records): how many vary" "$((all - here))" 0
  if [ "$all" -ne "$here" ]; then
    say "    those that vary, over $runs judgings:"
    cat "$work"/counts.* | sort | uniq -c | awk -v runs="$runs" '$1 != runs'
    return 1
  fi
}

scripts/setup.sh
use_rust
build_hotseat
cargo build --release --locked -p judge -p load -p resume -p study --examples
readonly examples=${CARGO_TARGET_DIR:-target}/release/examples
readonly ask=$examples/ask
readonly million=$examples/million_operations

work=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
chmod 711 "$work" # PostgreSQL runs as another user when we are root
readonly workspace=$work/workspace
HOTSEAT_HOME=$work/home "$hotseat" drill start "$drill" "$workspace" --level rewrite --pack packs/backend --json >/dev/null
cp "$drill_dir/solutions/$solution"/*.sql "$workspace/"

say ""
say "$("$hotseat" --version), PostgreSQL $(find_postgres), $(nproc) cores, $(uptime | sed -E 's/.*(load average)/\1/')"
say "Times are of this machine as busy as it is now."
part_judging() {
  heading "drill check $drill, solution $solution, seed $seed"
  first_ever
  warm_checks
  watched_saves
  say ""
  heading "the same work by hand: pg_restore, psql, diff"
  hand_start "$work/hand"
  hand_dump small 1
  hand_dump full 10
  by_hand
  hand_stop
  say ""
  heading "hotseat alone"
  million_operations
  memory
  process "hotseat --help" "$help_ms_max" "$hotseat" --help
}

part_answers() {
  heading "questions, schedule, store"
  feedback_speed
  process "hotseat ask … --json" "$ask_ms_max" env HOTSEAT_HOME="$work/asked" "$hotseat" ask slow-postgresql-query --json \
    --answer packs/backend/questions/slow-postgresql-query/strong.md
  due_cards
  schedule_speed
}

part_programs() {
  heading "drill check payments-api, solution python"
  programs
}

part_load() {
  heading "load generator: $load_clients connections, runs of $load_seconds s (median of $load_runs)"
  load_figures
}

part_app() {
  heading "app: $app_runs runs, $app_answers answers, each page for $app_seconds s"
  app_figures
}

part_resume() {
  heading "résumé: the example of hotseat resume init"
  resume_figures
}

for part in $parts; do
  say ""
  "part_$part"
done
say ""
say "Rulings right on a busy machine: make prove. Clone to first verdict: make demo; to the end of the tests: make test."
if [[ " $parts " == *" judging "* ]]; then
  say ""
  heading "the same submission and seed, $runs judgings"
  exact_counts
fi
