#!/usr/bin/env bash
# Checks the shell scripts with shellcheck where it is there.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if ! command -v shellcheck >/dev/null; then
  say "SKIPPED: shellcheck is not here, so the scripts were not checked."
  exit 0
fi
shellcheck --external-sources scripts/*.sh .ci/run
say "shellcheck: nothing to complain about."
