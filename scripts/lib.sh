# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is used by the scripts that source this
#
# What the scripts share: messages, and finding Rust and PostgreSQL. Sourced, never run.

set -euo pipefail

# A service or a container may start us without HOME; bash then knows it from the user's entry.
if [ -z "${HOME:-}" ]; then
  unset HOME
  HOME=~
  export HOME
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly EXIT_MISSING=4 # as in hotseat itself: something is missing on this machine
readonly POSTGRES_MAJOR_MIN=15

say() { printf '%s\n' "$*"; }

die() {
  local code=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$code"
}

# at_least 1.95.0 1.89: is the first version the second one or newer?
at_least() {
  [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# The one place that says how new Rust must be is the workspace's own manifest.
rust_version_min() {
  local version=""
  if [ -f Cargo.toml ]; then
    version=$(sed -nE 's/^rust-version *= *"([0-9.]+)".*/\1/p' Cargo.toml | head -n 1)
  fi
  say "${version:-1.94}"
}

# --- Rust ---------------------------------------------------------------------

cargo_version=""
rust_note=""

# Does this cargo really run (a rustup proxy without a toolchain does not), and is it new enough?
# Settings for its environment may follow its path.
cargo_serves() {
  local cargo=$1
  shift
  # Asking must never install a toolchain unannounced.
  cargo_version=$(env RUSTUP_AUTO_INSTALL=0 "$@" "$cargo" --version 2>/dev/null | cut -d ' ' -f 2) || return 1
  [ -n "$cargo_version" ] && at_least "$cargo_version" "$(rust_version_min)"
}

# An old default need not be touched when a new enough stable lies beside it.
has_stable_toolchain() {
  compgen -G "$1/toolchains/stable*" >/dev/null
}

# use_cargo FILE: puts this cargo first on the PATH if it serves, with its toolchains if need be.
use_cargo() {
  local cargo=$1 bin rustup_home
  [ -x "$cargo" ] || return 1
  bin=$(dirname "$cargo")
  rustup_home=${RUSTUP_HOME:-$HOME/.rustup}
  if cargo_serves "$cargo"; then
    :
  elif has_stable_toolchain "$rustup_home" && cargo_serves "$cargo" RUSTUP_TOOLCHAIN=stable; then
    export RUSTUP_TOOLCHAIN=stable
    rust_note="Using rustup's stable toolchain, because the default one is too old."
  elif [[ $bin == */.cargo/bin && -r ${bin%/.cargo/bin}/.rustup ]]; then
    # Another HOME than the one that Rust was installed in: the proxy looks for its toolchains here.
    rustup_home=${bin%/.cargo/bin}/.rustup
    if cargo_serves "$cargo" RUSTUP_HOME="$rustup_home"; then
      :
    elif has_stable_toolchain "$rustup_home" &&
      cargo_serves "$cargo" RUSTUP_HOME="$rustup_home" RUSTUP_TOOLCHAIN=stable; then
      export RUSTUP_TOOLCHAIN=stable
    else
      return 1
    fi
    export RUSTUP_HOME=$rustup_home
    rust_note="Using the Rust toolchain in $rustup_home, because $HOME has none."
  else
    return 1
  fi
  export PATH="$bin:$PATH"
}

# Makes `cargo` a new enough one for this script and its children; fails if this machine has none.
use_rust() {
  use_cargo "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ||
    use_cargo "$HOME/.cargo/bin/cargo" ||
    use_cargo "$(command -v cargo || true)"
}

find_rustup() {
  local rustup
  for rustup in "${CARGO_HOME:-$HOME/.cargo}/bin/rustup" "$HOME/.cargo/bin/rustup" "$(command -v rustup || true)"; do
    if [ -x "$rustup" ]; then
      say "$rustup"
      return
    fi
  done
  return 1
}

# --- PostgreSQL ---------------------------------------------------------------

# The folders where hotseat itself looks for the server's programs.
postgres_bins() {
  if [ -n "${HOTSEAT_POSTGRES_BIN:-}" ]; then
    say "$HOTSEAT_POSTGRES_BIN"
    return
  fi
  if command -v postgres >/dev/null; then
    dirname "$(command -v postgres)"
  fi
  compgen -G '/usr/lib/postgresql/*/bin' | sort -rV || true
}

# "15.18" for a folder of programs; nothing if it holds no server.
postgres_version() {
  "$1/postgres" --version 2>/dev/null | sed -nE 's/^[^0-9]*([0-9][^ ]*).*/\1/p' || true
}

has_pg_stat_statements() {
  local bin=$1 share
  for share in "$("$bin/pg_config" --sharedir 2>/dev/null || true)" \
    "/usr/share/postgresql/$(basename "$(dirname "$bin")")" "$bin/../share/postgresql" "$bin/../share"; do
    if [ -n "$share" ] && [ -f "$share/extension/pg_stat_statements.control" ]; then
      return 0
    fi
  done
  return 1
}

# The version of the first server that will do; fails if there is none.
find_postgres() {
  local bin version
  while read -r bin; do
    version=$(postgres_version "$bin")
    if [ -n "$version" ] && at_least "$version" "$POSTGRES_MAJOR_MIN" && has_pg_stat_statements "$bin"; then
      say "$version"
      return
    fi
  done < <(postgres_bins)
  return 1
}

# What there is when nothing will do: "PostgreSQL 14.2 is too old", "no PostgreSQL server was found".
why_no_postgres() {
  local bin version why="no PostgreSQL server was found"
  while read -r bin; do
    version=$(postgres_version "$bin")
    if [ -z "$version" ]; then
      continue
    elif at_least "$version" "$POSTGRES_MAJOR_MIN"; then
      why="PostgreSQL $version in $bin lacks the extension pg_stat_statements"
      break
    fi
    why="PostgreSQL $version in $bin is too old"
  done < <(postgres_bins)
  say "$why"
}

# --- C ------------------------------------------------------------------------

# rusqlite compiles SQLite: a compiler without the C library's headers is not enough.
c_compiler_works() {
  command -v cc >/dev/null || return 1
  printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' |
    cc -x c -o /dev/null - >/dev/null 2>&1
}

# --- hotseat ------------------------------------------------------------------

# Builds the release binary and says in one line if there was nothing to do.
build_hotseat() {
  local before=""
  hotseat=${CARGO_TARGET_DIR:-target}/release/hotseat
  if [ -x "$hotseat" ]; then
    before=$(ls -l --time-style=full-iso "$hotseat" 2>/dev/null || ls -lT "$hotseat")
  fi
  cargo build --release --locked -p hotseat
  if [ "$before" = "$(ls -l --time-style=full-iso "$hotseat" 2>/dev/null || ls -lT "$hotseat")" ]; then
    say "Nothing to build: $hotseat is up to date."
  fi
}
