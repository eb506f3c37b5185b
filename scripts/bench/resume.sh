# shellcheck shell=bash
# shellcheck disable=SC2154 # work, hotseat, examples, help_runs and child belong to the script that sources this
#
# Figures of the résumé, beside RenderCV and `resumed` with a theme. Sourced, never run.

readonly cold_pdf_ms_max=250
readonly cold_ratio_min=8
readonly again_ms_max=40
readonly resume_memory_mb_max=90
readonly job_ms_max=20
readonly resume_saves=15
# Of their registries, in folders of their own that stay.
readonly RENDERCV_DIR=target/rendercv
readonly RESUMED_DIR=target/resumed

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
  local dir=$work/resume binary
  binary=$(cd "$(dirname "$hotseat")" && pwd)/hotseat
  mkdir -p "$dir"
  (cd "$dir" && "$binary" resume init >/dev/null)
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
  : >"$dir/watch.log" # it is looked into before the process has begun
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

# A description as they are written: 1,000 words, of which no two lines are the same.
job_of_1000_words() {
  awk 'BEGIN {
    split("Kubernetes PostgreSQL Kafka Redis Go Python Java Terraform AWS gRPC Docker Linux", named, " ")
    split("design run test measure review document operate", verbs, " ")
    for (words = 0; words < 1000; words += 24) {
      number++
      printf "- You %s services in %s and %s with teams in %d countries, and have %d years of experience with %s in production systems\n",
        verbs[number % 7 + 1], named[number % 12 + 1], named[(number * 5) % 12 + 1], number, number % 9 + 1, named[(number * 7) % 12 + 1]
    }
  }'
}

resume_job() {
  local dir=$1
  job_of_1000_words >"$dir/job.md"
  whole env HOTSEAT_HOME="$work/home" "$hotseat" resume check "$dir/resume.toml" --job "$dir/job.md"
  row "check with a job description of $(wc -w <"$dir/job.md") words, from start to exit" "$REPLY" "$job_ms_max" "$REPLY ms" "$job_ms_max ms"
}

# RenderCV's templates import the package fontawesome. Where Typst's packages cannot be fetched, one that draws no
# icon stands in its place, which can only make RenderCV faster.
rendercv_icons() {
  local version
  version=$(grep -rhoE 'preview/fontawesome:[0-9.]+' "$RENDERCV_DIR"/lib/python3*/site-packages/rendercv | head -n 1 | cut -d : -f 2)
  local package=$work/xdg/typst/packages/preview/fontawesome/$version
  mkdir -p "$package"
  printf '[package]\nname = "fontawesome"\nversion = "%s"\nentrypoint = "lib.typ"\n' "$version" >"$package/typst.toml"
  printf '#let fa-icon(..any) = none\n#let fa-version(..any) = none\n' >"$package/lib.typ"
}

# From PyPI, the newest that this Python can have; it needs click, and does not say so.
rendercv_is_here() {
  [ -x "$RENDERCV_DIR/bin/rendercv" ] || {
    command -v python3 >/dev/null && python3 -m venv "$RENDERCV_DIR" &&
      "$RENDERCV_DIR/bin/pip" install --quiet --disable-pip-version-check 'rendercv[full]>=2.3' click
  } >"$work/pip-rendercv.log" 2>&1
}

rendercv_render() {
  XDG_CACHE_HOME=$work/xdg XDG_DATA_HOME=$work/xdg "$rendercv" render "John_Doe_CV.yaml" \
    --dont-generate-markdown --dont-generate-html --dont-generate-png
}

resume_rendercv() {
  local dir=$1/rendercv here=$PWD rendercv times icons="" pdf
  if ! rendercv_is_here; then
    plain "RenderCV" "not here"
    return
  fi
  rendercv=$(cd "$RENDERCV_DIR" && pwd)/bin/rendercv
  mkdir -p "$dir"
  cd "$dir"
  "$rendercv" new "John Doe" >/dev/null 2>&1 || true
  if ! rendercv_render >/dev/null 2>&1; then
    cd "$here"
    rendercv_icons
    icons=", without icons"
    cd "$dir"
  fi
  if ! whole rendercv_render; then
    cd "$here"
    plain "RenderCV" "made no PDF here"
    return
  fi
  cd "$here"
  times=$(awk -v a="$REPLY" -v b="$cold_ms" 'BEGIN { printf "%.1f", a / b }')
  plain "RenderCV $("$RENDERCV_DIR/bin/pip" show rendercv 2>/dev/null | sed -nE 's/^Version: //p'), PDF only, its own sample$icons" "$REPLY ms"
  # The bar is a lower one, so both sides are turned round.
  row "RenderCV / hotseat, at least $cold_ratio_min" "-$times" "-$cold_ratio_min" "$times x" "$cold_ratio_min x"
  for pdf in "$dir"/rendercv_output/*.pdf; do
    "$examples/read_pdf" "$pdf" >"$dir/read.txt"
    plain "words of its sample read by content / layout order (no dates, no links)" \
      "$("$RENDERCV_DIR/bin/python" scripts/bench/recall.py "$dir/John_Doe_CV.yaml" "$dir/read.txt")"
  done
}

resumed_is_here() {
  [ -x "$RESUMED_DIR/node_modules/.bin/resumed" ] || {
    mkdir -p "$RESUMED_DIR" && command -v npm >/dev/null &&
      npm install --prefix "$RESUMED_DIR" --silent --no-audit --no-fund resumed@6.1.0 jsonresume-theme-even@0.26.1
  } >"$work/npm-resumed.log" 2>&1
}

# JSON Resume's own way: no PDF without a browser, so it is HTML that is timed.
resume_resumed() {
  HOTSEAT_HOME=$work/home "$hotseat" resume export "$1/resume.toml" --format json --out "$1/resume.json" >/dev/null
  if ! resumed_is_here; then
    plain "resumed, theme even" "not here"
  elif whole "$RESUMED_DIR/node_modules/.bin/resumed" render "$1/resume.json" --theme jsonresume-theme-even --output "$1/resumed.html"; then
    plain "resumed 6.1.0, theme even, HTML only" "$REPLY ms"
  else
    plain "resumed 6.1.0, theme even" "made nothing here"
  fi
}
