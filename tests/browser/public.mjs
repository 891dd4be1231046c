// What was sent, in a browser: page, list and verification of a message at phone and desktop width, and the signage
// page through a day: tips, a message within two seconds, nothing expired, the truth about being offline.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Two people send `title` to a township; gives its code. */
function send({ binary, data }, kind, region, title, text) {
  const run = (args, input) => {
    const password = { ...process.env, FENGHUO_OFFICIAL_PASSWORD: "correct horse battery" };
    return execFileSync(binary, ["--data", data, ...args], { env: password, input, encoding: "utf8" });
  };
  const officials = run(["official", "list"]);
  for (const [name, role] of [["chief", "admin"], ["writer", "editor"]]) {
    if (!officials.includes(name)) run(["official", "add", name, "--role", role]);
  }
  const { id } = JSON.parse(run(["campaign", "new", "--kind", kind, "--title", title, "--region", region, "--file", "-", "--as", "writer", "--json"], text));
  run(["campaign", "submit", id, "--as", "writer"]);
  run(["campaign", "approve", id, "--as", "chief"]);
  return JSON.parse(run(["campaign", "send", id, "--as", "chief", "--json"])).code;
}

const visible = (page, text) => page.waitForFunction((wanted) => {
  const on = document.querySelector("#messages:not([hidden]) .on, #tips:not([hidden]) .on");
  return on && on.textContent.includes(wanted);
}, text, { timeout: 10000, polling: 50 });

/** The signage page of a hall, by a clock that we move. */
async function signage(browser, site, check) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${site.base}/signage?region=chengguan&screen=test-hall`);
  await visible(page, "消防提示");
  await site.shot?.(page, "signage-tip-1280");
  send(site, "drill", "chengguan", "疏散演练", "听到铃声，走楼梯下楼。");
  const begun = Date.now();
  await visible(page, "疏散演练");
  const took = Date.now() - begun;
  console.log(`signage: a message is shown ${took} ms after it was sent`);
  check((await page.textContent("#messages .on .mark")).includes("这是演练"), "the drill is not marked on the screen");
  await site.shot?.(page, "signage-drill-1280");
  const size = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("#messages .on .text p")).fontSize) / innerHeight);
  check(size >= 1 / 22, `text on the screen is ${(size * 100).toFixed(1)} % of its height`);
  await context.close();

  // A clock of our own from the first moment on.
  const later = await browser.newContext({ viewport: { width: 1080, height: 1920 } });
  const hall = await later.newPage();
  hall.on("pageerror", (error) => complaints.push(String(error)));
  await hall.clock.install();
  await hall.goto(`${site.base}/signage?region=chengguan`);
  await visible(hall, "疏散演练");
  await site.shot?.(hall, "signage-portrait");
  check(await hall.locator("#offline").isHidden(), "it says that it is offline and is not");
  await later.setOffline(true);
  // The open stream is cut as well: a network that is gone delivers nothing.
  await hall.evaluate(() => { window.EventSource = undefined; });
  await later.route("**/signage/**", (route) => route.abort());
  await hall.clock.fastForward(45000);
  await hall.clock.runFor(3000);
  const said = await hall.textContent("#offline");
  check(await hall.locator("#offline").isVisible() && /离线：从 \d+月\d+日 \d\d:\d\d 起/.test(said), `offline for 45 s it says "${said}"`);
  await site.shot?.(hall, "signage-offline");
  await hall.clock.fastForward(4 * 24 * 3600 * 1000);
  await hall.clock.runFor(2000);
  check(!(await hall.textContent("main")).includes("疏散演练") || await hall.locator("#messages").isHidden(), "an expired message is still on the screen");
  check(await hall.locator("#tips .on").isVisible(), "there is no tip after the message has expired");
  await later.close();
  check(complaints.length === 0, `signage: ${complaints[0]}`);
}

/** A page kept open past the end of its message says so. */
async function expiring(browser, base, code, check) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${base}/notices/${code}/`);
  check(await page.locator(".standing.holds").isVisible(), "a current message is not shown as one");
  await page.clock.fastForward(4 * 24 * 3600 * 1000);
  await page.clock.runFor(6000);
  check(await page.locator(".standing.holds").isHidden(), "a page kept open shows an expired message as current");
  check(await page.locator(".standing.over").isVisible(), "a page kept open does not say that its message has expired");
  await context.close();
}

/** Verification without script: in two halves, in lower case. */
async function verifying(browser, base, code, check) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${base}/verify`);
  await page.fill("[name=code]", ` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)} `);
  await page.click("form[action='/verify'] button[type=submit]");
  check((await page.textContent("main")).includes("查到了，是真的"), "the code is not verified without JavaScript");
  await context.close();
}

/**
 * Everything of the above. `site` has base, binary, data and work; `visit` looks at a page (layout, axe, console),
 * `nu` checks files.
 */
export async function publicPages(browser, site, { check, visit, nu }) {
  const code = send(site, "notice", "baishui", "大风天不动火", "今天风大，不烧荒、不烧纸。见到火，打119。\n\n## 怎么做\n\n- 灭掉灶里的火\n- 关好电源");
  const addresses = [`/notices/${code}/`, "/notices/", "/verify", `/verify?code=${code}`, "/verify?code=ZZZZZ0"];
  for (const width of [360, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
    for (const address of addresses) {
      await visit(context, site.base, address, width);
      if (site.shot) {
        const page = await context.newPage();
        await page.goto(site.base + address);
        await site.shot(page, `${address.replace(/[^a-z0-9]+/gi, "-").replace(code, "CODE")}${width}`);
        await page.close();
      }
    }
    await visit(context, site.base, "/signage?region=chengguan&screen=axe", width);
    await context.close();
  }
  const files = [];
  for (const [index, address] of [...addresses, "/signage"].entries()) {
    const answer = await fetch(site.base + address);
    const file = join(site.work, `public-${index}.html`);
    writeFileSync(file, await answer.text());
    files.push(file);
  }
  nu(files);
  await verifying(browser, site.base, code, check);
  await expiring(browser, site.base, code, check);
  await signage(browser, site, check);
}
