// The officials' desk in a real browser: two people take a message from its first word to its report, one of them with
// JavaScript off; then axe-core and the layout on every page at phone and desktop width. Needs nothing beyond loopback.
// SHOTS=folder keeps a picture of every page.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { deeds, ending } from "./deeds.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const binary = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "fenghuo-desk-"));
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
// Morning in China: nobody is in her quiet hours.
const now = "2026-11-10T10:00:00+08:00";
const password = "石桥镇的二十四节气歌";
const faults = [];
const check = (fine, message) => fine || faults.push(message);
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

/** People who follow a township: the chat sends what their button says. */
const followers = [...Array(15).keys()].map((number) => ({
  chat: 1000 + number, data: number < 12 ? `s:y:yangliu:${number % 2 ? "village" : "home"}` : "s:y:chengguan:school",
}));

const update = ({ chat, data }, number) => ({
  update_id: number + 1,
  callback_query: {
    id: String(chat), from: { id: chat, is_bot: false, first_name: "人" }, chat_instance: "1", data,
    message: { message_id: 1, date: 1, chat: { id: chat, type: "private", first_name: "人" }, text: "x" },
  },
});

/** A Bot API that takes every message a little late, so that there is a progress to watch. */
async function fakeTelegram() {
  const sent = [];
  // Chats whose connection dies once the text is there; "slow" makes everything take long.
  const cut = new Set();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", () => {
      const method = request.url.split("/").pop().split("?")[0].toLowerCase();
      const answer = (result, wait) => setTimeout(() => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ ok: true, result }));
      }, wait);
      const said = body ? JSON.parse(body) : {};
      if (method === "getupdates") {
        const news = followers.map(update).filter(({ update_id: id }) => id >= (said.offset ?? 0));
        return answer(news, news.length ? 0 : 1000);
      }
      if (method === "getme") return answer({ id: 1, is_bot: true, first_name: "烽火", username: "fenghuo_bot", can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false }, 0);
      if (method !== "sendmessage") return answer(true, 0);
      if (cut.has(String(said.chat_id))) return request.socket.destroy();
      sent.push(said);
      if (cut.has("slow")) return answer({ message_id: sent.length, date: 0, chat: { id: Number(said.chat_id), type: "private", first_name: "人" }, text: "x" }, 2000);
      return answer({ message_id: sent.length, date: 0, chat: { id: Number(said.chat_id), type: "private", first_name: "人" }, text: "x" }, 50);
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, sent, cut, url: `http://127.0.0.1:${server.address().port}` };
}

/** Waits until everybody has been told that she is subscribed. */
async function subscribed({ sent }) {
  for (let tries = 0; tries < 200 && new Set(sent.map(({ chat_id: chat }) => String(chat))).size < followers.length; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
  }
}

function hire(name, role) {
  const env = { ...process.env, FENGHUO_OFFICIAL_PASSWORD: password };
  execFileSync(binary, ["official", "add", name, "--role", role, "--data", join(work, "data")], { env, stdio: "pipe" });
}

async function serve(telegram) {
  const env = {
    ...process.env,
    FENGHUO_TELEGRAM__MAIN__TOKEN: "1:test",
    FENGHUO_TELEGRAM__MAIN__API_URL: telegram.url,
    FENGHUO_SEARCH__SEMANTIC: "false",
  };
  const args = ["serve", "--now", now, "--listen", "127.0.0.1:0", "--data", join(work, "data")];
  const server = spawn(binary, args, { env, stdio: ["ignore", "ignore", "pipe"] });
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

/** What axe-core and the eye would complain about on the page as it stands. */
async function looksRight(page, name, script = true) {
  if (shots) await page.screenshot({ path: join(shots, `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`), fullPage: true });
  if (!script) return;
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(overflow <= 0, `${name} is ${overflow}px too wide`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const { id, nodes } of violations) faults.push(`${name}: axe ${id}: ${nodes[0].html.slice(0, 160)} (${nodes.length})`);
}

async function enter(context, base, name) {
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`${name}: ${error}`));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d|ERR_CONNECTION_REFUSED/.test(message.text()) && faults.push(`${name}: ${message.text()}`));
  page.on("request", (request) => check(request.url().startsWith(base), `${name} asks ${request.url()}`));
  await page.goto(`${base}/desk`);
  check(page.url().startsWith(`${base}/desk/login`), "without a session the desk leads to the login");
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", password);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${base}/desk`);
  return page;
}

const says = async (page, text) => (await page.textContent("main")).includes(text);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Writing with JavaScript off on a phone: count by button, a fault, all of it kept, a draft in the end. */
async function write(page, base) {
  await page.goto(`${base}/desk`);
  await page.click("main a[href='/desk/start']");
  await page.click("a[href='/desk/campaigns/new']");
  await page.fill("#title", "大风天不烧荒");
  await page.fill("#body", "大风天不烧荒、不烧秸秆。看见烟火打119。\n\n## 还要做什么\n\n关好炉门，人走火灭。");
  await page.check("input[name=scope][value=some]");
  await page.check("input[name=region][value=yangliu]");
  await page.fill("#expires", "");
  await press(page, "保存，看发送单");
  check(await says(page, "还没有保存"), "a message without an end is refused");
  check((await page.inputValue("#title")) === "大风天不烧荒", "a refused form keeps the title");
  check(await page.isChecked("input[name=region][value=yangliu]"), "a refused form keeps its regions");
  await page.fill("#expires", "2026-11-13T20:00");
  await press(page, "算人数和字数");
  check(await says(page, "发给 12 人"), "the button counts");
  await press(page, "保存，看发送单");
  check(await says(page, "已存为草稿"), "the draft is saved");
  check(await says(page, "各渠道收到的样子"), "the sheet shows every channel");
  return page.url().replace(base, "").split("?")[0];
}

