#!/usr/bin/env bash
# A PostgreSQL of our own for the tests: `tests/postgres.sh start DIR` prints its URL, `stop DIR` ends it.
# Listens on a socket inside DIR only. As root it runs under user postgres, which may not be root.
set -eu

# Debian keeps the server programs out of PATH, one folder a version.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")

as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
  local dir=$1
  mkdir -p "$dir"
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$dir"; fi
  # Nothing here outlives the tests, so nothing needs to reach the disk.
  as_postgres "$bin/initdb" -D "$dir/data" -U fenghuo -A trust -E UTF8 --locale=C --no-sync >/dev/null
  as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -s start \
    -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=300 -c fsync=${FSYNC:-off}"
  as_postgres "$bin/createdb" -h "$dir" -U fenghuo fenghuo
  echo "postgres://fenghuo@localhost/fenghuo?host=$dir"
}

stop() {
  as_postgres "$bin/pg_ctl" -D "$1/data" -m immediate -s stop
}

restart() {
  as_postgres "$bin/pg_ctl" -D "$1/data" -l "$1/log" -m immediate -w -s restart
}

case "${1:-}" in
start) start "$2" ;;
stop) stop "$2" ;;
restart) restart "$2" ;;
*)
  echo "usage: $0 start DIR | stop DIR | restart DIR" >&2
  exit 2
  ;;
esac
