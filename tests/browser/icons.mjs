// Draws the PNG icons from site/assets/icon.svg: `node tests/browser/icons.mjs`. They are checked in.
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const assets = new URL("../../site/assets/", import.meta.url);
const svg = readFileSync(new URL("icon.svg", assets), "utf8");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const [name, size, share] of [["180", 180, 1], ["192", 192, 1], ["512", 512, 1], ["mask", 512, 0.72]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const drawn = svg.replace(/width="96" height="96"/, `width="${size * share}" height="${size * share}"`);
  const fill = share < 1 ? "#0c4a59" : "transparent";
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:${size}px;background:${fill}">${drawn}</body>`);
  writeFileSync(new URL(`icons/${name}.png`, assets), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