/** Back and forth between the two until it is sent. */
async function approve(editor, approver, base, path) {
  await press(editor, "送审");
  await approver.goto(`${base}/desk`);
  check(await says(approver, "大风天不烧荒"), "what was submitted waits for the approver");
  await approver.goto(base + path);
  await approver.fill("#return-reason", "写明到哪天");
  await press(approver, "退回给赵敏");
  await editor.goto(base + path);
  check(await says(editor, "写明到哪天"), "the reason is shown");
  await editor.getByRole("link", { name: "修改", exact: true }).click();
  await editor.fill("#title", "大风天不烧荒（到周五）");
  await press(editor, "保存，看发送单");
  await press(editor, "送审");
  await approver.goto(base + path);
  await press(approver, "批准");
  check(await says(approver, "还没有发出"), "approving is not sending");
  await press(approver, "现在发送");
}

/** The script of the form: the count follows what is ticked, lengths follow what is typed, a lost page is offered again. */
async function typing(page, base) {
  await page.goto(`${base}/desk/campaigns/new`);
  await page.fill("#title", "试一试");
  await page.fill("#body", "火".repeat(201));
  await page.waitForFunction(() => /短信 201/.test(document.querySelector("#measure").textContent));
  await page.reload();
  await page.click("[data-restore]");
  check((await page.inputValue("#body")).length === 201, "what was typed is offered after a reload");
  await looksRight(page, "compose with a fault 360");
}

const pages = (path) => [
  "/desk", "/desk/start", "/desk/campaigns", "/desk/campaigns?q=nothing", "/desk/campaigns/new", "/desk/relay",
  path, `${path}/report`, `${path}/correct`, `${path}/withdraw`, "/desk/year", "/desk/boards", "/desk/boards/hydrants",
  "/desk/reach", "/desk/checks", "/desk/gaps", "/desk/audit?verify=1", "/desk/officials", "/desk/password", "/desk/no-such-page",
];

let running;
let telegram;
let browser;
try {
  for (const [name, role] of [["王建国", "admin"], ["李秀英", "approver"], ["赵敏", "editor"]]) hire(name, role);
  telegram = await fakeTelegram();
  running = await serve(telegram);
  const { base } = running;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const phone = { viewport: { width: 360, height: 740 }, locale: "zh-CN" };
  const plain = await browser.newContext({ ...phone, javaScriptEnabled: false });
  const editor = await enter(plain, base, "赵敏");
  const approver = await enter(await browser.newContext(phone), base, "李秀英");
  await subscribed(telegram);
  const path = await write(editor, base);
  await approve(editor, approver, base, path);
  await approver.waitForFunction(() => document.querySelector(".big")?.textContent.includes("已发完"), null, { timeout: 20000 })
    .catch(() => faults.push("the page does not follow the sending to its end"));
  const got = telegram.sent.filter(({ text }) => text.includes("大风天不烧荒")).map(({ chat_id: chat }) => Number(chat)).sort();
  check(JSON.stringify(got) === JSON.stringify(followers.slice(0, 12).map(({ chat }) => chat)), `sent to ${got}`);
  await approver.goto(`${base}${path}/report`);
  check(await says(approver, "发送报告"), "there is a report");
  await typing(approver, base);
  const desk = { browser, editor, approver, base, check, looksRight, telegram, cut: telegram.cut, server: running.server };
  await deeds(desk);

  for (const width of [360, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, locale: "zh-CN", bypassCSP: true });
    const door = await context.newPage();
    await door.goto(`${base}/desk/login`);
    await looksRight(door, `login ${width}`);
    const admin = await enter(context, base, "王建国");
    for (const address of pages(path)) {
      await admin.goto(base + address);
      await looksRight(admin, `${address.replace(path, "/desk/campaigns/one")} ${width}`);
    }
    if (shots && width === 360) await admin.emulateMedia({ media: "print" });
    if (shots && width === 360) for (const address of ["/desk/reach", `${path}/report`]) {
      await admin.goto(base + address);
      await admin.pdf({ path: join(shots, `${address.replaceAll("/", "-")}.pdf`), format: "A4" });
    }
    await context.close();
  }
  const dark = await browser.newContext({ ...phone, colorScheme: "dark", bypassCSP: true });
  const night = await enter(dark, base, "王建国");
  for (const address of ["/desk", "/desk/campaigns/new", path, "/desk/reach"]) {
    await night.goto(base + address);
    await looksRight(night, `${address.replace(path, "/desk/campaigns/one")} dark`);
  }
  await ending(desk).catch((error) => faults.push(`ending: ${error}`));
} catch (error) {
  faults.push(`it broke off: ${error}`);
} finally {
  await browser?.close();
  running?.server.kill();
  telegram?.server.close();
  telegram?.server.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
