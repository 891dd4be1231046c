#!/usr/bin/env bash
# Schemathesis (PyPI, exact version) asks a running server everything `/openapi.json` promises: openapi.sh BINARY [EXAMPLES].
# No 5xx, no status, type, header or body that the document does not name.
set -eu
cd "$(dirname "$0")/../.."
binary=$1
examples=${2:-30}
venv=target/external/schemathesis-4.32.5
if ! "$venv/bin/schemathesis" --version >/dev/null 2>&1; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
"$binary" serve --listen 127.0.0.1:0 --data "$work/data" 2>"$work/log" &
server=$!
address=
for _ in $(seq 100); do
  address=$(sed -n 's/.*"message":"listening".*"address":"\([^"]*\)".*/\1/p; s/.*"address":"\([^"]*\)".*"listening".*/\1/p' "$work/log" | head -n 1)
  [ -n "$address" ] && break
  sleep 0.2
done
[ -n "$address" ] || { echo "the server did not start"; cat "$work/log"; exit 1; }
"$venv/bin/schemathesis" run "http://$address/openapi.json" --url "http://$address" \
  --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --no-color \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method
