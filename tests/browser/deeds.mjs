// What officials do besides the way of a message, in a real browser: a text of its own for one channel, deciding about
// what nobody knows, progress and its end when the server stops, boards by two people, a warning from a file,
// self-checks told by residents with and without script.

const says = async (page, text) => (await page.textContent("main")).includes(text);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const path = (page, base) => page.url().replace(base, "").split("?")[0];

/** Two people bring the draft on `editor`'s page on its way. */
async function release(editor, approver, base) {
  await press(editor, "送审");
  const at = path(editor, base);
  await approver.goto(base + at);
  await press(approver, "批准");
  await press(approver, "现在发送");
  return at;
}

/** A robot-like short text for Telegram alone; the page and the others keep the whole one. */
async function override({ editor, base, check, looksRight }) {
  await editor.goto(`${base}/desk/campaigns/new`);
  await editor.fill("#title", "天干物燥，管好火源");
  await editor.fill("#body", "今天风大，{{ place }}的乡亲不烧荒。看见烟火打119。\n\n## 怎么做\n\n关好炉门。");
  await editor.click("summary:has-text('某个渠道单独写')");
  await editor.fill("#override-telegram", "只给手机聊天软件：不烧荒，看见火打119。");
  await editor.fill("#override-speaker", "");
  await editor.fill("#expires", "2026-11-13T20:00");
  await press(editor, "保存，看发送单");
  check(await says(editor, "已存为草稿"), "a draft with a text of its own is saved");
  const telegram = await editor.locator("details.card", { hasText: "Telegram" }).first().textContent();
  const mail = await editor.locator("details.card", { hasText: "电子邮件" }).first().textContent();
  check(telegram.includes("只给手机聊天软件") && !telegram.includes("关好炉门"), "the channel shows its own text");
  check(mail.includes("关好炉门") && !mail.includes("只给手机聊天软件"), "others keep the common text");
  await looksRight(editor, "sheet with an override 360", false);
  await editor.getByRole("link", { name: "修改", exact: true }).click();
  check((await editor.inputValue("#override-telegram")).startsWith("只给手机聊天软件"), "the form keeps the override");
  check(await editor.locator("#override-telegram").isVisible(), "where there is an override its fields are open");
}

/** Connections die after the text was written; an official decides. `cut` says for which chats. */
async function decide({ editor, approver, base, check, looksRight, telegram, cut }) {
  await editor.goto(`${base}/desk/campaigns/new`);
  await editor.fill("#title", "试一试断线");
  await editor.fill("#body", "炉子离柴草远一点。看见火打119。");
  await editor.check("input[name=scope][value=some]");
  await editor.check("input[name=region][value=yangliu]");
  await editor.fill("#expires", "2026-11-13T20:00");
  await editor.click("summary:has-text('断线时不知道')");
  await editor.selectOption("#policy", "ask");
  await press(editor, "保存，看发送单");
  cut.add("1000").add("1001").add("1002");
  const at = await release(editor, approver, base);
  const ended = () => document.querySelector("#unknown")?.textContent.includes("3 条不确定");
  await approver.waitForFunction(ended, null, { timeout: 20000 }).catch(() => check(false, "what is unknown is not shown"));
  check(await says(approver, "您来定"), "an approver may decide");
  await editor.goto(base + at);
  check(await editor.getByRole("button", { name: "再发一次" }).count() === 0, "an editor may not decide");
  await looksRight(approver, "unknown to be decided 360");
  cut.clear();
  const before = telegram.sent.filter(({ text }) => text.includes("炉子离柴草远一点")).length;
  await press(approver, "再发一次");
  check(await says(approver, "3 条排队再发"), "the page says what was decided");
  for (let tries = 0; tries < 100 && telegram.sent.filter(({ text }) => text.includes("炉子离柴草远一点")).length < before + 3; tries += 1) {
    await approver.waitForTimeout(100);
  }
  const got = telegram.sent.filter(({ text }) => text.includes("炉子离柴草远一点")).map(({ chat_id: chat }) => String(chat));
  check(got.length === before + 3 && ["1000", "1001", "1002"].every((chat) => got.includes(chat)), `decided, and sent to ${got.slice(before)}`);
  await approver.goto(base + at);
  check(await approver.locator("#unknown").count() === 0, "nothing is left to decide");
}

