// The widget on a page of another site, as its visitors use it: clicked, typed into, closed by keyboard, on a phone,
// with the strict policy a careful host has; and refused where its origin is not named. Beside it the form to subscribe,
// which only a server with mail shows.
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A site of somebody else's, with one page that carries the widget of `ours`. */
async function hostSite(ours) {
  const policy = () => `default-src 'none'; script-src ${ours.base}; frame-src ${ours.base}; style-src 'none'`;
  const server = createServer((request, response) => {
    if (request.url !== "/") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy() });
    response.end(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>某小学</title></head>
      <body><main><h1>某小学</h1><a href="#x">链接</a></main><script src="${ours.base}/widget.js" data-label="消防问答" async></script></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Another name than that of our server: for the browser another site, whose frames get no cookie.
  return { server, origin: `http://localhost:${server.address().port}` };
}

async function open(context, origin, complaints) {
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(origin);
  await page.getByRole("button", { name: "消防问答" }).click();
  return { page, chat: page.frameLocator("#fenghuo-panel iframe") };
}

async function talk(browser, origin, check) {
  const complaints = [];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const { page, chat } = await open(context, origin, complaints);
  await chat.locator("#chat-text").fill("楼道里都是烟出不去");
  await chat.locator("#chat-text").press("Enter");
  await chat.locator(".emergency", { hasText: "119" }).waitFor();
  // Two turns that belong together prove that the session travels without a cookie.
  await chat.locator("#chat-text").fill("/quiz");
  await chat.getByRole("button", { name: "发送" }).click();
  await chat.locator(".bubble.theirs").nth(2).locator("button.choice").first().click();
  await chat.getByText("第 1 题").waitFor();
  check((await context.cookies()).length === 0, "the widget sets a cookie");
  const link = chat.locator(".words a[target=_blank]").first();
  check(await link.count() === 0 || (await link.getAttribute("rel")).includes("noopener"), "links of the widget leave the frame");
  // By keyboard: Escape from within closes it and gives the focus back.
  await chat.locator("#chat-text").press("Escape");
  await page.getByRole("button", { name: "消防问答" }).waitFor();
  check(await page.evaluate(() => document.activeElement?.textContent === "消防问答"), "Escape does not give the focus back");
  await page.keyboard.press("Enter");
  await chat.locator("#chat-text").waitFor();
  check(await chat.getByText("第 1 题").count() === 1, "the conversation is gone when the widget is opened again");
  await page.getByRole("button", { name: "关闭" }).click();
  check(await page.locator("#fenghuo-panel").isHidden(), "the button does not close the widget");
  check(complaints.length === 0, `the widget on a host: console says ${complaints[0]}`);
  await context.close();
}

/** A phone shows it whole. */
async function phone(browser, origin, check) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true });
  const { page, chat } = await open(context, origin, []);
  await chat.locator("#chat-text").fill("灭火器怎么用");
  await chat.locator("button.send").tap();
  await chat.locator(".bubble.theirs").nth(1).waitFor();
  const box = await page.locator("#fenghuo-panel").boundingBox();
  check(box.width === 360 && box.height === 740, `on a phone the widget is ${box.width} × ${box.height}`);
  const wide = await chat.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  check(wide <= 0, `on a phone the widget is ${wide}px too wide`);
  await context.close();
}

/** A site that is not named gets an empty frame. */
async function stranger(browser, origin, check) {
  const context = await browser.newContext();
  const { page } = await open(context, origin, []);
  await page.waitForTimeout(500);
  const frame = page.frames().find((frame) => frame !== page.mainFrame());
  check(!frame || !frame.url().includes("/widget") || (await frame.locator("#chat-text").count()) === 0, "a stranger frames the widget");
  await context.close();
}

/** The form to subscribe at both widths. */
async function form(browser, base, visit) {
  for (const width of [360, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
    await visit(context, base, "/subscribe?region=chengguan", width);
    await context.close();
  }
}

/** `serve(args)` starts a server, `visit` looks at a page of it; `work` is a folder for its configuration. */
export async function widget({ browser, serve, visit, work, check }) {
  const ours = { base: "" };
  const [host, other] = [await hostSite(ours), await hostSite(ours)];
  const config = join(work, "widget.toml");
  const mail = `[email]\nsmtp = "smtp://127.0.0.1:9"\nfrom = "notice@fire.example"\n`;
  writeFileSync(config, `[server]\npublic_url = "https://fire.example"\nembed_origins = ["${host.origin}"]\n${mail}`);
  const running = await serve(["--config", config, "--data", join(work, "widget")]);
  ours.base = running.base;
  try {
    await talk(browser, host.origin, check);
    await phone(browser, host.origin, check);
    await stranger(browser, other.origin, check);
    await form(browser, ours.base, visit);
  } finally {
    running.server.kill();
    host.server.close();
    other.server.close();
  }
}
