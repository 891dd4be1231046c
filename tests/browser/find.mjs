// The search of a static host against `fenghuo search` without vectors, on every golden question: how often both put the
// same document first, what a first question sends over the wire, and what the danger patterns show while typing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import "../../site/assets/danger.js";
import "../../site/assets/find.js";

const [binary, wanted] = process.argv.slice(2);
const SAME = 0.9;
const MOST_BYTES = 300 * 1024;
const work = mkdtempSync(join(tmpdir(), "fenghuo-find-"));
const golden = new URL("../golden/", import.meta.url);
const lines = readdirSync(golden).filter((name) => name.endsWith(".jsonl")).flatMap((name) =>
  readFileSync(new URL(name, golden), "utf8").trim().split("\n").map((line) => JSON.parse(line)));

try {
  const out = join(work, "site");
  execFileSync(binary, ["build", "--out", out], { stdio: "ignore" });
  // By line: two files may use the same id.
  const input = lines.map(({ q }, at) => JSON.stringify({ id: String(at), q })).join("\n");
  const env = { ...process.env, FENGHUO_SEARCH__SEMANTIC: "false" };
  const replies = execFileSync(binary, ["search", "--batch", "-", "--limit", "1", "--data", join(work, "data")], { input, env, maxBuffer: 1 << 28 });
  const first = new Map(replies.toString().trim().split("\n").map((line) => JSON.parse(line)).map(({ id, hits }) => [id, hits[0]?.doc]));

  const files = new Map();
  const file = (name) => {
    if (!files.has(name)) {
      const bytes = readFileSync(join(out, "search-index", `${name}.json`));
      files.set(name, { json: JSON.parse(bytes), sent: gzipSync(bytes).length });
    }
    return files.get(name);
  };
  let sent;
  const load = async (name) => {
    const { json, sent: bytes } = file(name);
    sent.set(name, bytes);
    return json;
  };
  const patterns = file("danger").json;
  const alarmed = { emergency: [0, 0], answer: [0, 0], unknown: [0, 0] };
  for (const { q, expect } of lines) {
    const counts = alarmed[expect];
    counts[0] += globalThis.fenghuoDanger(patterns, q.slice(0, 200)) ? 1 : 0;
    counts[1] += 1;
  }
  const share = ([shown, all]) => shown / all;
  const watchful = share(alarmed.emergency) >= 0.85 && share(alarmed.answer) <= 0.05 && share(alarmed.unknown) <= 0.02;
  let same = 0;
  const missed = new Map();
  const transfers = [];
  for (const [at, { q, tags, doc }] of lines.entries()) {
    sent = new Map(["base", "danger"].map((name) => [name, file(name).sent]));
    const [hit] = await globalThis.fenghuoFind(load, q, 1);
    const found = hit?.url.replace(/^\/(en\/)?/, "").replace(/\/$/, "");
    transfers.push([[...sent.values()].reduce((all, bytes) => all + bytes, 0), q]);
    if (found === first.get(String(at))) { same += 1; continue; }
    for (const tag of tags) missed.set(tag, (missed.get(tag) || 0) + 1);
    if (wanted) console.log(`${tags.join(",")}\t${q}\n\tserver ${first.get(String(at))}\n\tbrowser ${found}\n\tgolden ${doc}`);
  }
  transfers.sort(([a], [b]) => a - b);
  const kilo = (bytes) => `${Math.round(bytes / 1024)} KB`;
  if (wanted) console.log([...missed].sort((a, b) => b[1] - a[1]).slice(0, 20).map(([tag, n]) => `${tag} ${n}`).join(", "));
  console.log(`same first document ${same}/${lines.length} = ${(same / lines.length).toFixed(3)}`);
  console.log(`first question, compressed: median ${kilo(transfers[transfers.length >> 1][0])}, any at most ${kilo(transfers.at(-1)[0])}`);
  console.log(`danger shown while typing: ${Object.entries(alarmed).map(([expect, counts]) => `${expect} ${counts.join("/")}`).join(", ")}`);
  process.exitCode = watchful && same / lines.length >= SAME && transfers.at(-1)[0] <= MOST_BYTES ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
