#!/usr/bin/env bash
# What goes out, judged by others (PyPI, exact versions): CAP by the OASIS schema in lxml, feeds by feedparser, the
# calendar by icalendar: cap.sh BINARY.
set -eu
cd "$(dirname "$0")/../.."
venv=target/external/cap-1
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import lxml, feedparser, icalendar' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3 feedparser==6.0.14 icalendar==7.3.2
fi
exec "$venv/bin/python" tests/external/cap.py "$1"
