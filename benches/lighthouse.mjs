// Lighthouse on the page kinds of a running server: `node benches/lighthouse.mjs http://127.0.0.1:8119 [RUNS]`. The npm package
// `lighthouse` must be found by this Node (13 and later also judge agentic browsing: accessibility tree, llms.txt; it needs Node
// 22): `NODE_PATH=… node …`, or run it from a folder that has it. Each page is visited RUNS times (3); the median of the
// performance counts, the worst of all else. Below 98 anywhere, a first load above 60 KB or any shift, the status is 1.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const base = process.argv[2] || "http://127.0.0.1:8119";
const runs = Number(process.argv[3] || 3);
const pages = ["/", "/knowledge/kitchen/oil-pan-fire/", "/guides/trapped/", "/lessons/summer-p46/", "/chat", "/search/", "/checklists/home/"];
const work = mkdtempSync(join(tmpdir(), "fenghuo-lighthouse-"));
const file = join(work, "report.json");
const cli = join(createRequire(join(process.cwd(), "x.js")).resolve("lighthouse/package.json"), "../cli/index.js");
const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
let low = 0;
let version;
try {
  for (const page of pages) {
    await fetch(base + page);
    const scores = new Map();
    const faults = new Set();
    let kilo = 0;
    let shift = 0;
    for (let run = 0; run < runs; run += 1) {
      const flags = ["--quiet", "--output=json", `--output-path=${file}`, "--chrome-flags=--headless=new --no-sandbox --disable-gpu"];
      execFileSync(process.execPath, [cli, base + page, ...flags], { stdio: "ignore", env: { CHROME_PATH: "/usr/bin/chromium", ...process.env } });
      const { categories, audits, lighthouseVersion } = JSON.parse(readFileSync(file));
      version = lighthouseVersion;
      for (const [name, { score, auditRefs }] of Object.entries(categories)) {
        // A category none of whose audits applies has no score.
        if (score === null) continue;
        scores.set(name, [...(scores.get(name) || []), Math.round(score * 100)]);
        if (name === "performance") continue;
        for (const { id } of auditRefs) if (audits[id].score !== null && audits[id].score < 1) faults.add(id);
      }
      kilo = Math.max(kilo, audits["total-byte-weight"].numericValue / 1024);
      shift = Math.max(shift, audits["cumulative-layout-shift"].numericValue);
    }
    const points = [...scores].map(([name, all]) => [name, name === "performance" ? middle(all) : Math.min(...all)]);
    low += points.filter(([, score]) => score < 98).length + Number(kilo > 60) + Number(shift > 0);
    console.log(`| ${page} | ${points.map(([name, score]) => `${name} ${score}`).join(" | ")} | ${shift} | ${Math.round(kilo)} KB |${faults.size ? ` ${[...faults].join(", ")}` : ""}`);
  }
  console.log(`Lighthouse ${version}, ${runs} runs a page`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(low ? 1 : 0);
