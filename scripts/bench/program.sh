# shellcheck shell=bash
# shellcheck disable=SC2154 # hotseat, work, few_runs: set by the script that sources this
#
# What a verdict on a program costs, level by level. Sourced, never run.

readonly verdict_ms_max=30000
readonly first_finding_ms_max=5000

# verdict_of_program LEVEL: judges the Python solution of payments-api a few times.
verdict_of_program() {
  local level=$1 dir=$work/payments-$1 number
  local -a totals=() firsts=()
  "$hotseat" drill start payments-api "$dir" --level "$level" --language python >/dev/null
  cp -r packs/backend/drills/payments-api/solutions/python/. "$dir/"
  for ((number = 0; number <= few_runs; number++)); do
    HOTSEAT_HOME=$work/programs "$hotseat" drill check "$dir" --json >"$work/program.json" ||
      die 1 "The Python solution did not pass at level $level:" "$(cat "$work/program.json")"
    # The first one also installs the packages.
    if [ "$number" -gt 0 ]; then
      totals+=("$(field total_ms "$work/program.json")")
      firsts+=("$(field first_figures_ms "$work/program.json")")
    fi
  done
  row_s "payments-api, $level: the whole verdict (median of $few_runs)" "$(median "${totals[@]}")" "$verdict_ms_max"
  row_s "payments-api, $level: from the start to the first finding" "$(median "${firsts[@]}")" "$first_finding_ms_max"
}

programs() {
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    plain "payments-api" "not measured: Python has no venv here"
    return
  fi
  verdict_of_program design
  verdict_of_program idempotency
  verdict_of_program gateway-trouble
}
