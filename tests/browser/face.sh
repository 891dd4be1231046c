#!/usr/bin/env bash
# Search on a static host, the site without a network, the crisis copy: tests/browser/face.sh BINARY
set -eu
for test in find offline crisis; do
  echo "$test"
  node "$(dirname "$0")/$test.mjs" "$1"
done
