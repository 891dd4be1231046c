// Self-checks, cards and posters as a reader uses them, on the files of a static host: the result and what it says to mend,
// ticks carried to another device by a QR code (read back by jsQR) without a request, text for sending, type sizes, and
// posters that tell whether they are current.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import jsQR from "jsqr";
import { chromium } from "playwright-core";
import "../../site/assets/qr.js";

const binary = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "fenghuo-reading-"));
const faults = [];
const check = (fine, message) => fine || faults.push(message);
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
const CHECKLIST = "/checklists/home/";
const ARTICLE = "/knowledge/kitchen/oil-pan-fire/";

async function host(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://h").pathname;
    try {
      const body = readFileSync(join(folder, path.endsWith("/") ? `${path}index.html` : path));
      response.writeHead(200, { "content-type": types[extname(path)] || "text/html" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

/** What jsQR reads in rows of modules, painted four pixels wide with a quiet zone. */
function decode(rows) {
  const [wide, scale] = [rows.length + 8, 4];
  const side = wide * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (rows[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4]) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

/** What the code drawn on the page says. */
async function read(page, selector) {
  // The script that draws codes is loaded when one is wanted.
  await page.waitForSelector(selector, { state: "attached" });
  const drawn = await page.$eval(selector, (svg) => ({ wide: Number(svg.getAttribute("viewBox").split(" ")[2]) - 8, path: svg.querySelector("path").getAttribute("d") }));
  const rows = Array.from({ length: drawn.wide }, () => new Array(drawn.wide).fill(false));
  for (const [, x, y] of drawn.path.matchAll(/M(\d+) (\d+)h/g)) rows[y - 4][x - 4] = true;
  return decode(rows);
}

function everyLengthIsReadBack() {
  for (let length = 1; length <= 213; length += 4) {
    const text = Array.from({ length }, (_, at) => "https://fire.example/check-0#c=a"[(at * 7 + length) % 32]).join("");
    check(decode(globalThis.fenghuoQr.matrix(text)) === text, `a QR code of ${length} characters says something else`);
  }
  check(globalThis.fenghuoQr.matrix("x".repeat(214)) === null, "too long a text gives a QR code");
}

async function selfCheck(browser, base) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: "block", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(base + CHECKLIST);
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/icon.svg") || asked.push(request.url()));
  await page.click("form button[type=submit]");
  check(/高风险/.test(await page.textContent(".outcome h2")), "nothing done is no high risk");
  const first = await page.textContent(".outcome h3");
  check(/今天就改/.test(first), "what is worst does not come first");
  check(await page.locator(".outcome li small").first().textContent().then((text) => /^依据：.+/.test(text)), "the result names no article");
  check(await page.locator(".outcome li p").first().textContent().then((text) => /^怎么改：.+/.test(text)), "the result does not say how");
  for (const box of await page.$$(".check.high input")) await box.check();
  await page.click("form button[type=submit]");
  check(/中风险/.test(await page.textContent(".outcome h2")), "what is left is no medium risk");
  const ticked = await page.locator(".check input:checked").count();
  await page.click("text=换一台设备接着查");
  const address = await read(page, ".carry .qr");
  check(address?.startsWith(`${base}${CHECKLIST}#c=`), `the QR code says ${address}`);
  await page.click("text=发给别人");
  await page.waitForTimeout(200);
  const text = await page.evaluate(() => navigator.clipboard.readText()).catch(() => "");
  check(/结果：中风险/.test(text) && /怎么改：/.test(text) && /依据：/.test(text), `the text to send is ${text.slice(0, 80)}`);
  check(asked.length === 0, `a self-check asks ${asked[0]}`);
  await page.reload();
  check(await page.locator(".check input:checked").count() === ticked, "ticks are gone after a reload");

  const other = await browser.newContext({ serviceWorkers: "block" });
  const second = await other.newPage();
  const sent = [];
  second.on("request", (request) => sent.push(request.url()));
  await second.goto(address);
  check(await second.locator(".check input:checked").count() === ticked, "the other device has other ticks");
  check(!second.url().includes("#c="), "the ticks stay in the address");
  check(sent.every((url) => !url.includes("c=")), "the ticks were sent");
  await second.goto("about:blank");
  await second.goto(`${base}${CHECKLIST}#c=3.abc`);
  check(/另一版/.test(await second.textContent("form [role=status]")), "ticks of another list are taken");
  await other.close();

  await page.evaluate(() => { globalThis.print = () => { globalThis.printed = [...document.querySelectorAll("h1, .check, .outcome, .basis")].filter((e) => e.checkVisibility()).map((e) => e.className || e.tagName); }; });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => document.querySelector("form").requestSubmit());
  await page.evaluate(() => [...document.querySelectorAll(".outcome button")].find((button) => button.textContent === "打印结果").click());
  const printed = await page.evaluate(() => globalThis.printed);
  check(printed.includes("H1") && printed.some((name) => name.startsWith("outcome")) && !printed.some((name) => name.startsWith("check")), `printing the result prints ${printed}`);
  await context.close();
}

async function cardsAndPosters(browser, base) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: "block", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(base + ARTICLE);
  await page.click("[data-share]");
  check(await read(page, "dialog .qr") === base + ARTICLE, "the card leads elsewhere");
  check(await page.evaluate(() => { const box = document.querySelector("dialog").getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; }), "the card is wider than a phone");
  await page.click("dialog >> text=发送");
  await page.waitForTimeout(200);
  const text = await page.evaluate(() => navigator.clipboard.readText()).catch(() => "");
  check(text.includes("关火") && text.includes(base + ARTICLE), `the card sends ${text.slice(0, 60)}`);
  await page.keyboard.press("Escape");
  check(await page.locator("dialog").count() === 0, "a closed card stays");

  // The poster is looked at while it is printed.
  await page.evaluate(() => { globalThis.print = () => { globalThis.sheet = document.querySelector(".poster").cloneNode(true); }; });
  await page.click("[data-poster]");
  await page.waitForFunction(() => globalThis.sheet);
  await page.evaluate(() => { document.body.append(globalThis.sheet); });
  const scanned = await read(page, ".poster .qr");
  check(/#v=[0-9a-f]{8}$/.test(scanned), `a poster carries ${scanned}`);
  check(/版本 \d{4}-\d\d-\d\d · [0-9a-f]{8}/.test(await page.textContent(".poster")), "a poster names no version");
  await page.evaluate(() => document.documentElement.classList.add("printing-poster"));
  const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  check((pdf.match(/\/Type ?\/Page[^s]/g) || []).length === 1, "a poster takes more than one sheet");

  for (const [address, expected] of [[scanned, /现在的版本/], [scanned.replace(/.{8}$/, "00000000"), /旧版/]]) {
    await page.goto("about:blank");
    await page.goto(address);
    check(expected.test(await page.textContent("article > [role=status]")), `${address} does not say ${expected}`);
  }
  await page.goto(base + ARTICLE);
  const before = await page.evaluate(() => getComputedStyle(document.querySelector("h1")).fontSize);
  for (const times of [1, 2]) {
    await page.click(".tools [data-size]");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(over <= 0, `large type ${times} is ${over}px too wide`);
  }
  await page.reload();
  const after = await page.evaluate(() => getComputedStyle(document.querySelector("h1")).fontSize);
  check(parseFloat(after) >= 1.5 * parseFloat(before), `type is not larger: ${before}, ${after}`);
  await page.click(".foot [data-contrast]");
  check(await page.evaluate(() => getComputedStyle(document.body).color === "rgb(0, 0, 0)"), "high contrast is not black on white");
  await context.close();
}

let browser;
let running;
try {
  everyLengthIsReadBack();
  const out = join(work, "site");
  execFileSync(binary, ["build", "--out", out], { stdio: "ignore" });
  running = await host(out);
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  await selfCheck(browser, running.base);
  await cardsAndPosters(browser, running.base);
} finally {
  await browser?.close();
  running?.stop();
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
