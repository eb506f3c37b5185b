#!/usr/bin/env bash
# cargo, also where it is not on the PATH or its toolchains belong to another HOME.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

use_rust || die "$EXIT_MISSING" "No cargo $(rust_version_min) or newer was found. Run scripts/setup.sh, which installs it."
exec cargo "$@"
