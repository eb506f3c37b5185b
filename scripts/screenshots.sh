#!/usr/bin/env bash
# The README's two pictures, from real data in a data directory of their own: the charts of a run of
# slow-query that failed, and an answer with its feedback. Needs chromium and its driver; writes docs/images/*.png.
#
#   HOTSEAT=PATH   a hotseat that is built already

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly QUESTION=slow-postgresql-query
readonly BYTES_MAX=250000

work=$(mktemp -d)
chmod 755 "$work" # the database server of somebody who is root is somebody else
app=""            # its process
driver=""         # the browser's driver
session=""
end() {
  if [ -n "$session" ]; then curl -sS -X DELETE "http://127.0.0.1:$port/session/$session" >/dev/null || true; fi
  if [ -n "$driver" ]; then kill "$driver" 2>/dev/null || true; fi
  if [ -n "$app" ]; then
    kill -INT "$app" 2>/dev/null || true
    wait "$app" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

command -v chromedriver >/dev/null || die 1 "chromedriver is not installed, and nothing else can take the pictures." \
  "Debian, Ubuntu: apt-get install chromium-driver"

if [ -n "${HOTSEAT:-}" ]; then
  hotseat=$HOTSEAT
else
  scripts/setup.sh
  use_rust
  build_hotseat
fi

mkdir "$work/home" "$work/workspaces"
export HOTSEAT_HOME=$work/home HOTSEAT_WORKSPACES=$work/workspaces
"$hotseat" drill start slow-query "$work/workspaces/slow-query" >/dev/null
code=0
"$hotseat" drill check "$work/workspaces/slow-query" >"$work/check" || code=$?
[ "$code" -eq 1 ] || die 1 "The starter of slow-query should have failed; exit code $code:" "$(cat "$work/check")"

true >"$work/out"
"$hotseat" app --no-open >>"$work/out" &
app=$!
for ((tries = 0; tries < 200; tries++)); do
  address=$(head -n 1 "$work/out")
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "${address:-}" ] || die 1 "The app did not start."

true >"$work/driver"
chromedriver --port=0 >>"$work/driver" 2>&1 &
driver=$!
for ((tries = 0; tries < 200; tries++)); do
  port=$(sed -nE 's/.*successfully on port ([0-9]+).*/\1/p' "$work/driver")
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "${port:-}" ] || die 1 "chromedriver did not start:" "$(cat "$work/driver")"

# tell PATH JSON: a command to the browser; prints its answer.
tell() {
  curl -sS -H "Content-Type: application/json" -d "$2" "http://127.0.0.1:$port/session$1"
}
devtools() {
  tell "/$session/goog/cdp/execute" "{\"cmd\":\"$1\",\"params\":$2}"
}

session=$(tell "" '{"capabilities":{"alwaysMatch":{"goog:chromeOptions":{"args":["--headless","--no-sandbox",
  "--disable-gpu","--disable-dev-shm-usage","--disable-lcd-text","--hide-scrollbars"]}}}}' |
  sed -nE 's/.*"sessionId":"([^"]+)".*/\1/p')
[ -n "$session" ] || die 1 "chromium did not start."
devtools Emulation.setEmulatedMedia '{"features":[{"name":"prefers-color-scheme","value":"light"}]}' >/dev/null
devtools Emulation.setDeviceMetricsOverride \
  '{"width":1440,"height":900,"deviceScaleFactor":1,"mobile":false}' >/dev/null

# picture NAME PATH: a page as it is on a screen of 1440 by 900 pixels, light.
picture() {
  local file=docs/images/$1.png size
  tell "/$session/url" "{\"url\":\"${address%/}$2\"}" >/dev/null
  devtools Page.captureScreenshot '{"format":"png"}' | sed -nE 's/.*"data":"([^"]+)".*/\1/p' | base64 -d >"$file"
  python3 scripts/screenshots/smaller.py "$file"
  size=$(wc -c <"$file")
  [ "$size" -lt "$BYTES_MAX" ] || die 1 "$file has $size bytes; $BYTES_MAX are the most."
  say "$file: $size bytes"
}

mkdir -p docs/images
# A look begins the drawing of the charts; the page says when they are there.
for ((tries = 0; tries < 600; tries++)); do
  case $(curl -sS "${address}runs/slow-query-1") in
    *'id="charts"'*) break ;;
  esac
  sleep 0.1
done
picture verdict '/runs/slow-query-1#charts'

answer=$(curl -sS -o /dev/null -w '%{redirect_url}' -H "Origin: ${address%/}" \
  --data-urlencode "text@packs/backend/questions/$QUESTION/fair.md" -d estimate=70 -d seconds=200 \
  "${address}questions/$QUESTION")
[ -n "$answer" ] || die 1 "The app did not take the answer."
picture answer "/${answer#"$address"}"
