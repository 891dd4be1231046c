#!/usr/bin/env bash
# kill -9 of senders, many times: `tests/kill/broadcast.sh [300]`, on SQLite and on a PostgreSQL of its own with three
# processes, with 429 storms, frozen processes, restarts of the database, and a control that loses people.
# Prints a table: rate, kills, recipients, sent, failed, unknown, chats reached, chats reached twice, most in one second, most in one second for one chat.
set -eu
cd "$(dirname "$0")/../.."
export FENGHUO_TEST_KILLS=${1:-300}
postgres=$(mktemp -d)
chmod 755 "$postgres"
FENGHUO_TEST_POSTGRES=$(FSYNC=on tests/postgres.sh start "$postgres")
export FENGHUO_TEST_POSTGRES FENGHUO_TEST_POSTGRES_DIR="$postgres"
trap 'tests/postgres.sh stop "$postgres"; rm -rf "$postgres"' EXIT
cargo test --workspace --test it --no-run
run() { cargo test -q --workspace --test it "$@" -- --nocapture --test-threads="$threads"; }
# These wait most of the time.
threads=8 run broadcast::harm
threads=3 run broadcast::kill
# And as fast as it goes.
export FENGHUO_TEST_RATE=1000000
threads=1 run broadcast::kill::after
threads=1 run broadcast::kill::the_same
