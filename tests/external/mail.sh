#!/usr/bin/env bash
# aiosmtpd and dkimpy (PyPI, exact versions) as relay and verifier of our mail: mail.sh BINARY.
set -eu
cd "$(dirname "$0")/../.."
venv=target/external/mail-1
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import aiosmtpd, dkim, nacl, cryptography' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check \
    aiosmtpd==1.4.6 dkimpy==1.1.8 PyNaCl cryptography==50.0.2
fi
exec "$venv/bin/python" tests/external/mail.py "$1"
