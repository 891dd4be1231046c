// The crisis copy in Chromium over file://: every link and anchor, search, a guide, a checklist, no request, and the copy
// with JavaScript off.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const binary = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "fenghuo-crisis-"));
const faults = [];
const check = (fine, message) => fine || faults.push(message);
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

/** Anchors that lead nowhere, anchors there are twice, and pictures or links that would ask a network. */
const structure = () => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const known = new Set(ids);
  const dead = [...document.querySelectorAll("a[href^='#']")].map((link) => decodeURIComponent(link.getAttribute("href").slice(1))).filter((id) => !known.has(id));
  const labels = [...document.querySelectorAll("label[for], [aria-labelledby], [data-speak]")].flatMap((element) =>
    [element.getAttribute("for"), element.getAttribute("data-speak"), ...(element.getAttribute("aria-labelledby") || "").split(" ")]).filter((id) => id && !known.has(id));
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const outside = [...document.querySelectorAll("img, script[src], link[rel=stylesheet]")].map((element) => element.src || element.href).filter((address) => !address.startsWith("data:"));
  return { leaves: document.querySelectorAll(".leaf .doc").length, dead: [...new Set(dead)], labels, twice, outside };
};

const shown = (page) => page.locator(".leaf:visible");

async function read(browser, address) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, acceptDownloads: false });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || asked.push(request.url()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(address);
  const { leaves, dead, labels, twice, outside } = await page.evaluate(structure);
  check(leaves > 300, `only ${leaves} documents are in the copy`);
  check(!dead.length, `links lead nowhere: ${dead.slice(0, 5)}`);
  check(!labels.length, `labels name nothing: ${labels.slice(0, 5)}`);
  check(!twice.length, `anchors are there twice: ${twice.slice(0, 5)}`);
  check(!outside.length, `asks a network: ${outside.slice(0, 5)}`);
  check((await page.textContent(".made")).includes(`${new Date().getFullYear()}年`), "the copy does not say when it was made");
  check(await shown(page).count() === 1, "more than the first page is shown at first");
  check(!(await page.locator("[data-expires]").count()), "a notice is called current in a copy");

  await page.fill("#q", "灭火气怎么用");
  await page.waitForSelector("[data-search] .entry a");
  check((await page.textContent("[data-search] .entry a")).includes("灭火器"), "search finds something else");
  await page.click("[data-search] .entry a");
  check(/^#knowledge\/extinguisher\//.test(decodeURIComponent(new URL(page.url()).hash)), "a result leads elsewhere");
  check(await shown(page).count() === 1 && (await shown(page).textContent()).includes("灭火器"), "the result is not shown");

  await page.goto(`${address}#guides/trapped`);
  check(await page.locator(".step:visible").count() === 1, "a guide shows not one step");
  await page.click(".leaf:visible .choices:visible a >> nth=0");
  check(await page.locator(".step:visible").count() === 1, "the next step of a guide is not shown alone");

  await page.goto(`${address}#checklists`);
  await page.click(".leaf:visible .entry a >> nth=0");
  await page.click(".leaf:visible form button[type=submit]");
  check(/结果：高风险/.test(await page.textContent(".leaf:visible .outcome")), "a checklist gives no result");
  check(!asked.length, `the copy asks ${asked[0]}`);
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const hash of ["#home", "#knowledge", "#knowledge/kitchen/oil-pan-fire", "#guides/trapped"]) {
      await page.goto(address + hash);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(over <= 0, `${hash} at ${width}px is ${over}px too wide`);
    }
  }
  await context.close();
}

async function withoutScript(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${address}#guides`);
  await page.click(".leaf:visible .entry a >> nth=0");
  check(await page.locator(".leaf:visible .step:visible").count() > 1, "without JavaScript a guide is not there as a whole");
  await context.close();
}

let browser;
try {
  const file = join(work, "烽火 离线本.html");
  execFileSync(binary, ["pack", "crisis", "--out", file], { stdio: "ignore" });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const address = pathToFileURL(file).href;
  await read(browser, address);
  await withoutScript(browser, address);
} finally {
  await browser?.close();
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
