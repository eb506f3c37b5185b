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

# children_cpu FILE: sets REPLY to the milliseconds of CPU that ended children have used so far.
children_cpu() {
  # In a subshell, `times` would not know them.
  times >"$1"
  REPLY=$(awk 'END { gsub(/[ms]/, " "); print int(1000 * (60 * $1 + $2 + 60 * $3 + $4)) }' "$1")
}

# seconds MS: "1.23 s"
seconds() {
  awk -v ms="$1" 'BEGIN { printf "%.2f s", ms / 1000 }'
}

sum() {
  printf '%s\n' "$@" | awk '{ n += $1 } END { print n }'
}

ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f x", a / b }'
}

readonly ROW='%-76s %14s %10s  %s\n'

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
