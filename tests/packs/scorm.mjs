// SCORM packages played on scorm-again in Chromium: score and status are read back from the run-time, not from the page.
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, extname, join, normalize } from "node:path";

const require = createRequire(import.meta.url);
const runtime = join(require.resolve("scorm-again"), "..", "scorm12.min.js");
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** A learning platform of one page: the run-time above, the package in a frame. */
const platform = `<!DOCTYPE html><html><head><meta charset="utf-8"><script src="/runtime.js"></script></head><body>
<script>
window.seen = [];
window.API = new window.Scorm12API({ autocommit: false, logLevel: 5 });
const known = JSON.parse(sessionStorage.getItem("known") || "null");
if (known) window.API.loadFromJSON(known, "");
for (const call of ["LMSInitialize", "LMSFinish"]) window.API.on(call, () => window.seen.push(call));
window.API.on("LMSGetValue", (element) => window.seen.push("get " + element));
window.API.on("LMSSetValue", (element, value) => {
  window.seen.push("set " + element);
  if (element === "cmi.core.exit") window.exit = value;
});
</script><iframe src="/sco/index.html" width="900" height="700"></iframe></body></html>`;

function host(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://h").pathname));
    if (path === "/") return response.setHeader("content-type", "text/html").end(platform);
    const file = path === "/runtime.js" ? runtime : join(folder, path);
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    return createReadStream(file).on("error", () => { response.statusCode = 404; response.end(); }).pipe(response);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const state = (page) => page.evaluate(() => {
  const { core, suspend_data: kept } = window.API.cmi;
  return {
    status: core.lesson_status, raw: core.score.raw, min: core.score.min, max: core.score.max,
    exit: window.exit, kept, seen: window.seen,
  };
});

/** Ticks the right options of the first `count` questions and a wrong one of the others, and asks for the result. */
async function answer(frame, count) {
  await frame.locator("body").evaluate((body, right) => {
    [...body.querySelectorAll("fieldset")].forEach((question, index) => {
      for (const input of question.querySelectorAll("input")) {
        const fine = "right" in input.dataset;
        const tick = index < right ? fine : !fine;
        if (input.checked !== tick && (input.type === "checkbox" || tick)) input.click();
      }
    });
  }, count);
  await frame.locator("button[type=submit]").click();
}

async function open(context, base, known) {
  const page = await context.newPage();
  if (known) await page.addInitScript((json) => { if (window === top) sessionStorage.setItem("known", json); }, JSON.stringify(known));
  await page.goto(base);
  const frame = page.frameLocator("iframe");
  await frame.locator("#connection", { hasText: "已连上" }).waitFor();
  return { page, frame };
}

async function play(browser, base, name, check) {
  const context = await browser.newContext();
  const { page, frame } = await open(context, base);
  check((await state(page)).status === "incomplete", `${name}: not incomplete at the start`);
  const questions = await frame.locator("fieldset").count();
  await answer(frame, 0);
  let now = await state(page);
  check(now.status === "failed" && Number(now.raw) === 0, `${name}: all wrong gives ${JSON.stringify(now)}`);
  await answer(frame, questions);
  now = await state(page);
  check(now.status === "passed" && Number(now.raw) === 100, `${name}: all right gives ${JSON.stringify(now)}`);
  check(Number(now.min) === 0 && Number(now.max) === 100, `${name}: range ${now.min} to ${now.max}`);
  await answer(frame, 0);
  now = await state(page);
  check(now.status === "passed" && Number(now.raw) === 100, `${name}: practising again costs the score`);
  check(String(now.kept).length < 4096, `${name}: ${String(now.kept).length} characters of suspend data`);
  await page.evaluate(() => { document.querySelector("iframe").src = "about:blank"; });
  await page.waitForFunction(() => window.seen.includes("LMSFinish"));
  const told = new Set((await state(page)).seen.filter((call) => call.includes(" ")).map((call) => call.split(" ")[1]));
  const fine = /^cmi\.(suspend_data|core\.(lesson_status|lesson_mode|exit|score\.(raw|min|max)))$/;
  for (const element of told) check(fine.test(element), `${name} uses ${element}`);
  await context.close();
}

/** Left half-way, a lesson is taken up where it was. */
async function resume(browser, base, name, check) {
  const context = await browser.newContext();
  const first = await open(context, base);
  await first.frame.locator("input").first().click();
  const { kept } = await state(first.page);
  await first.page.evaluate(() => { document.querySelector("iframe").src = "about:blank"; });
  await first.page.waitForFunction(() => window.seen.includes("LMSFinish"));
  check((await state(first.page)).exit === "suspend", `${name}: left half-way, exit is not suspend`);
  for (const [data, ticked] of [[kept, 1], ["{broken", 0], ['{"v":"other","a":["A"]}', 0]]) {
    const again = await open(context, base, { cmi: { core: { lesson_status: "incomplete" }, suspend_data: data } });
    const found = await again.frame.locator("input:checked").count();
    check(found === ticked, `${name}: ${found} options ticked after ${data}`);
    await again.page.close();
  }
  await context.close();
}

async function alone(browser, base, name, check) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${base}/sco/index.html`);
  check((await page.textContent("#connection")).includes("没有连上"), `${name}: says it is connected without a platform`);
  await answer(page, 100);
  check((await page.textContent("#result")).includes("100 分"), `${name}: no result without a platform`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `${name} is ${wide}px too wide at 360px`);
  check(complaints.length === 0, `${name}: ${complaints[0]}`);
  await context.close();
}

export async function scorm(browser, packages, work, check) {
  for (const file of packages) {
    const name = basename(file);
    const folder = join(work, name.replace(".zip", ""));
    mkdirSync(folder);
    writeFileSync(join(folder, "note"), "");
    execFileSync("python3", ["-m", "zipfile", "-e", file, join(folder, "sco")]);
    const server = await host(folder);
    const base = `http://127.0.0.1:${server.address().port}`;
    try {
      await play(browser, base, name, check);
      await resume(browser, base, name, check);
      await alone(browser, base, name, check);
    } catch (error) {
      check(false, `${name}: ${error.message}`);
    }
    server.close();
  }
}
