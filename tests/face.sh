#!/usr/bin/env bash
# The public face: static search, offline, the crisis copy, self-checks and posters, the open data: face.sh BINARY
set -eu
cd "$(dirname "$0")/.."
for test in find offline crisis reading; do
  echo "$test"
  node "tests/browser/$test.mjs" "$1"
done
tests/external/openapi.sh "$1"
