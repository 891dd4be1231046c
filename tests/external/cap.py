"""What goes out, judged by others: CAP by the OASIS schema (lxml), feeds by feedparser, the calendar by icalendar.

`tests/external/cap.sh BINARY` makes the environment and runs this. Two officials send a notice, its correction and
its withdrawal, a drill, a test and a relay on the command line; then everything public is fetched and read.
Nothing but loopback is used.
"""

import os
import sys

# `calendar.py` lies beside this file and is not the one Python's own modules mean.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != HERE]

import datetime
import json
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import feedparser
import icalendar
from lxml import etree

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
SENT = datetime.datetime.now(BEIJING).replace(microsecond=0)
WARNING = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- word for word -->
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>62072341600000_20261110080000</identifier>
<sender>weather@example.cn</sender><sent>{SENT.isoformat()}</sent><status>Actual</status><msgType>Alert</msgType>
<scope>Public</scope><info><language>zh-CN</language><category>Met</category><event>大风</event>
<urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>
<expires>{(SENT + datetime.timedelta(hours=12)).isoformat()}</expires><senderName>示范县气象台</senderName>
<headline>示范县气象台发布大风蓝色预警</headline><description>预计今天有6级大风，阵风8级。</description>
<area><areaDesc>示范县</areaDesc></area></info></alert>
"""
checks = 0


def check(true, what):
    global checks
    checks += 1
    if not true:
        sys.exit(f"FAILED: {what}")


def schema():
    """The schema, where it lies beside the repository."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared/spec/cap-1.2.xsd"
        if found.is_file():
            return etree.XMLSchema(etree.parse(str(found)))
    print("no shared/spec/cap-1.2.xsd here: CAP is only parsed, not validated")
    return None


