// Lesson packs as schools meet them: SCORM played on an outside run-time in Chromium, GIFT read by an outside parser,
// slides, sheets and the class quiz used in a browser, then books, calendars and archives read by check.py.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { classroom } from "./classroom.mjs";
import { gift } from "./gift.mjs";
import { scorm } from "./scorm.mjs";

const binary = resolve(process.argv[2]);
const python = resolve(process.argv[3]);
const root = resolve(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "fenghuo-packs-"));
const faults = [];
const check = (fine, message) => fine || faults.push(message);
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

/** A library whose lesson has in every text what formats take for their own. */
function hostileLibrary() {
  const library = join(work, "hostile");
  cpSync(join(root, "tests/fixtures/minimal"), library, { recursive: true });
  mkdirSync(join(library, "lessons"), { recursive: true });
  cpSync(join(import.meta.dirname, "hostile/lesson.md"), join(library, "lessons/hostile.md"));
  cpSync(join(import.meta.dirname, "hostile/quiz.md"), join(library, "quizzes/hostile.md"));
  return library;
}

async function serve(args = []) {
  const data = mkdtempSync(join(work, "data-"));
  const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data, ...args], {
    cwd: root, stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({ input: server.stderr })) {
    try {
      const { fields } = JSON.parse(line);
      if (fields?.message === "listening") {
        server.stderr.resume();
        return { server, base: `http://${fields.address}` };
      }
    } catch { /* a line of another shape is not the one we wait for */ }
  }
  throw new Error("the server did not start");
}

function build(out, args = []) {
  execFileSync(binary, ["build", "--out", out, "--public-url", "https://fire.example", ...args], {
    cwd: root, stdio: ["ignore", "ignore", "inherit"],
  });
  return out;
}

/** EPUBCheck and the other readers, in Python; its lines are faults. */
function readers(folder, all) {
  try {
    execFileSync(python, [join(import.meta.dirname, "check.py"), folder, ...(all ? ["--all"] : [])]);
  } catch (error) {
    check(false, String(error.stdout || error.message));
  }
}

let browser;
const servers = [];
try {
  const site = build(join(work, "site"));
  const hostile = build(join(work, "hostile-site"), ["--library", hostileLibrary()]);
  servers.push(await serve(), await serve(["--library", join(work, "hostile")]));
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  for (const { base } of servers) await gift(base, check);
  const packages = ["summer-p46", "drill-p16"].map((name) => join(site, `lessons/${name}/${name}-scorm.zip`));
  await scorm(browser, [...packages, join(hostile, "lessons/hostile/hostile-scorm.zip")], work, check);
  await classroom(browser, servers[0].base, join(site, "lessons"), check);
  check(readdirSync(join(site, "lessons")).length > 30, "lessons are missing");
  readers(site, process.argv.includes("--all"));
  readers(hostile, true);
} finally {
  await browser?.close();
  for (const { server } of servers) server.kill();
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
