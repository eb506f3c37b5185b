#!/usr/bin/env bash
# Installs what building and running hotseat needs, and says what before it does.
#
#   scripts/setup.sh            Rust, a C compiler, make, PostgreSQL
#   scripts/setup.sh --tests    also Python, in which the programs of the tests are written, and Chromium
#   scripts/setup.sh --ci       also clippy, rustfmt, git and shellcheck
#   scripts/setup.sh --dry-run  only says what is missing; exit code 4 if something is
#
# Packages come through apt-get on Debian, Ubuntu and their like. Elsewhere it names them, exit code 4.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for_ci=false
for_tests=false
dry_run=false
for argument in "$@"; do
  case $argument in
    --ci) for_ci=true ;;
    --tests) for_tests=true ;;
    --dry-run) dry_run=true ;;
    *) die 2 "setup.sh: unknown argument '$argument'. It takes --ci, --tests and --dry-run." ;;
  esac
done

packages=()   # for apt-get
missing=()    # the same in words, for people
rust_by=""    # how Rust gets here: "", rustup, package, installer
components=() # rustup's, for CI

has_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

apt_candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -nE 's/^ *Candidate: *//p' | grep -vxF '(none)' || true
}

# A machine without lists of packages yet may offer anything.
may_be_on_offer() {
  [ -n "$(apt_candidate "$1")" ] || ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null
}

need() {
  missing+=("$1")
  shift
  packages+=("$@")
}

# --- what is missing ----------------------------------------------------------

