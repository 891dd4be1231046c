#!/usr/bin/env bash
# kill -9 of senders, many times: `tests/kill/broadcast.sh [300]`, on SQLite and on a PostgreSQL of its own with three
# processes, with 429 storms, frozen processes, restarts of the database, and a control that loses people.
# Prints a table: rate, kills, recipients, sent, failed, unknown, chats reached, chats reached twice, most in one second.
set -eu
cd "$(dirname "$0")/../.."
export FENGHUO_TEST_KILLS=${1:-300}
postgres=$(mktemp -d)
chmod 755 "$postgres"
FENGHUO_TEST_POSTGRES=$(FSYNC=on tests/postgres.sh start "$postgres")
export FENGHUO_TEST_POSTGRES FENGHUO_TEST_POSTGRES_DIR="$postgres"
trap 'tests/postgres.sh stop "$postgres"; rm -rf "$postgres"' EXIT
cargo test -j2 --test it broadcast::kill -- --nocapture --test-threads=1
# And as fast as it goes.
FENGHUO_TEST_RATE=1000000 cargo test -j2 --test it broadcast::kill::after -- --nocapture --test-threads=1
