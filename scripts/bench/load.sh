# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # hotseat, examples, work and child belong to the script that sources this
#
# What loading a server costs, beside public generators: CPU a request, the highest rate that is kept, and the
# p99 that each reports when the server stalls in the midst of a run. Sourced, never run.
#
#   LOAD_SECONDS=5   how long each run lasts
#   LOAD_RUNS=3      runs of each generator, taken in turns; the median counts
#   LOAD_CLIENTS=64  connections of the closed loops
#   LOAD_RATE=10000  requests a second of the open loop

readonly load_seconds=${LOAD_SECONDS:-5}
readonly load_runs=${LOAD_RUNS:-3}
readonly load_clients=${LOAD_CLIENTS:-64}
readonly load_rate=${LOAD_RATE:-10000}
# The server stalls for 2 s of a run of 10 s: a fifth of all requests wait for up to 2 s, so the true p99 is 1.9 s.
readonly load_stall_rate=1000 load_stall_run_s=10 load_stall_after_s=4 load_stall_for_s=2
readonly load_stall_p99_ms_min=1800
readonly load_cpu_ratio_max=2
readonly load_highest_begin=4000
readonly LOAD_CLOSED=(hotseat wrk oha k6) LOAD_OPEN=(hotseat wrk2 oha k6) LOAD_ALL=(hotseat wrk wrk2 oha k6)

load_url=""
load_on_server=() # what pins the server to a core
load_on_generator=()
load_answered=0
load_p99=""
load_cpu_ms=0
load_cpu_us=0 # of one answered request
load_void=""

load_is_here() {
  [ "$1" = hotseat ] || command -v "$1" >/dev/null
}

# Server and generator stay on a core each, where the machine has several and can do that.
load_pin() {
  if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then
    load_on_server=(taskset -c 0)
    load_on_generator=(taskset -c 1)
  fi
}

# load_serve [STALL_AFTER_S STALL_FOR_S]: starts the server and sets load_url.
load_serve() {
  : >"$work/address"
  "${load_on_server[@]}" "$examples/server" "$@" >"$work/address" &
  child=$!
  until [ -s "$work/address" ]; do
    kill -0 "$child"
    sleep 0.01
  done
  load_url=http://$(head -n 1 "$work/address")/
}

load_stop() {
  kill "$child"
  wait "$child" 2>/dev/null || true
  child=""
}

# load_timed COMMAND…: runs it on the generator's core; its output goes to $work/load.out.
load_timed() {
  local code=0 before_ms
  children_cpu "$work/times"
  before_ms=$REPLY
  "${load_on_generator[@]}" "$@" >"$work/load.out" 2>"$work/load.err" || code=$?
  children_cpu "$work/times"
  load_cpu_ms=$((REPLY - before_ms))
  # A void run of ours has figures all the same.
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || die 1 "$* ended with exit code $code:" "$(cat "$work/load.err")"
}

# load_by TOOL closed|open SECONDS RATE: loads the server; sets load_answered, load_p99, load_cpu_us and load_void.
load_by() {
  local tool=$1 way=$2 seconds=$3 rate=$4
  local -a how=()
  load_void=""
  case $tool in
    hotseat)
      # As many connections at most as the others have: whoever opens more meets the server's backlog first.
      how=(--rate "$rate" --timeout 1s --connections "$load_clients")
      if [ "$way" = closed ]; then how=(--clients "$load_clients"); fi
      if [ "$way" = stall ]; then how=(--rate "$rate"); fi
      load_timed "$hotseat" load "$load_url" --for "${seconds}s" "${how[@]}" --no-evidence --json
      load_answered=$(field answered "$work/load.out")
      load_p99=$(grep -oE '"latency":[{][^}]*' "$work/load.out" | sed -E 's/.*"p99_us":([0-9]+|null).*/\1/' |
        awk '{ print $1 == "null" ? "none" : sprintf("%.0f ms", $1 / 1000) }')
      load_void=$(sed -nE 's/.*"fell_behind":"([^"]*)".*/\1/p' "$work/load.out")
      ;;
    wrk | wrk2)
      if [ "$tool" = wrk2 ]; then how=(-R "$rate"); fi
      load_timed "$tool" -t1 -c"$load_clients" -d"${seconds}s" --latency "${how[@]}" "$load_url"
      load_answered=$(awk '/requests in/ { print $1 }' "$work/load.out")
      load_p99=$(awk '$1 == "99%" || $1 == "99.000%" { print $2 }' "$work/load.out")
      ;;
    oha)
      if [ "$way" != closed ]; then how=(-q "$rate" --latency-correction); fi
      load_timed oha --no-tui --output-format json -c "$load_clients" -z "${seconds}s" "${how[@]}" "$load_url"
      load_answered=$(grep -oE '"200": *[0-9]+' "$work/load.out" | grep -oE '[0-9]+$')
      load_p99=$(grep -oE '"p99": *[0-9.]+' "$work/load.out" | head -n 1 | grep -oE '[0-9.]+$' | awk '{ printf "%.0f ms", $1 }')
      ;;
    k6)
      how=(-e RATE="$rate")
      if [ "$way" = closed ]; then how=(-e CLIENTS="$load_clients"); fi
      load_timed k6 run --quiet -e URL="$load_url" -e SECONDS="$seconds" "${how[@]}" scripts/bench/load.js
      load_answered=$(field answered "$work/load.out")
      load_p99=$(field p99_ms "$work/load.out" | awk '{ printf "%.0f ms", $1 }')
      ;;
  esac
  load_divide
}