look_for_packages() {
  c_compiler_works || need "a C compiler (hotseat compiles SQLite): gcc, libc6-dev" gcc libc6-dev
  command -v make >/dev/null || need "make" make
  find_postgres >/dev/null ||
    need "PostgreSQL $POSTGRES_MAJOR_MIN or newer with contrib ($(why_no_postgres)): postgresql" postgresql
  if has_apt && ! [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    need "certificates for downloads: ca-certificates" ca-certificates
  fi
  if $for_tests && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    need "Python 3 with venv, for programs of the tests: python3, python3-venv" python3 python3-venv
  fi
  # On systems without these packages (Ubuntu has a snap instead) the tests of pages say that they were skipped.
  if $for_tests && has_apt && ! command -v chromedriver >/dev/null && may_be_on_offer chromium-driver; then
    need "Chromium with its driver, in which the tests look at pages: chromium, chromium-driver" chromium chromium-driver
  fi
  if $for_ci; then
    command -v git >/dev/null || need "git" git
    # Only a lint depends on it: where it can't be had, CI does without and says so.
    if has_apt && ! command -v shellcheck >/dev/null; then
      need "shellcheck" shellcheck
    fi
  fi
}

look_for_rust() {
  if use_rust; then
    if $for_ci; then
      cargo fmt --version >/dev/null 2>&1 || components+=(rustfmt)
      cargo clippy --version >/dev/null 2>&1 || components+=(clippy)
    fi
    return
  fi
  if find_rustup >/dev/null; then
    rust_by=rustup
    missing+=("Rust $(rust_version_min) or newer: rustup toolchain install stable --profile minimal")
  elif has_apt && [ -n "$(apt_candidate rustup)" ] && can_be_root; then
    rust_by=package
    need "Rust $(rust_version_min) or newer: the package rustup, then rustup toolchain install stable --profile minimal" rustup
  else
    rust_by=installer
    missing+=("Rust $(rust_version_min) or newer: the installer from https://sh.rustup.rs, into $HOME (it adds cargo to the PATH of new shells)")
    if has_apt && ! command -v curl >/dev/null && ! command -v wget >/dev/null; then
      need "curl, to fetch that installer" curl
    fi
  fi
  if $for_ci; then
    components=(rustfmt clippy)
  fi
}

look() {
  packages=() missing=() components=() rust_by=""
  look_for_packages
  look_for_rust
  if [ ${#components[@]} -gt 0 ]; then
    missing+=("for CI: rustup component add ${components[*]}")
  fi
}

say_what_is_missing() {
  say "hotseat needs what this machine does not have yet. $1"
  printf '  - %s\n' "${missing[@]}"
}

# --- systems where we install no packages ---------------------------------------

name_the_packages_and_leave() {
  local hint
  if command -v dnf >/dev/null; then
    hint="sudo dnf install gcc make postgresql-server postgresql-contrib"
  elif command -v zypper >/dev/null; then
    hint="sudo zypper install gcc make postgresql-server postgresql-contrib"
  elif command -v pacman >/dev/null; then
    hint="sudo pacman -S gcc make postgresql"
  elif command -v apk >/dev/null; then
    hint="apk add build-base postgresql17 postgresql17-contrib"
  elif command -v brew >/dev/null; then
    hint="xcode-select --install; brew install postgresql@17"
  else
    hint="(your system's packages for) gcc, make, the PostgreSQL server and its contrib extensions"
  fi
  say_what_is_missing "Please install:" >&2
  die "$EXIT_MISSING" "" \
    "Only apt-get is used without being asked. On this system, probably:" \
    "  $hint" \
    "PostgreSQL must be version $POSTGRES_MAJOR_MIN or newer. If its programs are in an unusual folder, name it:" \
    "  export HOTSEAT_POSTGRES_BIN=/path/to/bin" \
    "Then run this again."
}

# --- apt ----------------------------------------------------------------------

as_root() {
  if [ "$EUID" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

can_be_root() {
  [ "$EUID" -eq 0 ] && return
  command -v sudo >/dev/null || return 1
  # sudo may ask for a password only where there is somebody to type it.
  [ -t 0 ] || sudo -n true 2>/dev/null
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -o DPkg::Lock::Timeout=300 "$@"
}

say_root_is_needed_and_leave() {
  say_what_is_missing "Only root can install packages, and this is an ordinary user without sudo:" >&2
  die "$EXIT_MISSING" "" "As root, run" \
    "  apt-get update && apt-get install -y --no-install-recommends ${packages[*]}" \
    "then run this again."
}

# The distribution's PostgreSQL may be too old; its own package brings the way to a newer one.
check_the_postgres_on_offer() {
  local candidate
  [[ " ${packages[*]} " == *" postgresql "* ]] || return 0
  candidate=$(apt_candidate postgresql)
  candidate=${candidate%%[!0-9]*}
  if [ -z "$candidate" ] || ! at_least "$candidate" "$POSTGRES_MAJOR_MIN"; then
    die "$EXIT_MISSING" \
      "hotseat needs PostgreSQL $POSTGRES_MAJOR_MIN or newer; this system's packages offer ${candidate:-none}." \
      "The PostgreSQL project keeps newer ones. As root, run" \
      "  apt-get install -y postgresql-common" \
      "  /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh" \
      "  apt-get install -y postgresql-17" \
      "then run this again."
  fi
}

# The package would start a server of its own, with a port and a data folder. hotseat needs the programs
# only. What somebody already set up with PostgreSQL's packages stays as it is.
readonly NO_CLUSTER=/etc/postgresql-common/createcluster.d/hotseat.conf

hold_back_the_main_cluster() {
  [[ " ${packages[*]} " == *" postgresql "* ]] || return 0
  if dpkg-query -W -f '${db:Status-Status}\n' 'postgresql-[0-9]*' 2>/dev/null | grep -qx installed; then
    return
  fi
  as_root mkdir -p "$(dirname "$NO_CLUSTER")"
  say "create_main_cluster = false" | as_root tee "$NO_CLUSTER" >/dev/null
  trap 'as_root rm -f "$NO_CLUSTER"' EXIT
}

install_packages() {
  check_the_postgres_on_offer
  hold_back_the_main_cluster
  apt_get install -y -q --no-install-recommends "${packages[@]}"
}

# --- Rust ---------------------------------------------------------------------

install_toolchain() {
  local rustup=$1
  "$rustup" toolchain install stable --profile minimal ||
    die "$EXIT_MISSING" "rustup could not install Rust. Is the network there? Then run this again."
  "$rustup" default >/dev/null 2>&1 || "$rustup" default stable
}

run_rusts_installer() {
  local script
  script=$(mktemp)
  if command -v curl >/dev/null; then
    curl --proto '=https' --tlsv1.2 -sSfL https://sh.rustup.rs -o "$script"
  else
    wget -q --https-only -O "$script" https://sh.rustup.rs
  fi || die "$EXIT_MISSING" \
    "Rust's installer could not be fetched from https://sh.rustup.rs." \
    "Install Rust $(rust_version_min) or newer in another way (see https://rustup.rs), then run this again."
  # An old Rust elsewhere on the PATH stays; ours is looked for first.
  RUSTUP_INIT_SKIP_PATH_CHECK=yes sh "$script" --profile minimal -y ||
    die "$EXIT_MISSING" "Rust's installer failed; its message is above."
  rm -f "$script"
}

install_rust() {
  case $rust_by in
    rustup | package) install_toolchain "$(find_rustup)" ;;
    installer) run_rusts_installer ;;
  esac
  use_rust || die "$EXIT_MISSING" \
    "Rust was installed, but no cargo $(rust_version_min) or newer runs. What does 'cargo --version' say?"
}

install_components() {
  local rustup
  rustup=$(find_rustup) || die "$EXIT_MISSING" \
    "cargo did not come through rustup. Install ${components[*]} the way you installed cargo."
  "$rustup" component add "${components[@]}" ||
    die "$EXIT_MISSING" "rustup could not add ${components[*]}. Is the network there? Then run this again."
}

# --- the story ----------------------------------------------------------------

look
if [ ${#missing[@]} -eq 0 ]; then
  say "Nothing to install: Rust $cargo_version, PostgreSQL $(find_postgres) and a C compiler are here.${rust_note:+ $rust_note}"
  exit 0
fi
if $dry_run; then
  say_what_is_missing "Missing:"
  exit "$EXIT_MISSING"
fi

if ! has_apt; then
  if [ ${#packages[@]} -gt 0 ]; then
    name_the_packages_and_leave
  fi
elif [ ${#packages[@]} -gt 0 ]; then
  can_be_root || say_root_is_needed_and_leave
  say "Something is missing. Reading the system's list of packages first (apt-get update)."
  apt_get update -qq
  look # a fresh list may offer what an empty one did not
fi

# Without these, a lint or the tests of pages are skipped, which is better than nothing being tested. With CI=true
# the tests of pages fail instead: nobody reads there what was skipped.
kept=()
for package in "${packages[@]}"; do
  case $package in
    shellcheck | chromium | chromium-driver)
      if [ -z "$(apt_candidate "$package")" ]; then
        say "$package is not among this system's packages; what needs it is skipped."
        continue
      fi
      ;;
  esac
  kept+=("$package")
done
packages=("${kept[@]}")

say_what_is_missing "Installing:"
if [ ${#packages[@]} -gt 0 ]; then
  install_packages
fi
if [ -n "$rust_by" ]; then
  install_rust
fi
if [ ${#components[@]} -gt 0 ]; then
  install_components
fi

c_compiler_works || die "$EXIT_MISSING" "The C compiler still does not work. What does 'cc --version' say?"
find_postgres >/dev/null || die "$EXIT_MISSING" "PostgreSQL still will not do: $(why_no_postgres)."
say "Installed: Rust $cargo_version, PostgreSQL $(find_postgres) and a C compiler are here.${rust_note:+ $rust_note}"
