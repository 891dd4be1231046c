// What a teacher does in front of a class: slides by keys and without script, sheets on one page of paper, hands
// counted without a trace, lessons found on a static page.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Pages of a PDF. */
const pages = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? []).length;

async function slides(browser, address, name, check) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(address);
  const count = await page.locator(".slide").count();
  const now = () => page.locator("[data-position]").textContent();
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    check((await now()) === `${expected} / ${count}`, `${name}: ${key} shows ${await now()}`);
  };
  for (const [key, expected] of [
    ["ArrowRight", 2], ["PageDown", 3], [" ", 4], ["ArrowLeft", 3], ["PageUp", 2], ["End", count],
    ["ArrowRight", count], ["Home", 1], ["ArrowLeft", 1],
  ]) await press(key, expected);
  check((await page.locator(".slide:visible").count()) === 1, `${name}: more than one slide at a time`);
  await page.keyboard.press("n");
  check(await page.locator(".slide.now .notes").isVisible(), `${name}: N shows no notes`);
  const outside = asked.filter((url) => !url.startsWith("data:") && new URL(url).origin !== new URL(address).origin);
  check(outside.length === 0, `${name} asks ${outside[0]}`);
  const printed = pages(await page.pdf({ preferCSSPageSize: true }));
  check(printed === count, `${name}: ${count} slides on ${printed} pages`);
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(address);
  check((await still.locator(".slide:visible").count()) === count, `${name}: slides are missing without script`);
  check((await still.locator("button:visible").count()) === 0, `${name}: dead buttons without script`);
  await plain.close();
}

async function sheets(browser, base, items, check) {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const { id, links } of items) {
    for (const link of ["letter_page", "worksheet_page"]) {
      await page.goto(base + new URL(links[link]).pathname);
      const printed = pages(await page.pdf({ preferCSSPageSize: true }));
      check(printed === 1, `${id}: ${link} takes ${printed} pages`);
    }
  }
  await context.close();
}

async function hands(browser, address, check) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(address);
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/icon.svg") || asked.push(request.url()));
  const card = page.locator("[data-hands]").first();
  const right = card.locator("li[data-right]");
  const wrong = card.locator("li:not([data-right])").first();
  await page.check("[name=round][value=before]");
  await right.locator("input").fill("10");
  await wrong.locator("input").fill("30");
  await page.check("[name=round][value=after]");
  check((await right.locator("input").inputValue()) === "", "the two rounds are not kept apart");
  for (let hand = 0; hand < 3; hand += 1) await right.locator("[data-add='1']").click();
  await right.locator("[data-add='-1']").click();
  await wrong.locator("input").fill("-5");
  await card.locator("[data-show]").click();
  const line = await card.locator(".outcome-line").textContent();
  check(line === "课前 40 人举手，10 人答对（25%）；课后 2 人举手，2 人答对（100%）。", `counted: ${line}`);
  check((await page.locator("[data-summary]").textContent()).includes("课后数了 1 题"), "no summary");
  await card.locator("[data-clear]").click();
  check((await right.locator("input").inputValue()) === "", "clearing leaves a number");
  await right.locator("input").fill("7");
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, document.cookie.length, (await indexedDB.databases()).length,
    (await caches.keys()).length,
  ]);
  check(kept.every((number) => number === 0), `counting leaves traces: ${kept}`);
  check(asked.length === 0, `counting asks ${asked[0]}`);
  await page.reload();
  check((await right.locator("input").inputValue()) === "", "a reload remembers the count");
  await context.close();
}

/** Without a server the finder narrows the page by script. */
async function finder(browser, file, check) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname;
    return route.fulfill({ path: join(file, path.endsWith("/") ? `${path}index.html` : path) });
  });
  await page.goto("http://static.example/lessons/");
  await page.selectOption("[name=grade]", "0");
  await page.selectOption("[name=season]", "winter");
  await page.selectOption("[name=minutes]", "5");
  const found = await page.locator("#entries .entry:visible").count();
  check(found === 1, `the finder finds ${found} winter lessons for kindergartens`);
  check((await page.locator("[data-found]").textContent()) === "找到 1 节课", "the finder does not say what it found");
  check((await page.locator(".entry:visible .chosen").textContent()) === "5 分钟", "the length is not marked");
  await page.click("form[data-finder] [type=reset]");
  await page.waitForFunction(() => document.querySelectorAll("#entries .entry:not([hidden])").length > 30);
  await context.close();
}

export async function classroom(browser, base, lessons, check) {
  const { items } = await (await fetch(`${base}/api/v1/lessons?limit=100`)).json();
  for (const name of ["summer-p46", "drill-p16"]) {
    await slides(browser, `${base}/lessons/${name}/slides/`, `${name} slides`, check);
    await slides(browser, pathToFileURL(join(lessons, name, `${name}-slides.html`)).href, `${name} slides file`, check);
  }
  await sheets(browser, base, items, check);
  await hands(browser, `${base}/lessons/summer-p46/quiz/`, check);
  await finder(browser, join(lessons, ".."), check);
}
