#!/usr/bin/env bash
# Search on a static host, the site without a network, the crisis copy, self-checks and posters: tests/browser/face.sh BINARY
set -eu
for test in find offline crisis reading; do
  echo "$test"
  node "$(dirname "$0")/$test.mjs" "$1"
done
