// The site without a network, from a static host and from `fenghuo serve`: after one visit the emergency pages and a
// visited article open with the date of the copy, an expired notice is not shown, search still finds, and a new library
// is taken in beside the old one without disturbing the page that is read.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const binary = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "fenghuo-offline-"));
const faults = [];
const check = (fine, message) => fine || faults.push(message);
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };

/** A host that only hands out files, as a CDN would. */
async function host(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://h").pathname);
    try {
      const file = join(server.folder, path.endsWith("/") ? `${path}index.html` : path);
      if (statSync(file).isDirectory()) throw new Error("a folder");
      response.writeHead(200, { "content-type": types[extname(file)] || "text/plain" }).end(readFileSync(file));
    } catch {
      response.writeHead(404, { "content-type": "text/html" }).end(readFileSync(join(server.folder, "404.html")));
    }
  });
  server.folder = folder;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { base: `http://127.0.0.1:${server.address().port}`, server, stop };
}

async function serve() {
  const args = ["serve", "--listen", "127.0.0.1:0", "--data", join(work, "data"), "--now", "2026-12-15T10:00:00+08:00"];
  const server = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => server.on("exit", done));
  for await (const line of createInterface({ input: server.stderr })) {
    const { fields } = JSON.parse(line);
    if (fields?.message === "listening") {
      server.stderr.resume();
      return { base: `http://${fields.address}`, stop: () => { server.kill(); return ended; } };
    }
  }
  throw new Error("the server did not start");
}

const main = (page) => page.textContent("main");
const hidden = (page) => page.$$eval("[data-expires]", (all) => all.every((one) => one.hidden));

/** Opens the site once, goes offline, and reads on. */
async function visitOnceAndLeave(browser, name, running) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const { base } = running;
  await page.goto(`${base}/`);
  const due = await page.locator("[data-expires]").count();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  const article = "/knowledge/kitchen/leave-stove/";
  const reply = await page.goto(base + article);
  check(reply.status() === 200, `${name}: no article at ${article}`);
  check(!(await page.locator(".copy").count()), `${name}: a page from the network is called a copy`);
  await page.waitForTimeout(300);
  await running.stop();

  await page.goto(base + article);
  check(/副本/.test(await page.textContent(".copy")), `${name}: the visited article does not say that it is a copy`);
  check((await page.textContent(".copy")).includes(`${new Date().getFullYear()}年`), `${name}: the copy has no date`);
  await page.goto(`${base}/guides/trapped/`);
  check((await main(page)).includes("119") && await page.locator(".step").count() > 2, `${name}: the guide is not there`);
  check(await page.locator("[data-contrast][aria-pressed]").count() === 1, `${name}: the script of the kept guide does not run`);
  await page.goto(`${base}/en/guides/trapped/`);
  check(/You are offline/.test(await page.textContent(".copy")), `${name}: the English guide is not there`);
  await page.goto(`${base}/cases/`);
  check(/没有网络/.test(await main(page)) && (await page.locator("main a[href^='/guides/']").count()) > 5, `${name}: an unvisited page leads nowhere`);
  await page.goto(`${base}/search/?q=%E6%B2%B9%E9%94%85%E7%9D%80%E7%81%AB`);
  await page.waitForSelector("[data-search] .entry a[href*='oil-pan']", { timeout: 5000 }).catch(() => check(false, `${name}: search finds nothing offline`));
  await page.goto(`${base}/`);
  check((await page.locator(".foot a[href='tel:119']").count()) === 1, `${name}: the hotlines are not there`);
  check(due === await page.locator("[data-expires]").count(), `${name}: the kept home page has other notices`);
  await page.clock.setFixedTime(new Date("2028-01-01T00:00:00+08:00"));
  await page.reload();
  check(await hidden(page), `${name}: a notice that has expired is shown from the copy`);
  await context.close();
  return due;
}

/** A new library is taken in while a page is open; the page stays as it is, the next visit is new. */
async function updateWithoutSurprise(browser, folder) {
  const running = await host(folder);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${running.base}/`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.evaluate(() => { globalThis.here = true; });
  running.server.folder = join(work, "newer");
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const worker = registration.installing || registration.waiting;
    while (worker.state === "installing") await new Promise((done) => setTimeout(done, 50));
  });
  const state = await page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
  check(state, "a new library does not wait for the pages that are open");
  check(await page.evaluate(() => globalThis.here === true), "a new library reloads the page that is read");
  await running.stop();
  await page.goto(`${running.base}/guides/trapped/`);
  check((await main(page)).includes("119"), "while the new library waits the old copy is gone");
  await context.close();
}

let browser;
const started = [];
const up = async (running) => { started.push(running); return running; };
try {
  const out = join(work, "site");
  execFileSync(binary, ["build", "--out", out], { stdio: ["ignore", "ignore", "inherit"] });
  cpSync(out, join(work, "newer"), { recursive: true });
  execFileSync("sed", ["-i", "s/\"version\":\"/&new/", join(work, "newer", "sw.js")]);
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  await visitOnceAndLeave(browser, "static host", await up(await host(out)));
  const due = await visitOnceAndLeave(browser, "serve", await up(await serve()));
  check(due > 0, "no notice is due on the day of this test, so none can expire");
  await updateWithoutSurprise(browser, out);
} finally {
  await browser?.close();
  for (const { stop } of started) await stop().catch(() => {});
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
