#!/usr/bin/env bash
# wechatpy (PyPI, exact version) as a live peer of the WeChat channel: wechat.sh BINARY.
set -eu
cd "$(dirname "$0")/../.."
venv=target/external/wechatpy-1.8.18
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import wechatpy, cryptography' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check wechatpy==1.8.18 cryptography==50.0.2
fi
exec "$venv/bin/python" tests/external/wechat.py "$1"