/** One fills in, another confirms; then it is in the table, and soon on the public page in place of what was made up. */
async function boards({ editor, approver, base, check, looksRight }) {
  await editor.goto(`${base}/desk/boards/hydrants`);
  const region = await editor.locator("#region option:nth-child(2)").getAttribute("value");
  const name = await editor.locator("#region option:nth-child(2)").textContent();
  await editor.selectOption("#region", region);
  await editor.fill("#date", "2026-11-09");
  await editor.fill("#value", "很多");
  await press(editor, "保存，等确认");
  check(await says(editor, "没有保存"), "a figure that is none is refused");
  check((await editor.inputValue("#value")) === "很多", "what was typed is kept");
  await editor.fill("#value", "77");
  await editor.fill("#note", "消防站核过");
  await press(editor, "保存，等确认");
  check(await says(editor, "要另一个人确认"), "nobody confirms her own figure");
  check(await editor.getByRole("button", { name: /^确认/ }).count() === 0, "there is no button for her own figure");
  await editor.click("summary:has-text('一次导入')");
  await editor.fill("#csv", `region,date,value,note\n${name},2026-11-08,5,导入\n没有的地方,2026-11-08,5,`);
  await press(editor, "导入");
  check(await says(editor, "一条也没有存"), "one wrong line refuses the table");
  check((await editor.inputValue("#csv")).includes("没有的地方"), "the table is kept");
  await looksRight(editor, "board with a fault 360", false);
  await approver.goto(`${base}/desk/boards/hydrants`);
  await looksRight(approver, "board to be confirmed 360");
  await approver.getByRole("button", { name: /^确认/ }).first().click();
  check(await approver.locator(".next").count() === 0, "what is confirmed waits no longer");
  const csv = await approver.evaluate(() => fetch("/desk/boards/hydrants.csv").then((answer) => answer.text()));
  check(csv.includes("77") && csv.includes("消防站核过"), "the table has the figure");
  const open = () => approver.evaluate(() => fetch("/boards/hydrants/").then((answer) => answer.text()));
  for (let tries = 0; tries < 40 && !(await open()).includes("消防站核过"); tries += 1) await approver.waitForTimeout(500);
  const shown = await open();
  check(shown.includes("77") && shown.includes("消防站核过"), "the public page has the figure");
  check(!shown.includes("演示数据</strong>"), "a real figure is not called made up");
}

const warning = (number, kind, references) => `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${number}</identifier><sender>qx@example.cn</sender><sent>2026-11-10T08:00:00+08:00</sent><status>Actual</status><msgType>${kind}</msgType><scope>Public</scope>${references}<info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty><expires>2026-11-11T08:00:00+08:00</expires><senderName>市气象台</senderName><headline>市气象台发布大风蓝色预警</headline><description>今天有6级大风，{{ 原样 }}。</description><area><areaDesc>全市</areaDesc></area></info></alert>`;

/** A warning from a file: one official reads it and lets it out; its end from another file takes it off the page. */
async function relays({ approver, base, check, looksRight }) {
  const hand = async (xml) => {
    await approver.goto(`${base}/desk/relay`);
    await approver.setInputFiles("#file", { name: "预警.xml", mimeType: "application/xml", buffer: Buffer.from(xml) });
    await press(approver, "导入，看内容");
  };
  await hand("<html>不是预警</html>");
  check(await says(approver, "没有导入"), "a file that is no warning is refused");
  await looksRight(approver, "relay refused 360");
  await hand(warning("w1", "Alert", ""));
  check(await says(approver, "没有导入"), "a warning for elsewhere is refused");
  await approver.setInputFiles("#file", { name: "预警.xml", mimeType: "application/xml", buffer: Buffer.from(warning("w1", "Alert", "")) });
  await approver.click("summary:has-text('改发到别的地方')");
  await approver.check("input[name=region][value=yangliu]");
  await press(approver, "导入，看内容");
  check(await says(approver, "今天有6级大风，{{ 原样 }}。"), "its words stand as they are");
  await looksRight(approver, "relay imported 360");
  await press(approver, "送审");
  await press(approver, "批准");
  await press(approver, "现在发送");
  const open = () => approver.evaluate(() => fetch("/notices/").then((answer) => answer.text()));
  check((await open()).includes("大风蓝色预警"), "the warning is public");
  await hand(warning("w2", "Cancel", "<references>qx@example.cn,w1,2026-11-10T08:00:00+08:00</references>"));
  check(await says(approver, "解除"), "the end of a warning is one");
  await press(approver, "送审");
  await press(approver, "批准");
  await press(approver, "现在发送");
  const state = await approver.evaluate(() => fetch("/api/v1/notices").then((answer) => answer.json()));
  const ended = state.items.filter(({ title }) => title.includes("大风蓝色预警")).map(({ state: word }) => word);
  check(ended.includes("ended"), `after its end the warning is ${ended}`);
}

