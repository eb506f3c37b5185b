# shellcheck shell=bash
#
# Stopwatch, median and table of `make bench`. Sourced, never run.

# stopwatch BEGAN: sets REPLY to the microseconds since BEGAN, an $EPOCHREALTIME. No subshell, which
# would be part of what is measured.
stopwatch() {
  local now=$EPOCHREALTIME
  REPLY=$((${now/[.,]/} - ${1/[.,]/}))
}

median() {
  printf '%s\n' "$@" | sort -n |
    awk '{ of[NR] = $1 } END { print NR % 2 ? of[(NR + 1) / 2] : (of[NR / 2] + of[NR / 2 + 1]) / 2 }'
}

# seconds MS: "1.23 s"
seconds() {
  awk -v ms="$1" 'BEGIN { printf "%.2f s", ms / 1000 }'
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b > 0 ? a / b : 0 }'
}

readonly ROW='%-74s %10s %10s  %s\n'

heading() {
  # shellcheck disable=SC2059 # the format is ours
  printf "$ROW" "$1" got bar ""
}

# row TEXT GOT BAR [SHOWN_GOT SHOWN_BAR]: numbers, and how to show them where that differs.
row() {
  local verdict
  verdict=$(awk -v got="$2" -v bar="$3" 'BEGIN { print got <= bar ? "within" : "over" }')
  # shellcheck disable=SC2059
  printf "$ROW" "  $1" "${4:-$2}" "${5:-$3}" "$verdict"
}

# row_s TEXT MS BAR_MS: the same for times.
row_s() {
  row "$1" "$2" "$3" "$(seconds "$2")" "$(seconds "$3")"
}

# plain TEXT GOT: a figure without a bar.
plain() {
  # shellcheck disable=SC2059
  printf "$ROW" "  $1" "$2" "" ""
}
