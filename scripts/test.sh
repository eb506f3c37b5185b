#!/usr/bin/env bash
# Sets up what the tests need and runs them all. The last lines are the test runner's own summary.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh --tests
use_rust

# Examples in doc comments go first: there may be none, and a summary of none should not be the last word.
cargo test --workspace --locked --doc
exec cargo test --workspace --locked --no-fail-fast --lib --bins --tests