/** A resident tells the township what came out of a self-check; officials see counts. */
async function selfChecks({ browser, approver, base, check, looksRight }) {
  for (const script of [true, false]) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: script, bypassCSP: script });
    const page = await context.newPage();
    page.on("pageerror", (error) => check(false, `self-check: ${error}`));
    await page.goto(`${base}/checklists/restaurant/`);
    if (script) {
      check(await page.locator("[data-tell]").isHidden(), "nothing is to be told before there is a result");
      await page.click("button:has-text('看结果')");
      check(await page.inputValue("#tell-level") === "high", "the level is that of the result");
      await page.selectOption("#tell-region", "yangliu");
      await looksRight(page, "self-check with its result 360");
      const asked = [];
      page.on("request", (request) => request.method() === "POST" && asked.push(request.postData()));
      await page.locator(".tell button").dblclick();
      await page.waitForFunction(() => /已经告诉/.test(document.querySelector(".tell [role=status]").textContent));
      check(asked.length === 1 && /^checklist=[^&]+&region=yangliu&level=high&form=[0-9a-f]{32}$/.test(asked[0]), `told: ${asked}`);
      await context.setOffline(true);
      await page.check("input[type=checkbox] >> nth=0");
      await page.click("button:has-text('看结果')");
      await page.click(".tell button");
      await page.waitForFunction(() => /没有网络/.test(document.querySelector(".tell [role=status]").textContent));
      check(await page.locator(".tell button").isEnabled(), "without a network one may try again");
    } else {
      await page.selectOption("#tell-region", "chengguan");
      await page.selectOption("#tell-level", "low");
      await page.click(".tell button");
      check(await says(page, "看一眼"), "without script one looks at it first");
      await looksRight(page, "tell confirm 360", false);
      await page.click("main button[type=submit]");
      check(await says(page, "已经告诉乡镇"), "without script it is told");
      await page.reload();
      check(await says(page, "已经告诉乡镇"), "sending it again says the same");
    }
    await context.close();
  }
  await approver.goto(`${base}/desk/checks`);
  check(await says(approver, "一共 2 份"), "each is counted once");
  await looksRight(approver, "self-checks 360");
}

/** The stream of a message on its way ends with the server, which waits for no browser. */
export async function ending({ approver, editor, base, check, server, cut }) {
  await editor.goto(`${base}/desk/campaigns/new`);
  await editor.fill("#title", "最后一条");
  await editor.fill("#body", "人走火灭。");
  await editor.fill("#expires", "2026-11-13T20:00");
  await press(editor, "保存，看发送单");
  cut.add("slow");
  await release(editor, approver, base);
  await approver.waitForSelector("[data-events] .figures, [data-events] dl, [data-events] p");
  const line = await approver.textContent(".big");
  check(/正在/.test(line), `on its way the page says "${line}"`);
  const begun = Date.now();
  server.kill("SIGTERM");
  await new Promise((done) => { if (server.exitCode !== null) done(); else server.once("exit", done); setTimeout(done, 15000); });
  const took = Date.now() - begun;
  console.log(`desk: with an open stream the server ends ${took} ms after SIGTERM`);
  check(server.exitCode === 0 && took < 10000, `the server ended with ${server.exitCode} after ${took} ms`);
  await approver.waitForFunction(() => /连接断了/.test(document.querySelector("#live-line").textContent), null, { timeout: 10000 })
    .catch(() => check(false, "the page does not say that the connection is gone"));
}

/** All of them but the end. */
export async function deeds(desk) {
  for (const deed of [override, decide, boards, relays, selfChecks]) {
    try {
      await deed(desk);
    } catch (error) {
      desk.check(false, `${deed.name}: ${String(error).split("\n").slice(0, 4).join(" ")}`);
    }
  }
}