class County:
    """The binary with a data folder of its own and two officials."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = Path(folder)
        self.config = self.folder / "fenghuo.toml"
        self.config.write_text('[server]\npublic_url = "https://fire.example"\n[cap]\nnotices = true\n')
        for name, role in [("chief", "admin"), ("writer", "editor")]:
            self.run("official", "add", name, "--role", role, password=True)

    def place(self):
        return ["--config", str(self.config), "--data", str(self.folder / "data")]

    def run(self, *args, text=None, password=False):
        environment = dict(os.environ, FENGHUO_OFFICIAL_PASSWORD="correct horse battery") if password else None
        ended = subprocess.run([self.binary, *self.place(), *args], input=text, text=True, env=environment,
                               capture_output=True)
        check(ended.returncode == 0, f"{' '.join(args)}: {ended.stderr}{ended.stdout}")
        return ended.stdout

    def send(self, *args, text=None, author="writer"):
        made = json.loads(self.run("campaign", *args, "--as", author, "--json", text=text))
        number = made["id"]
        self.run("campaign", "submit", number, "--as", author)
        self.run("campaign", "approve", number, "--as", "chief")
        return json.loads(self.run("campaign", "send", number, "--as", "chief", "--json"))

    def serve(self):
        arguments = [self.binary, *self.place(), "serve", "--listen", "127.0.0.1:0"]
        self.server = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True,
                                       env=dict(os.environ, RUST_LOG="info"))
        for line in self.server.stderr:
            fields = json.loads(line).get("fields", {})
            if fields.get("message") == "listening":
                self.base = "http://" + fields["address"]
                return
        sys.exit("FAILED: the server did not start")

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=10) as answer:
            return answer.status, answer.read()


def validate(rules, document, where):
    tree = etree.fromstring(document)
    if rules is not None:
        check(rules.validate(tree), f"{where}: {rules.error_log}")
    return tree


def alerts(county, rules, relayed):
    _, index = county.get("/cap/index.atom")
    feed = feedparser.parse(index)
    check(not feed.bozo, f"/cap/index.atom: {feed.get('bozo_exception')}")
    found = {}
    for entry in feed.entries:
        links = [link.href for link in entry.links if link.get("type") == "application/cap+xml"]
        check(len(links) == 1, f"{entry.title} has one alert")
        _, document = county.get(links[0].removeprefix("https://fire.example"))
        alert = validate(rules, document, links[0])
        found[alert.findtext(CAP + "identifier")] = (alert, document)
    statuses = sorted(alert.findtext(CAP + "status") for alert, _ in found.values())
    check(statuses == ["Actual", "Actual", "Exercise", "Test"], f"statuses {statuses}")
    identifier = etree.fromstring(relayed.encode()).findtext(CAP + "identifier")
    check(found[identifier][1] == relayed.encode(), "a relay is given out byte for byte")
    cancels = [alert for alert, _ in found.values() if alert.findtext(CAP + "msgType") == "Cancel"]
    references = cancels[0].findtext(CAP + "references").split()
    check(len(references) == 2, f"the cancel names its whole chain: {references}")
    for reference in references:
        _, number, _ = reference.split(",")
        validate(rules, county.get(f"/cap/{number}.xml")[1], number)
    status, current = county.get("/cap/current.xml")
    check(status == 200 and current == relayed.encode(), "a warning matters more than a drill")


def feeds(county):
    for path, least in [("/feeds/notices.atom", 4), ("/feeds/chengguan.atom", 4), ("/feeds/dongjie.atom", 4),
                        ("/feeds/library.atom", 10), ("/cap/index.atom", 4)]:
        _, document = county.get(path)
        feed = feedparser.parse(document)
        check(not feed.bozo, f"{path}: {feed.get('bozo_exception')}")
        check(len(feed.entries) >= least, f"{path} has {len(feed.entries)} entries")
        for entry in feed.entries:
            check(entry.id and entry.title and entry.updated_parsed and entry.link, f"{path}: {entry.get('title')}")
        tree = etree.fromstring(document)
        own = [link.get("href") for link in tree.findall(ATOM + "link") if link.get("rel") == "self"]
        check(own == ["https://fire.example" + path], f"{path} says {own}")
        check(len({entry.id for entry in feed.entries}) == len(feed.entries), f"{path}: ids are unique")
    drills = [entry for entry in feedparser.parse(county.get("/feeds/notices.atom")[1]).entries if "演练" in entry.title]
    check(len(drills) == 1 and drills[0].title.startswith("【演练】"), "the drill is marked")


def events(county):
    calendar = icalendar.Calendar.from_ical(county.get("/calendar.ics")[1])
    found = list(calendar.walk("VEVENT"))
    check(len(found) > 20, f"{len(found)} events")
    names = [str(event["SUMMARY"]) for event in found]
    check("全国消防日" in " ".join(names) or any("119" in name for name in names), "the national fire day is there")
    check(any(name.startswith("【演练】") for name in names), "the drill is there and marked")
    check(len({str(event["UID"]) for event in found}) == len(found), "every event has its own name")
    for event in found:
        check(event["DTSTART"].dt < event["DTEND"].dt, f"{event['SUMMARY']} ends after it begins")
        check(not event.errors, f"{event['SUMMARY']}: {event.errors}")


def main(binary):
    rules = schema()
    with tempfile.TemporaryDirectory() as folder:
        county = County(binary, folder)
        notice = county.send("new", "--title", "大风天不动火", "--file", "-", "--region", "chengguan",
                             text="今天风大，不烧荒、不烧纸。见到火，打119。")
        correction = county.send("correct", notice["id"], "--file", "-", text="风大到晚上八点，不烧荒、不烧纸。")
        county.send("withdraw", correction["id"], "--reason", "风停了。")
        county.send("new", "--kind", "drill", "--title", "疏散演练", "--file", "-", text="听到铃声，走楼梯下楼。")
        county.send("new", "--kind", "test", "--title", "通道测试", "--file", "-", text="收到不用回复。")
        warning = county.folder / "warning.xml"
        warning.write_text(WARNING, encoding="utf-8")
        county.send("new", "--relay", str(warning), author="chief")
        county.serve()
        try:
            alerts(county, rules, WARNING)
            feeds(county)
            events(county)
        finally:
            county.server.terminate()
            county.server.wait()
    print(f"{checks} checks")


main(sys.argv[1])
