# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # ask_ms_max is read by, and work, examples: set by the script that sources this
#
# Figures of questions, schedule and store, beside py-fsrs for the schedule. Sourced, never run.

readonly load_ms_max=50
readonly feedback_ms_max=2
readonly due_ms_max=10
readonly ask_ms_max=60
readonly schedule_ratio_min=20
readonly PY_FSRS=6.3.2

feedback_speed() {
  local load_ms feedback_ms
  IFS=$'\t' read -r load_ms feedback_ms < <("$examples/speed" packs/backend)
  row "all questions and their rubrics loaded (median of 20)" "$load_ms" "$load_ms_max" "$load_ms ms" "$load_ms_max ms"
  row "feedback on an answer of 300 words (median of 1,000)" "$feedback_ms" "$feedback_ms_max" "$feedback_ms ms" "$feedback_ms_max ms"
}

due_cards() {
  local due_ms
  due_ms=$("$examples/million_reviews" "$work/million.sqlite" | sed -nE 's/^due_cards: ([0-9.]+) ms.*/\1/p')
  row "next due cards from a store of 1,000,000 reviews (median of 20)" "$due_ms" "$due_ms_max" "$due_ms ms" "$due_ms_max ms"
}

# The schedule beside py-fsrs, which is what a Python user would take.
schedule_speed() {
  local ours theirs times
  ours=$("$examples/schedule_speed" | tail -n 1)
  plain "reviews scheduled a second (100,000 reviews of 10,000 cards)" "$ours"
  if ! { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q "fsrs==$PY_FSRS"; } >"$work/pip.log" 2>&1; then
    plain "py-fsrs $PY_FSRS" "could not be had"
    return
  fi
  theirs=$("$work/venv/bin/python" scripts/bench/schedule.py | tail -n 1)
  times=$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.0f", a / b }')
  plain "py-fsrs $PY_FSRS" "$theirs"
  # The bar is a lower one, so both sides are turned round.
  row "hotseat / py-fsrs, at least $schedule_ratio_min" "-$times" "-$schedule_ratio_min" "$times x" "$schedule_ratio_min x"
}
