// Builds and serves the site, then: Nu HTML checker over every page of each kind, axe-core and layout on one page of
// each kind at phone and desktop width, and the pages used with JavaScript off. Needs nothing beyond loopback.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { publicPages } from "./public.mjs";
import { widget } from "./widget.mjs";

const require = createRequire(import.meta.url);
const axe = require.resolve("axe-core/axe.min.js");
const vnu = require.resolve("vnu-jar/build/dist/vnu.jar");
const binary = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "fenghuo-browser-"));
const faults = [];
const check = (fine, message) => fine || faults.push(message);

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

/** One page of each kind, found on the list pages, and the pages that are no documents. */
const kinds = ["knowledge", "cases", "guides", "lessons", "quizzes", "checklists", "notices", "bulletins", "boards", "pages"];
const fixed = [
  "/", "/search?q=%E7%81%AD%E7%81%AB%E5%99%A8", "/offline/", "/open-data/", "/chat", "/for/home/", "/no/such/page/",
  "/lessons/find?grade=4", "/lessons/season/summer/", "/subscribe", "/widget",
  ...["slides", "quiz", "letter", "worksheet"].map((part) => `/lessons/summer-p46/${part}/`),
];

function htmlFiles(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? htmlFiles(path) : name.endsWith(".html") ? [path] : [];
  });
}

function first(dir) {
  return htmlFiles(dir).filter((path) => path.endsWith("/index.html") && path !== join(dir, "index.html")).sort()[0];
}

/** The Nu HTML checker over files; a fault is a line of its own. */
function nu(files) {
  try {
    execFileSync("java", ["-Xss2m", "-jar", vnu, "--errors-only", "--stdout", ...files], { maxBuffer: 1 << 26 });
  } catch (error) {
    check(error.stdout === undefined, `Nu HTML checker:\n${String(error.stdout).split("\n").slice(0, 20).join("\n")}`);
    check(error.stdout !== undefined, `Nu HTML checker: ${error.message}`);
  }
}

async function serve(more = ["--data", join(work, "data")]) {
  const args = ["serve", "--listen", "127.0.0.1:0", ...more];
  const server = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"] });
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

async function looksRight(page, address, width) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(overflow <= 0, `${address} at ${width}px is ${overflow}px too wide`);
  const { violations } = await page.evaluate(async () => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const { id, nodes } of violations) {
    faults.push(`${address} at ${width}px: axe ${id}: ${nodes[0].html.slice(0, 160)} (${nodes.length})`);
  }
}

async function visit(context, base, address, width) {
  const page = await context.newPage();
  const outside = [];
  const complaints = [];
  page.on("request", (request) => request.url().startsWith(base) || request.url().startsWith("data:") || outside.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(base + address);
  await page.addScriptTag({ path: axe }).catch(() => page.evaluate(require("node:fs").readFileSync(axe, "utf8")));
  await looksRight(page, address, width);
  const expected = address.includes("no/such") ? complaints.filter((text) => !text.includes("404")) : complaints;
  check(expected.length === 0, `${address}: console says ${expected[0]}`);
  check(outside.length === 0, `${address} asks ${outside[0]}`);
  await page.close();
}

/** What must work with JavaScript off: reading, searching, asking. */
async function withoutScript(browser, base, guide) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${base}/`);
  await page.fill("input[name=q]", "灭火器怎么用");
  await page.press("input[name=q]", "Enter");
  check((await page.textContent("main")).includes("灭火器"), "search without JavaScript finds nothing");
  await page.goto(`${base}/chat`);
  await page.fill("[name=text]", "我家着火了快救命");
  await page.click("form[method=post] button[type=submit]");
  check((await page.textContent("main")).includes("119"), "chat without JavaScript gives no card");
  await page.goto(base + guide);
  check((await page.locator("main a[href^='#']").count()) > 0, "a guide without JavaScript has no choices");
  await context.close();
}

/** The chat with JavaScript: a question, an answer, a choice. */
async function chatting(browser, base) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${base}/chat`);
  await page.fill("[name=text]", "楼道里都是烟出不去");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("main").textContent.includes("119"));
  await context.close();
}

const out = join(work, "site");
let running;
let browser;
try {
  execFileSync(binary, ["build", "--out", out], { stdio: ["ignore", "ignore", "inherit"] });
  const addresses = kinds.map((kind) => first(join(out, kind)).slice(out.length, -"index.html".length));
  nu(htmlFiles(out));
  running = await serve();
  const { base } = running;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const lists = kinds.filter((kind) => kind !== "pages").map((kind) => `/${kind}/`);
  for (const width of [360, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true, serviceWorkers: "block" });
    for (const address of [...fixed, ...lists, ...addresses]) await visit(context, base, address, width);
    await context.close();
  }
  const dark = await browser.newContext({ viewport: { width: 360, height: 800 }, colorScheme: "dark", bypassCSP: true, serviceWorkers: "block" });
  for (const address of ["/", ...addresses]) await visit(dark, base, address, "360 dark");
  await dark.close();
  await withoutScript(browser, base, addresses[2]);
  await chatting(browser, base);
  // With SHOTS=FOLDER the pages are also left there as pictures.
  const shot = process.env.SHOTS && ((page, name) => page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true }));
  await publicPages(browser, { base, binary, data: join(work, "data"), work, shot }, { check, visit, nu });
  await widget({ browser, serve, visit, work, check });
} finally {
  await browser?.close();
  running?.server.kill();
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
