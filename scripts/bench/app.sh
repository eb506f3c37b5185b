# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # hotseat, examples, work and child belong to the script that sources this
#
# What the app in the browser costs: the first page, every page under load with a store that is full, its weight,
# a run with a million operations, a thousand listeners, memory at rest. Sourced, never run.
#
#   APP_SECONDS=5     how long each page is asked
#   APP_ANSWERS=5000  answers in the store
#   APP_RUNS=500      stored runs

readonly app_seconds=${APP_SECONDS:-5}
readonly app_answers=${APP_ANSWERS:-5000}
readonly app_runs=${APP_RUNS:-500}
readonly app_rate=200
readonly app_port=7499
readonly app_url=http://127.0.0.1:$app_port
readonly app_listeners=1000

readonly app_first_ms_max=80
readonly app_p99_ms_max=15
readonly app_weight_kb_max=60
readonly app_million_ms_max=150
readonly app_memory_mb_max=60

app_core=() # what keeps the app on one core

# app_answers_now: whether the app listens; no process is started for the question.
app_answers_now() {
  { exec 9<>"/dev/tcp/127.0.0.1/$app_port"; } 2>/dev/null
}

# app_start HOME: starts the app and waits until it listens.
app_start() {
  HOTSEAT_HOME=$1 HOTSEAT_WORKSPACES=$work/app-workspaces "${app_core[@]}" "$hotseat" app --no-open --port "$app_port" >"$work/app-out" &
  child=$!
  until app_answers_now; do
    kill -0 "$child" || die 1 "The app did not start:" "$(cat "$work/app-out")"
  done
}

app_stop() {
  kill -INT "$child"
  wait "$child" 2>/dev/null || true
  child=""
}

# From the start of the process until the first page has come, whole.
app_first_page() {
  local number began status
  local -a times=()
  for ((number = 1; number <= runs; number++)); do
    began=$EPOCHREALTIME
    app_start "$1"
    printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$app_port" >&9
    read -r status <&9
    cat <&9 >/dev/null
    stopwatch "$began"
    times+=("$REPLY")
    [[ $status == *" 200 "* ]] || die 1 "The first page answered $status"
    app_stop
  done
  row "from process start to the whole first page (median of $runs)" \
    "$(median "${times[@]}" | awk '{ printf "%.1f", $1 / 1000 }')" "$app_first_ms_max" \
    "$(median "${times[@]}" | awk '{ printf "%.0f ms", $1 / 1000 }')" "$app_first_ms_max ms"
}

