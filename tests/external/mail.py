"""aiosmtpd as the relay and dkimpy as the receiver: mail of the real binary, end to end.

`tests/external/mail.sh BINARY` makes the environment. Nothing but loopback is used.
"""

import os
import sys

# `calendar.py` lies beside this file and is not the one Python's own modules mean.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import base64
import email
import email.policy
import json
import re
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import dkim
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

TESTS = Path(__file__).resolve().parent.parent
LIBRARY = TESTS / "fixtures/minimal"
# A report as Postfix delivered it into a maildir; `{token}` stands where the name of the letter stood.
REPORT = TESTS.parent / "bot/tests/mail/postfix-5.1.1.eml"
SIGNED = "from:to:subject:date:message-id:mime-version:content-type:list-unsubscribe:list-unsubscribe-post:list-id"
checks = 0


def check(true, what):
    global checks
    checks += 1
    if not true:
        sys.exit(f"FAILED: {what}")


class Sink:
    """Takes everything and keeps it as it came over the line."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 queued"

    def wait(self, count):
        until = time.monotonic() + 30
        while len(self.taken) < count:
            check(time.monotonic() < until, f"{count} letters in time, {len(self.taken)} are there")
            time.sleep(0.05)
        return self.taken[count - 1]


class Key:
    """A key pair: PEM for us, the record in DNS for the receiver."""

    def __init__(self, key, kind, selector):
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self.pem, self.kind, self.selector = key.private_bytes(*pem).decode(), kind, selector
        if kind == "rsa":
            public = key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        else:
            public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.record = f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}".encode()

    def look_up(self, name, timeout=5):
        return self.record if name.rstrip(b".") == f"{self.selector}._domainkey.fire.example".encode() else None

    def verifies(self, letter):
        return dkim.verify(letter, dnsfunc=self.look_up)


class Server:
    """The binary with mail configured."""

    def __init__(self, binary, port, key, folder):
        folder = Path(folder)
        (folder / "key.pem").write_text(key.pem)
        config = folder / "fenghuo.toml"
        config.write_text(f"""
