#!/usr/bin/env bash
# All tests. Installs by package name what is missing, works as root, ends with "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 3
passed=0 failed=0
log=$(mktemp)
postgres=""
trap 'rm -f "$log"; [ -z "$postgres" ] || { tests/postgres.sh stop "$postgres"; rm -rf "$postgres"; }' EXIT
started=$SECONDS

# step NAME COMMAND…: one check; its output is shown when it fails.
step() {
  local name=$1
  shift
  local begin=$SECONDS
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %-44s %4ds\n' "$name" $((SECONDS - begin))
  else
    failed=$((failed + 1))
    printf 'FAILED  %-44s %4ds\n' "$name" $((SECONDS - begin))
    tail -n 120 "$log"
  fi
}

# The tests of all crates, each counted.
cargo_tests() {
  local begin=$SECONDS
  cargo test --workspace --no-fail-fast >"$log" 2>&1
  local status=$?
  local p f
  p=$(awk '/^test result:/ { sum += $4 } END { print sum + 0 }' "$log")
  f=$(awk '/^test result:/ { sum += $6 } END { print sum + 0 }' "$log")
  [ "$status" -ne 0 ] && [ "$f" -eq 0 ] && f=1
  passed=$((passed + p))
  failed=$((failed + f))
  printf '%-7s %-44s %4ds  (%d passed, %d failed)\n' "$([ "$f" -eq 0 ] && echo ok || echo FAILED)" \
    "cargo test" $((SECONDS - begin)) "$p" "$f"
  if [ "$f" -ne 0 ]; then grep -vE '\.\.\. ok$' "$log" | tail -n 200; fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# need COMMAND PACKAGE…: installs the Debian packages where the command is missing.
need() {
  command -v "$1" >/dev/null 2>&1 && return 0
  shift
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$@"
}

install_tools() {
  need cc gcc libc6-dev || return 1
  need chromium chromium || return 1
  need node nodejs npm || return 1
  need npm npm || return 1
  need java default-jre-headless || return 1
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need initdb postgresql || return 1
  fc-list :lang=zh 2>/dev/null | grep -q . || need no-such-font fontconfig fonts-noto-cjk || return 1
  # Without a lock file: it would name the registry. The versions are exact in package.json.
  (cd tests/browser && npm install --no-audit --no-fund --no-package-lock --silent)
}

# A PostgreSQL of our own, on a socket in a temporary folder; ended with this script.
start_postgres() {
  postgres=$(mktemp -d)
  chmod 755 "$postgres"
  FENGHUO_TEST_POSTGRES=$(tests/postgres.sh start "$postgres") || return 1
  export FENGHUO_TEST_POSTGRES
}

# Readers of lesson packs, in an environment of their own.
install_pack_tools() {
  need python3 python3 || return 1
  python3 -c 'import ensurepip' 2>/dev/null || need no-such-command python3-venv || return 1
  python3 -m venv target/packs && target/packs/bin/pip install --quiet -r tests/packs/requirements.txt || return 1
  (cd tests/packs && npm install --no-audit --no-fund --no-package-lock --silent)
}

step "tools" install_tools
step "tools for lesson packs" install_pack_tools
step "PostgreSQL for the tests" start_postgres
step "cargo fmt" cargo fmt --all --check
step "cargo clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo_tests
step "fenghuo check" target/debug/fenghuo check
step "pages: HTML, accessibility, without script" node tests/browser/run.mjs target/debug/fenghuo
step "desk: a campaign by two people, accessibility" node tests/browser/desk.mjs target/debug/fenghuo
step "public face: search, offline, copies, open data" tests/face.sh target/debug/fenghuo
step "packs: EPUB, SCORM, GIFT, iCalendar, classroom" node tests/packs/run.mjs target/debug/fenghuo target/packs/bin/python
step "wechatpy as a live peer" tests/external/wechat.sh target/debug/fenghuo
step "CAP, feeds and calendar by outside readers" tests/external/cap.sh target/debug/fenghuo
step "mail: aiosmtpd and dkimpy" tests/external/mail.sh target/debug/fenghuo

printf '%ds\n' $((SECONDS - started))
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