# Sets load_cpu_us from the last run's CPU and answers.
load_divide() {
  load_cpu_us=$(awk -v ms="$load_cpu_ms" -v n="${load_answered:-0}" 'BEGIN { printf "%.2f", (n > 0 ? ms * 1000 / n : 0) }')
}

# load_costs closed|open TOOL…: CPU a request of each, taken in turns, and ours beside the first of the others.
load_costs() {
  local way=$1 tool run ours="" other=""
  local -A costs=() answers=()
  shift
  for ((run = 1; run <= load_runs; run++)); do
    for tool in "$@"; do
      if load_is_here "$tool"; then
        load_by "$tool" "$way" "$load_seconds" "$load_rate"
        costs[$tool]+="$load_cpu_us "
        answers[$tool]+="$((load_answered / load_seconds)) "
      fi
    done
  done
  for tool in "$@"; do
    if ! load_is_here "$tool"; then
      plain "$way loop, $tool" "could not be had"
      continue
    fi
    # shellcheck disable=SC2086 # one word each
    load_cpu_us=$(median ${costs[$tool]})
    # shellcheck disable=SC2086
    plain "$way loop, $tool: CPU a request (at $(median ${answers[$tool]}) a second)" "$load_cpu_us µs"
    if [ "$tool" = hotseat ]; then ours=$load_cpu_us; elif [ -z "$other" ]; then
      other=$(awk -v a="$ours" -v b="$load_cpu_us" 'BEGIN { printf "%.2f", a / b }')
      row "$way loop, hotseat / $tool: CPU a request" "$other" "$load_cpu_ratio_max" "$other x" "$load_cpu_ratio_max x"
    fi
  done
}

# The same closed loop with each request written down, which is what people get.
load_with_evidence() {
  load_timed "$hotseat" load "$load_url" --clients "$load_clients" --for "${load_seconds}s" --evidence "$work/load.sqlite" --json
  load_answered=$(field answered "$work/load.out")
  load_divide
  plain "closed loop, hotseat with its evidence: CPU a request" "$load_cpu_us µs"
}

# load_keeps TOOL RATE: is the schedule kept, and are 999 of 1,000 requests answered (ours: within a second)?
load_keeps() {
  load_by "$1" open "$load_seconds" "$2"
  [ -z "$load_void" ] && [ $((${load_answered:-0} * 1000)) -ge $(($2 * load_seconds * 999)) ]
}

# The highest rate kept, to one part in twenty: by doubling or halving, and then by halves between.
load_highest() {
  local tool=$1 kept=0 missed=0 rate=$load_highest_begin
  while [ "$kept" -eq 0 ] || [ "$missed" -eq 0 ] || [ $(((missed - kept) * 20)) -gt "$kept" ]; do
    if load_keeps "$tool" "$rate"; then kept=$rate; else missed=$rate; fi
    if [ "$missed" -eq 0 ]; then
      rate=$((rate * 2))
    elif [ "$kept" -gt 0 ]; then
      rate=$(((kept + missed) / 2))
    elif [ "$rate" -gt 1 ]; then
      rate=$((rate / 2))
    else
      break
    fi
  done
  plain "open loop, $tool: the highest rate kept, 99.9 % answered" "$kept / s"
}

load_stalled() {
  local tool text p99_ms
  for tool in "${LOAD_ALL[@]}"; do
    text="a stall of $load_stall_for_s s in $load_stall_run_s s, $tool: the p99 that it reports"
    if ! load_is_here "$tool"; then
      plain "$text" "could not be had"
      continue
    fi
    load_serve "$load_stall_after_s" "$load_stall_for_s"
    load_by "$tool" stall "$load_stall_run_s" "$load_stall_rate"
    load_stop
    if [ "$tool" = hotseat ]; then
      p99_ms=${load_p99% ms}
      # The bar is a lower one, so both sides are turned round.
      row "$text, at least" "-${p99_ms/none/0}" "-$load_stall_p99_ms_min" "$load_p99" "$load_stall_p99_ms_min ms"
    else
      plain "$text" "$load_p99"
    fi
    if [ -n "$load_void" ]; then say "    VOID: $load_void"; fi
  done
}

load_figures() {
  local tool
  load_pin
  load_serve
  load_costs closed "${LOAD_CLOSED[@]}"
  load_with_evidence
  load_costs open "${LOAD_OPEN[@]}"
  for tool in "${LOAD_OPEN[@]}"; do
    if load_is_here "$tool"; then load_highest "$tool"; fi
  done
  load_stop
  load_stalled
}
