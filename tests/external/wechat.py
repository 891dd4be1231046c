"""wechatpy as a live peer: it seals what the platform would post, and opens what we answer.

    python3 -m venv DIR && DIR/bin/pip install wechatpy==1.8.18 cryptography
    DIR/bin/python tests/external/wechat.py target/debug/fenghuo

`tests/external/wechat.sh` does both. Nothing but loopback is used.
"""

import os
import sys

# `calendar.py` lies beside this file and is not the one Python's own modules mean.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner, check_signature

TOKEN = "fenghuoToken"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP = "wx2c2769f8efd9abc2"
ACCOUNT = "gh_10f6c3c3ac5a"
WHO = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
LIBRARY = Path(__file__).resolve().parent.parent / "fixtures/minimal"
CONFIG = f"""
[server]
public_url = "https://fire.example"
[wechat.safe]
app_id = "{APP}"
token = "{TOKEN}"
aes_key = "{KEY}"
[wechat.plain]
app_id = "{APP}"
token = "{TOKEN}"
"""
checks = 0


def check(true, what):
    global checks
    checks += 1
    if not true:
        sys.exit(f"FAILED: {what}")


def signed(*parts):
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


class Peer:
    """The platform, as wechatpy writes and reads it."""

    def __init__(self, address):
        self.address = address
        self.number = int(time.time() * 1000)

    def call(self, account, query, body=None):
        url = f"http://{self.address}/in/wechat/{account}?{urllib.parse.urlencode(query)}"
        data = None if body is None else body.encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def query(self):
        self.number += 1
        stamp, nonce = str(int(time.time())), str(self.number)
        query = {"signature": signed(TOKEN, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        check_signature(TOKEN, query["signature"], stamp, nonce)
        return query

    def message(self, inner):
        self.number += 1
        return (
            f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
            f"<FromUserName><![CDATA[{WHO}]]></FromUserName>"
            f"<CreateTime>{self.number}</CreateTime>{inner}<MsgId>{self.number}</MsgId></xml>"
        )

    def seal(self, message, app=APP):
        query = self.query()
        sealed = WeChatCrypto(TOKEN, KEY, app).encrypt_message(message, query["nonce"], query["timestamp"])
        query |= {"encrypt_type": "aes", "msg_signature": xmltodict.parse(sealed)["xml"]["MsgSignature"]}
        return query, sealed

    def ask(self, account, inner, kind):
        """What the account says to a message; asked twice, the same."""
        message = self.message(inner)
        check(parse_message(message).type == kind, f"wechatpy reads a {kind}")
        query, body = (self.query(), message) if account == "plain" else self.seal(message)
        status, reply = self.call(account, query, body)
        check(status == 200, f"{account} {inner}: {status}")
        check(self.call(account, query, body) == (200, reply), f"a repeat of {inner}")
        if reply in ("", "success"):
            return None
        if account == "safe":
            envelope = xmltodict.parse(reply)["xml"]
            reply = WeChatCrypto(TOKEN, KEY, APP).decrypt_message(
                reply, envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"]
            )
        said = parse_message(reply)
        check((said.type, said.source, said.target) == ("text", ACCOUNT, WHO), reply)
        check(0 < len(said.content.encode()) <= 2048 and len(said.content) <= 600, reply)
        return said.content


def talk(peer):
    event = "<MsgType>event</MsgType><Event>{}</Event><EventKey>{}</EventKey>"
    for account in ("plain", "safe"):
        ask = lambda inner, kind: peer.ask(account, inner, kind)
        check("关火" in ask("<MsgType>text</MsgType><Content>油锅着火怎么办</Content>", "text"), "an answer")
        check(ask("<MsgType>text</MsgType><Content>我家着火了 ]] &gt; &amp;</Content>", "text").startswith("打119"), "danger")
        check(ask("<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><Recognition>我家着火了。</Recognition>", "voice").startswith("打119"), "speech")
        check("图片" in ask("<MsgType>image</MsgType><PicUrl>u</PicUrl><MediaId>m</MediaId>", "image"), "a picture")
        check("[1]" in ask(event.format("subscribe", ""), "event"), "the menu")
        check("东乡" in ask(event.format("subscribe", "qrscene_t-east"), "event"), "a township")
        check("东乡" in ask(event.format("SCAN", "t-east"), "event"), "a township")
        check("[1]" in ask(event.format("CLICK", "quiz"), "event"), "a menu entry")
        check(ask(event.format("VIEW", "https://fire.example"), "event") is None, "nothing to say")
        check(ask(event.format("unsubscribe", ""), "event") is None, "nothing to say")


def refuse(peer):
    inner = "<MsgType>text</MsgType><Content>你好</Content>"
    query, body = peer.seal(peer.message(inner), "wx0000000000000000")
    check(peer.call("safe", query, body)[0] == 403, "sealed for another account")
    check(peer.call("safe", peer.query(), peer.message(inner))[0] == 403, "not sealed")
    query, body = peer.seal(peer.message(inner))
    check(peer.call("safe", query | {"msg_signature": "0" * 40}, body)[0] == 403, "forged")
    check(peer.call("plain", peer.query() | {"signature": "0" * 40}, peer.message(inner))[0] == 403, "forged")


def confirm(peer):
    for account in ("plain", "safe"):
        check(peer.call(account, peer.query() | {"echostr": "592778"}) == (200, "592778"), "the address")
    query, sealed = peer.seal("4711")
    echo = xmltodict.parse(sealed)["xml"]["Encrypt"]
    check(peer.call("safe", query | {"echostr": echo}) == (200, "4711"), "the address, sealed")


def listening(server):
    for line in server.stderr:
        fields = json.loads(line).get("fields", {})
        if fields.get("message") == "listening":
            return fields["address"]
    sys.exit("FAILED: the server does not start")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fenghuo.toml"
        config.write_text(CONFIG)
        command = [binary, "serve", "--listen", "127.0.0.1:0", "--library", LIBRARY]
        command += ["--config", config, "--data", Path(folder) / "data"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            peer = Peer(listening(server))
            confirm(peer)
            talk(peer)
            refuse(peer)
        finally:
            server.terminate()
            server.communicate()
    check(server.returncode == 0, "the server ends well")
    print(f"{checks} checks with wechatpy passed")


if __name__ == "__main__":
    main(sys.argv[1])
