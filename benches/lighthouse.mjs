// Lighthouse on the page kinds of a running server: `node benches/lighthouse.mjs http://127.0.0.1:8119`, with the npm package
// `lighthouse` installed globally or beside (npx). Prints a table; below 98 in anything but performance the status is 1,
// performance being that of the machine as well.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const base = process.argv[2] || "http://127.0.0.1:8119";
const pages = ["/", "/knowledge/kitchen/oil-pan-fire/", "/guides/trapped/", "/lessons/summer-p46/", "/chat", "/search/", "/checklists/home/"];
const work = mkdtempSync(join(tmpdir(), "fenghuo-lighthouse-"));
const file = join(work, "report.json");
let low = 0;
try {
  for (const page of pages) {
    await fetch(base + page);
    const flags = ["--quiet", "--output=json", `--output-path=${file}`, "--chrome-flags=--headless=new --no-sandbox --disable-gpu"];
    execFileSync("npx", ["lighthouse", base + page, ...flags], { stdio: "ignore", env: { CHROME_PATH: "/usr/bin/chromium", ...process.env } });
    const { categories, audits } = JSON.parse(readFileSync(file));
    const points = Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]);
    low += points.filter(([name, score]) => name !== "performance" && score < 98).length;
    const kilo = Math.round(audits["total-byte-weight"].numericValue / 1024);
    console.log(`${page}  ${points.map(([name, score]) => `${name} ${score}`).join("  ")}  CLS ${audits["cumulative-layout-shift"].numericValue}  ${kilo} KB`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(low ? 1 : 0);
