#!/usr/bin/env bash
# From a fresh machine to two verdicts: installs what is missing, builds hotseat, and judges the starter
# of slow-query, which must fail, then one of its solutions, which must pass.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly DRILL=slow-query
readonly DRILL_DIR=packs/backend/drills/$DRILL
readonly WORKSPACE=target/demo/$DRILL
# Not among the learner's own runs: a pass by our solution is nobody's evidence.
export HOTSEAT_HOME=$PWD/target/demo/data

SECONDS=0

# check WORKSPACE pass|fail: shows the verdict and insists on the expected ruling.
check() {
  local expected=$2 code=0 ruling
  "$hotseat" drill check "$1" || code=$?
  case $code in
    0) ruling=pass ;;
    1) ruling=fail ;;
    3) ruling="void (the run could not be judged; the reason is above)" ;;
    *) ruling="no ruling at all (exit code $code; the reason is above)" ;;
  esac
  [ "$ruling" = "$expected" ] || die 1 "" \
    "The demo expected the ruling '$expected' here, but got: $ruling." \
    "Run '$hotseat doctor' to see what this machine lacks; 'make demo' starts again."
}

# The way that the drill's first level names as its reference.
reference_way() {
  sed -nE 's/^par *= *"([^"]+)".*/\1/p' "$DRILL_DIR/drill.toml" | head -n 1
}

scripts/setup.sh
use_rust
build_hotseat

say ""
say "== The drill =="
rm -rf target/demo
mkdir -p target/demo
"$hotseat" drill start "$DRILL" "$WORKSPACE"

say ""
say "== The starter, as it was handed out: must fail =="
check "$WORKSPACE" fail
first_verdict_s=$SECONDS

way=$(reference_way)
say ""
say "== One of the solutions, $way: must pass =="
cp "$DRILL_DIR/solutions/$way"/*.sql "$WORKSPACE/"
check "$WORKSPACE" pass

say ""
say "Both rulings were right. First verdict after $first_verdict_s s, the end after $SECONDS s."
say "Each verdict names its evidence: one SQLite file with every statement, operation and plan."
say ""
say "What to do next:"
printf '  %-52s %s\n' \
  "$hotseat drill list" "the drills, and which of them this machine can run" \
  "$hotseat drill start $DRILL DIR" "solve this one yourself, in your own editor" \
  "$hotseat drill check DIR" "judge it" \
  "make install" "put hotseat on your PATH"