[server]
public_url = "https://fire.example"
[email]
smtp = "smtp://127.0.0.1:{port}"
from = "示范县消防 <notice@fire.example>"
dkim_key_file = "{folder}/key.pem"
dkim_selector = "{key.selector}"
bounce_domain = "bounce.fire.example"
bounce_maildir = "{folder}/Maildir"
""")
        self.maildir = folder / "Maildir"
        for name in ["new", "cur", "tmp"]:
            (self.maildir / name).mkdir(parents=True)
        self.arguments = ["--config", str(config), "--library", str(LIBRARY), "--data", str(folder / "data")]
        self.binary = binary
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "serve", "--listen", "127.0.0.1:0", *self.arguments], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            fields = json.loads(line).get("fields", {})
            if fields.get("message") == "listening":
                self.base = f"http://{fields['address']}"
                break
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()

    def request(self, path, body=None, kind="application/x-www-form-urlencoded"):
        request = urllib.request.Request(self.base + path, data=body, headers={"content-type": kind} if body is not None else {})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def form(self, path, **fields):
        return self.request(path, urllib.parse.urlencode(fields).encode())

    def run(self, *words, text=""):
        """A command beside the server."""
        environment = os.environ | {"FENGHUO_OFFICIAL_PASSWORD": "long enough to be one"}
        done = subprocess.run([self.binary, *words, *self.arguments], input=text, env=environment,
                              capture_output=True, text=True, timeout=60)
        check(done.returncode == 0, f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def plain(letter):
    message = email.message_from_bytes(letter, policy=email.policy.default)
    return message, message.get_body(("plain",)).get_content()


def is_signed(key, letter):
    message, _ = plain(letter)
    signature = re.sub(r"\s+", "", message["DKIM-Signature"])
    check(f";h={SIGNED};" in signature, f"signed headers: {signature}")
    check("c=relaxed/relaxed;" in signature and "d=fire.example;" in signature, signature)
    check(key.verifies(letter), f"{key.kind}: dkimpy does not verify\n{letter.decode()}")
    # A relay may fold anew and change white space, and nothing else.
    folded = letter.replace(b"\r\nTo: ", b"\r\nTo:\r\n\t ", 1)
    check(folded != letter and key.verifies(folded), "refolded headers verify")
    for what, forged in {
        "subject": re.sub(rb"\r\nSubject: ", b"\r\nSubject: x", letter, count=1),
        "way out": re.sub(rb"\r\nMIME-Version", b"\r\nList-Unsubscribe: <https://evil.example>\r\nMIME-Version",
                          re.sub(rb"\r\nList-Unsubscribe: [^\r]*(\r\n [^\r]*)*", b"", letter), count=1),
        "text": letter[:-80] + b"A" + letter[-79:],
    }.items():
        check(forged != letter and not key.verifies(forged), f"a changed {what} does not verify")
    check(max(map(len, letter.split(b"\r\n"))) <= 998 and letter.isascii(), "short lines of ASCII")


def opt_in(server, sink, key):
    """Confirming and leaving; what a scanner does by following links changes nothing."""
    before = len(sink.taken)
    status, page = server.form("/subscribe", region="east", role="home", email="Ma@QQ.com")
    check(status == 200, page)
    sender, recipients, letter = sink.wait(before + 1)
    check((sender, recipients) == ("b@bounce.fire.example", ["ma@qq.com"]), f"{sender} {recipients}")
    is_signed(key, letter)
    message, text = plain(letter)
    check(message["Auto-Submitted"] == "auto-generated", "it says that a program wrote it")
    check(message.get_body(("html",)) is not None, "it has an HTML part")
    confirm = re.search(r"https://fire\.example(/subscribe/confirm/[0-9a-f]{32})", text)[1]
    check(server.request(confirm)[0] == 200 and server.request(confirm)[0] == 200, "the page of the token")
    status, page = server.request(confirm, b"")
    own = re.search(r'"(/u/[0-9a-f]{32})"', page)
    check(status == 200 and own, f"confirmed after two GETs: {page}")
    return own[1]


def campaign(server, sink, key):
    """A campaign of two officials reaches the subscriber, with a way out that is signed."""
    before = len(sink.taken)
    server.run("official", "add", "maxia", "--role", "editor")
    server.run("official", "add", "lichun", "--role", "approver")
    new = ["campaign", "new", "--title", "大风天防火", "--file", "-", "--region", "east", "--urgent", "--as", "maxia", "--json"]
    made = json.loads(server.run(*new, text="明天有大风，不在野外用火。\n\n着火了先打119。\n"))["id"]
    for verb, who in [("submit", "maxia"), ("approve", "lichun"), ("send", "lichun")]:
        server.run("campaign", verb, made, "--as", who)
    sender, recipients, letter = sink.wait(before + 1)
    check(recipients == ["ma@qq.com"], recipients)
    check(re.fullmatch(r"b\+c\d+\.[0-9a-f]{32}\.[0-9a-f]{8}@bounce\.fire\.example", sender), sender)
    is_signed(key, letter)
    message, text = plain(letter)
    way = re.fullmatch(r"<https://fire\.example(/u/([0-9a-f]{32}))>,\s+<mailto:u\+([0-9a-f]{32})@bounce\.fire\.example>",
                       message["List-Unsubscribe"].strip())
    check(way and way[2] == way[3], message["List-Unsubscribe"])
    check(message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", message["List-Unsubscribe-Post"])
    check("<notices.fire.example>" in message["List-Id"], message["List-Id"])
    check(message["Message-ID"] == f"<{sender[2:].split('@')[0]}@fire.example>", message["Message-ID"])
    check("大风天防火" in message["Subject"] and "不在野外用火" in text and way[1] in text, text)
    check("不在野外用火" in message.get_body(("html",)).get_content(), "HTML says the same")
    return way[1], sender[2:].split("@")[0]


def bounce(server, own, token):
    """A report with the letter's own name in it stops the letters; a forged one does not."""
    for name, written, stopped in [("1.forged", token[:-8] + "00000000", False), ("2.true", token, True)]:
        server.stop()
        (server.maildir / "new" / name).write_text(REPORT.read_text().replace("{token}", written))
        server.start()
        until = time.monotonic() + 20
        while not (server.maildir / "cur" / f"{name}:2,S").exists():
            check(time.monotonic() < until, f"{name} is read")
            time.sleep(0.05)
        check(("被退了回来" in server.request(own)[1]) == stopped, f"{name}: letters stopped: {stopped}")


def leaving(server, own):
    for _ in range(3):
        status, page = server.request(own)
        check(status == 200 and "退订" in page, "GET does not unsubscribe")
    status, _ = server.request(own, b"List-Unsubscribe=One-Click")
    check(status == 200, "a one-click POST without a cookie is taken")
    check(server.request(own)[0] == 404, "POST unsubscribes")


def main(binary):
    keys = [
        Key(rsa.generate_private_key(public_exponent=65537, key_size=2048), "rsa", "s2026"),
        Key(ed25519.Ed25519PrivateKey.generate(), "ed25519", "e2026"),
    ]
    for key in keys:
        sink = Sink()
        port = free_port()
        controller = Controller(sink, hostname="127.0.0.1", port=port)
        controller.start()
        with tempfile.TemporaryDirectory() as folder:
            server = Server(binary, port, key, folder)
            try:
                own = opt_in(server, sink, key)
                way_out, token = campaign(server, sink, key)
                check(own == way_out, f"{own} is {way_out}")
                bounce(server, way_out, token)
                leaving(server, way_out)
            finally:
                server.stop()
                controller.stop()
    print(f"{checks} checks")


main(sys.argv[1])
