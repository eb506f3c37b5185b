#!/usr/bin/env bash
# Holds the app's API against its own description: schemathesis makes requests, right and wrong, from the
# OpenAPI document and looks at each answer. Everything runs in a data directory of its own.
#
#   EXAMPLES=30  how many requests of each kind are made up for an operation

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly SCHEMATHESIS=4.32.5
readonly EXAMPLES=${EXAMPLES:-30}
readonly TOOLS=target/schemathesis

work=$(mktemp -d)
app="" # its process
end() {
  if [ -n "$app" ]; then
    kill -INT "$app" 2>/dev/null || true
    wait "$app" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

scripts/setup.sh --tests
use_rust
if ! [ -x "$TOOLS/bin/schemathesis" ]; then
  say "Installing schemathesis $SCHEMATHESIS into $TOOLS (a virtual environment of its own)."
  python3 -m venv "$TOOLS"
  "$TOOLS/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS"
fi

cargo build --quiet --locked -p hotseat
mkdir "$work/home" "$work/workspaces"
HOTSEAT_HOME=$work/home HOTSEAT_WORKSPACES=$work/workspaces "${CARGO_TARGET_DIR:-target}/debug/hotseat" app --no-open \
  --pack crates/hotseat/tests/pack >"$work/out" &
app=$!
for ((tries = 0; tries < 200; tries++)); do
  address=$(head -n 1 "$work/out")
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "${address:-}" ] || die 1 "The app did not start."

# Workspaces are made up, so no judging begins: what that does is tested elsewhere.
SCHEMATHESIS_HOOKS=scripts/check-api.py "$TOOLS/bin/schemathesis" --config-file scripts/check-api.toml \
  run "${address}api/v1/openapi.json" \
  --warnings off --phases examples,coverage,fuzzing --max-examples "$EXAMPLES" --generation-database none \
  --continue-on-failure --workers 1 --no-color
