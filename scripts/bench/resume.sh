# shellcheck shell=bash
# shellcheck disable=SC2154 # work, hotseat, help_runs and child belong to the script that sources this
#
# Figures of the résumé, beside RenderCV and `resumed` with a theme. Sourced, never run.

readonly cold_pdf_ms_max=250
readonly cold_ratio_min=8
readonly again_ms_max=40
readonly resume_memory_mb_max=90
readonly job_ms_max=20
readonly RENDERCV=2.8
readonly FONTAWESOME=0.6.0
readonly resume_saves=15

# whole COMMAND…: sets REPLY to the median milliseconds of a whole process.
whole() {
  local began number
  local -a times=()
  for ((number = 1; number <= help_runs; number++)); do
    began=$EPOCHREALTIME
    "$@" >/dev/null 2>&1 || return 1
    stopwatch "$began"
    times+=("$REPLY")
  done
  REPLY=$(median "${times[@]}" | awk '{ printf "%.1f", $1 / 1000 }')
}

resume_figures() {
  local dir=$work/resume
  mkdir -p "$dir"
  (cd "$dir" && HOTSEAT_HOME=$work/home "$hotseat" resume init >/dev/null)
  resume_cold "$dir"
  resume_watch "$dir"
  resume_recall "$dir"
  resume_job "$dir"
  resume_rendercv "$dir"
  resume_resumed "$dir"
}

resume_cold() {
  whole env HOTSEAT_HOME="$work/home" "$hotseat" resume build "$1/resume.toml"
  cold_ms=$REPLY
  row "résumé to PDF, from start to exit (median of $help_runs)" "$cold_ms" "$cold_pdf_ms_max" "$cold_ms ms" "$cold_pdf_ms_max ms"
}

# Saves that change a word each; hotseat says itself how long it took from the read source to the PDF.
resume_watch() {
  local dir=$1 number lines kb
  local -a times
  HOTSEAT_HOME=$work/home "$hotseat" resume watch "$dir/resume.toml" --json >"$dir/watch.log" 2>/dev/null &
  child=$!
  for ((number = 1; number <= resume_saves; number++)); do
    until lines=$(wc -l <"$dir/watch.log") && [ "$lines" -ge "$number" ]; do
      kill -0 "$child" 2>/dev/null || die 1 "hotseat resume watch has ended:" "$(cat "$dir/watch.log")"
      sleep 0.02
    done
    sed -E "s/^label = \"Backend developer.*\"/label = \"Backend developer $number\"/" "$dir/resume.toml" >"$dir/.next"
    mv "$dir/.next" "$dir/resume.toml"
  done
  kb=$(sed -nE 's/^VmHWM:[^0-9]*([0-9]+) kB/\1/p' "/proc/$child/status" 2>/dev/null || true)
  kill "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  child=""
  mapfile -t times < <(tail -n +2 "$dir/watch.log" | sed -nE 's/.*"milliseconds":([0-9.]+).*/\1/p')
  row "the PDF again after a save under watch (median of ${#times[@]})" "$(median "${times[@]}")" "$again_ms_max" \
    "$(median "${times[@]}") ms" "$again_ms_max ms"
  if [ -n "$kb" ]; then
    row "its peak memory" "$(((kb + 1023) / 1024))" "$resume_memory_mb_max" "$(((kb + 1023) / 1024)) MB" "$resume_memory_mb_max MB"
  fi
}

# recall FILE: words read of words there, in both orders, from a report.
recall() {
  grep -oE '"(content|layout)_order":\{"words":[0-9]+,"read":[0-9]+' "$1" |
    sed -E 's/.*"words":([0-9]+),"read":([0-9]+)/\2 \1/' | awk '{ printf "%s%s of %s", sep, $1, $2; sep = " / " }'
}

resume_recall() {
  local dir=$1 template missing
  for template in plain compact classic; do
    HOTSEAT_HOME=$work/home "$hotseat" resume build "$dir/resume.toml" --template "$template" >/dev/null
    HOTSEAT_HOME=$work/home "$hotseat" resume check "$dir/resume.toml" --json >"$dir/report.json" || true
    missing=$(recall "$dir/report.json" | awk '{ print ($1 == $3 && $5 == $7) ? 0 : 1 }')
    row "words read back by content / layout order, template $template" "$missing" 0 "$(recall "$dir/report.json")" "all"
  done
}

resume_job() {
  local dir=$1
  awk 'BEGIN { for (i = 0; i < 125; i++) print "- " i " years of experience with Kubernetes and PostgreSQL" }' >"$dir/job.md"
  whole env HOTSEAT_HOME="$work/home" "$hotseat" resume check "$dir/resume.toml" --job "$dir/job.md"
  row "check with a job description of 1,000 words, from start to exit" "$REPLY" "$job_ms_max" "$REPLY ms" "$job_ms_max ms"
}

# RenderCV as its users have it, with its icon package put where it looks for it.
resume_rendercv() {
  local dir=$1 packages=$work/xdg/typst/packages/preview/fontawesome venv=$work/rendercv times
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install -q "rendercv[full]==$RENDERCV"; } >"$work/pip-rendercv.log" 2>&1; then
    plain "RenderCV $RENDERCV" "could not be had"
    return
  fi
  mkdir -p "$packages"
  if ! git clone -q --depth 1 -b "v$FONTAWESOME" https://github.com/duskmoon314/typst-fontawesome "$packages/$FONTAWESOME" 2>/dev/null; then
    rm -rf "${packages:?}/$FONTAWESOME"
  fi
  (cd "$dir" && "$venv/bin/rendercv" new "John Doe" >/dev/null 2>&1) || true
  if ! (cd "$dir" && XDG_CACHE_HOME=$work/xdg whole "$venv/bin/rendercv" render John_Doe_CV.yaml \
    --dont-generate-markdown --dont-generate-html --dont-generate-png && echo "$REPLY" >"$dir/rendercv.ms"); then
    plain "RenderCV $RENDERCV" "made no PDF here (its icon package?)"
    return
  fi
  times=$(awk -v a="$(cat "$dir/rendercv.ms")" -v b="$cold_ms" 'BEGIN { printf "%.1f", a / b }')
  plain "RenderCV $RENDERCV, PDF only, its own sample" "$(cat "$dir/rendercv.ms") ms"
  # The bar is a lower one, so both sides are turned round.
  row "RenderCV / hotseat, at least $cold_ratio_min" "-$times" "-$cold_ratio_min" "$times x" "$cold_ratio_min x"
}

# JSON Resume's own way: no PDF without a browser, so it is HTML that is timed.
resume_resumed() {
  local dir=$1/npm
  mkdir -p "$dir"
  HOTSEAT_HOME=$work/home "$hotseat" resume export "$1/resume.toml" --format json --out "$dir/resume.json" >/dev/null
  if ! command -v npm >/dev/null ||
    ! (cd "$dir" && npm install --silent --no-audit --no-fund resumed@6.1.0 jsonresume-theme-even) >"$work/npm.log" 2>&1; then
    plain "resumed with theme even" "could not be had"
    return
  fi
  if (cd "$dir" && whole npx --no-install resumed render resume.json --theme jsonresume-theme-even && echo "$REPLY" >ms); then
    plain "resumed, theme even, HTML only" "$(cat "$dir/ms") ms"
  else
    plain "resumed with theme even" "made nothing here"
  fi
}
