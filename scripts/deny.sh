#!/usr/bin/env bash
# Checks the dependencies with cargo-deny where it is there: licences, bans, sources, known vulnerabilities.
# Where it is not, the tidy test still checks licences, bans and sources, by the same deny.toml.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

use_rust || die "$EXIT_MISSING" "No cargo was found. Run scripts/setup.sh, which installs it."

if ! cargo deny --version >/dev/null 2>&1; then
  say "SKIPPED: cargo-deny is not here, so known vulnerabilities were not checked (cargo install cargo-deny --locked)."
  say "Licences, bans and sources are checked by the tidy test in any case."
  exit 0
fi

cargo deny --locked check licenses bans sources
# The list of vulnerabilities is fetched from outside, which not every machine may do.
if timeout 120 cargo deny --locked fetch db >/dev/null 2>&1; then
  cargo deny --locked check --disable-fetch advisories
else
  say "SKIPPED: the list of known vulnerabilities could not be fetched, so they were not checked."
fi
