#!/usr/bin/env bash
# Requests a second beside nginx on the same files and the same cores, in one run: wrk.sh BINARY [SECONDS] [CONNECTIONS] [LIBRARY]
# `fenghuo build` writes the pages; nginx (with .gz files beside them) and `fenghuo serve` give them to wrk in turn, three times
# each. Also `/api/v1/ask`, which nginx has nothing to put beside. Says so and ends well where wrk or nginx is missing.
set -eu
binary=$1
seconds=${2:-5}
connections=${3:-64}
of=()
[ -z "${4:-}" ] || of=(--library "$4")
for tool in wrk nginx; do
  if ! command -v "$tool" >/dev/null; then
    echo "skipped: $tool is not installed"
    exit 0
  fi
done
work=$(mktemp -d)
server= proxy=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"

"$binary" build "${of[@]}" --out "$work/site" >/dev/null
find "$work/site" -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' -o -name '*.json' \) -exec gzip -9 -k {} +
chmod -R a+rX "$work/site"
cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes auto; pid $work/nginx.pid; error_log $work/error.log;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=4000; etag on;
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
  server { listen 127.0.0.1:8148; root $work/site; gzip_static on; }
}
CONF
nginx -c "$work/nginx.conf" -e "$work/error.log" &
proxy=$!
RUST_LOG=warn "$binary" serve "${of[@]}" --listen 127.0.0.1:8149 --data "$work/data" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
  curl -sf http://127.0.0.1:8149/healthz >/dev/null && curl -sf http://127.0.0.1:8148/ >/dev/null && break
  sleep 0.2
done

# Requests a second of one address with the headers of a browser; refused or failed ones are named.
ask() {
  wrk -t 2 -c "$connections" -d "${seconds}s" -H "Accept-Encoding: $2" "$1" |
    awk '/Requests\/sec/ { rate = $2 } /Non-2xx|Socket errors/ { fault = fault " " $0 } END { print rate fault }'
}
median() { sort -n | awk '{ all[NR] = $0 } END { print all[int((NR + 1) / 2)] }'; }

page=/knowledge/kitchen/oil-pan-fire/
style=$(grep -o '/assets/site-[0-9a-f]*\.css' "$work/site/index.html" | head -n 1)
echo "| address | coding | fenghuo, requests/s | nginx, requests/s | of nginx |"
echo "|---|---|---|---|---|"
for coding in gzip identity; do
  for path in / "$page" "$style"; do
    ours=() theirs=()
    for _ in 1 2 3; do
      ours+=("$(ask "http://127.0.0.1:8149$path" "$coding")")
      theirs+=("$(ask "http://127.0.0.1:8148$path" "$coding")")
    done
    a=$(printf '%s\n' "${ours[@]}" | median)
    b=$(printf '%s\n' "${theirs[@]}" | median)
    awk -v p="$path" -v c="$coding" -v a="$a" -v b="$b" 'BEGIN { printf "| `%s` | %s | %s | %s | %.0f %% |\n", p, c, a, b, 100 * a / b }'
  done
done
question='/api/v1/ask?q=%E6%B2%B9%E9%94%85%E7%9D%80%E7%81%AB%E6%80%8E%E4%B9%88%E5%8A%9E%E9%A2%84%E9%98%B2'
echo "| \`/api/v1/ask?q=油锅着火怎么办预防\` | – | $(ask "http://127.0.0.1:8149$question" identity) | – | – |"