# Answers come in through the API, in one process and over one connection.
app_fill_answers() {
  local number id
  local -a ids
  mapfile -t ids < <("$hotseat" questions list --json | grep -oE '"id":"[^"]*"' | cut -d '"' -f 4)
  for id in "${ids[@]}"; do
    # As JSON: line breaks and quotes escaped.
    { printf '{"text":"' && sed -e '1,/^+++$/{/^+++$/,/^+++$/d}' -e 's/[\\"]/\\&/g' "packs/backend/questions/$id/strong.md" |
      tr -d '\r\t' | awk '{ printf "%s\\n", $0 }' && printf '"}'; } >"$work/answer-$id.json"
  done
  for ((number = 0; number < app_answers; number++)); do
    id=${ids[number % ${#ids[@]}]}
    # Between two requests stands `next`, and each says all that it needs.
    [ "$number" -eq 0 ] || printf 'next\n'
    printf 'url = "%s/api/v1/questions/%s/answers"\ndata-binary = "@%s"\nheader = "Content-Type: application/json"\n' \
      "$app_url" "$id" "$work/answer-$id.json"
    printf 'output = /dev/null\nsilent\nshow-error\nfail\n'
  done >"$work/answers.curl"
  curl --config "$work/answers.curl"
}

# Runs are copies of one, under other names; the evidence is the same file.
app_fill_runs() {
  local home=$1 first number
  first=$(basename "$run_dir")
  for ((number = 1001; number <= 1000 + app_runs; number++)); do
    cp -al "$run_dir" "$home/runs/$drill-$number"
    rm "$home/runs/$drill-$number/verdict.json"
    sed "s/\"$first\"/\"$drill-$number\"/" "$run_dir/verdict.json" >"$home/runs/$drill-$number/verdict.json"
  done
}

# One of them with a million operations, in files of its own.
app_fill_million() {
  local home=$1
  cp -r "$run_dir" "$home/runs/$drill-2000"
  sed -i "s/\"$(basename "$run_dir")\"/\"$drill-2000\"/" "$home/runs/$drill-2000/verdict.json"
  "$examples/million_in_run" "$home/runs/$drill-2000/evidence.sqlite" >/dev/null
}

# app_p99 PATH: microseconds, from the scheduled start, at the rate.
app_p99() {
  local code=0
  "$hotseat" load "$app_url$1" --rate "$app_rate" --for "${app_seconds}s" --no-evidence --json >"$work/load.json" \
    2>"$work/load.err" || code=$?
  # A generator that fell behind (3) has figures all the same.
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || die 1 "$1 could not be loaded:" "$(cat "$work/load.err")"
  [ "$(field answered "$work/load.json")" -gt 0 ] || die 1 "$1 was never answered."
  sed -nE 's/.*"latency":\{[^}]*"p99_us":([0-9]+).*/\1/p' "$work/load.json"
}

# app_cpu: hundredths of a second of CPU that the app has used so far; 0 where the kernel does not tell.
app_cpu() {
  [ -r "/proc/$child/stat" ] || { say 0; return; }
  sed 's/^.*) //' "/proc/$child/stat" | awk '{ print $12 + $13 }'
}

# app_weight PATH: bytes of a page with all that it brings along, as they travel, its charts left out.
app_weight() {
  local total asset
  curl --silent --fail "$app_url$1" >"$work/page.html"
  # A chart goes from its beginning to its end, on one line or several.
  total=$(tr '\n' ' ' <"$work/page.html" | sed 's#</svg>#\n#g' | sed 's#<svg.*$##' | gzip -6 | wc -c)
  for asset in $(grep -oE '(href|src)="/assets/[^"]*"' "$work/page.html" | cut -d '"' -f 2 | sort -u); do
    total=$((total + $(curl --silent --fail -H 'Accept-Encoding: gzip' "$app_url$asset" | wc -c)))
  done
  say "$total"
}

app_pages() {
  local path p99 cpu weight worst=0 heaviest=0 worst_path="" heaviest_path="" answer
  answer=$(curl --silent "$app_url/questions/slow-postgresql-query" | grep -oE '/answers/[A-Za-z0-9_-]+' | head -n 1)
  for path in / /guide /questions/slow-postgresql-query "$answer" /review /plan /resume /drills "/drills/$drill" /runs \
    "/runs/$drill-1001" "/runs/$drill-1001/evidence" /progress /data /api; do
    [ -n "$path" ] || die 1 "There is no answer to look at."
    app_p99 "$path" >/dev/null # what is read once is read now
    cpu=$(app_cpu)
    p99=$(app_p99 "$path")
    cpu=$(($(app_cpu) - cpu))
    weight=$(app_weight "$path")
    printf '    %-44s p99 %6.1f ms  CPU %5.2f ms  %5.1f kB\n' "$path" "$(awk -v us="$p99" 'BEGIN { print us / 1000 }')" \
      "$(awk -v n="$cpu" -v of="$((app_rate * app_seconds))" 'BEGIN { print n * 10 / of }')" "$(awk -v bytes="$weight" 'BEGIN { print bytes / 1000 }')"
    if [ "$p99" -gt "$worst" ]; then worst=$p99 worst_path=$path; fi
    if [ "$weight" -gt "$heaviest" ]; then heaviest=$weight heaviest_path=$path; fi
  done
  row "highest p99 of a page at $app_rate/s on one core ($worst_path)" \
    "$(awk -v us="$worst" 'BEGIN { printf "%.1f", us / 1000 }')" "$app_p99_ms_max" "" ""
  row "heaviest page, compressed, with style and scripts, without charts ($heaviest_path)" \
    "$(awk -v bytes="$heaviest" 'BEGIN { printf "%.1f", bytes / 1000 }')" "$app_weight_kb_max" "" ""
}

# The verdict of a run with a million operations, asked for the first time.
app_million() {
  local number began
  local -a times=()
  for ((number = 1; number <= few_runs; number++)); do
    app_start "$1"
    began=$EPOCHREALTIME
    curl --silent --fail --output /dev/null "$app_url/runs/$drill-2000"
    stopwatch "$began"
    times+=("$((REPLY / 1000))")
    app_stop
  done
  row "verdict of a run with 1,000,000 operations, first time (median of $few_runs)" \
    "$(median "${times[@]}")" "$app_million_ms_max" "$(median "${times[@]}") ms" "$app_million_ms_max ms"
}

# A judging with a thousand who listen: all of them hear its end.
app_listeners_of_one() {
  local id location
  id=$(curl --silent --fail -X POST "$app_url/api/v1/workspaces" -H 'Content-Type: application/json' \
    --data "{\"drill\":\"$drill\"}" | grep -oE '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
  location=$(curl --silent --fail -D - -o /dev/null -X POST "$app_url/api/v1/judgings" -H 'Content-Type: application/json' \
    --data "{\"workspace\":\"$id\"}" | sed -nE 's/^[Ll]ocation: *([^\r]*).*/\1/p')
  "$hotseat" load "$app_url$location/events" --clients "$app_listeners" --for 1s \
    --timeout 120s --no-evidence --json >"$work/load.json" || true
  row "listeners of one judging that did not hear its end (of $app_listeners)" \
    "$((app_listeners - $(field answered "$work/load.json")))" 0
}

# rss_mb PID...: the memory of these processes together, in MB.
rss_mb() {
  local pid
  for pid; do cat "/proc/$pid/status"; done | awk '/^VmRSS:/ { kb += $2 } END { print int((kb + 1023) / 1024) }'
}

# Layouts of résumés have a process of their own, which goes when nobody edits: then the app is at rest.
app_memory() {
  local children=/proc/$child/task/$child/children second id
  id=$(curl --silent --fail "$app_url/api/v1/resumes" | grep -oE '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
  curl --silent --fail --output /dev/null -X POST "$app_url/api/v1/resumes/$id/previews" \
    -H 'Content-Type: application/json' --data '{"text":"[basics]\nname = \"Ada\"\n"}'
  # shellcheck disable=SC2046 # one word for each process
  plain "memory of the app while a résumé is edited, with the process that lays out" \
    "$(rss_mb "$child" $(<"$children")) MB"
  for ((second = 0; second < 60 && $(wc -w <"$children") > 0; second++)); do sleep 1; done
  row "memory of the app at rest, after every page was asked" "$(rss_mb "$child")" "$app_memory_mb_max" \
    "$(rss_mb "$child") MB" "$app_memory_mb_max MB"
}

app_figures() {
  local home=$work/home
  if ! command -v curl >/dev/null; then
    plain "the app: curl is not here" skipped
    return
  fi
  mkdir -p "$work/app-workspaces"
  # The last run of the judging, if that was measured before.
  [ -n "${run_dir:-}" ] || check "$home"
  if command -v taskset >/dev/null; then app_core=(taskset -c 0); fi
  app_start "$home"
  app_fill_answers
  curl --silent --fail --output /dev/null -X POST "$app_url/api/v1/resumes" -H 'Content-Type: application/json' --data '{}'
  app_stop
  app_fill_runs "$home"
  app_fill_million "$home"
  app_first_page "$home"
  app_start "$home"
  app_pages
  app_memory
  app_listeners_of_one
  app_stop
  app_million "$home"
}
