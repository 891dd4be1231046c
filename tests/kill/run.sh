#!/usr/bin/env bash
# kill -9 under load, many times: `tests/kill/run.sh [200]`, against SQLite and a PostgreSQL of its own.
# Prints updates in, answered, unknown, listed as in flight, and those that came twice.
set -eu
cd "$(dirname "$0")/../.."
export FENGHUO_TEST_KILLS=${1:-200}
postgres=$(mktemp -d)
chmod 755 "$postgres"
FENGHUO_TEST_POSTGRES=$(tests/postgres.sh start "$postgres")
export FENGHUO_TEST_POSTGRES
trap 'tests/postgres.sh stop "$postgres"; rm -rf "$postgres"' EXIT
cargo test --test it telegram_kill -- --nocapture --test-threads=1
