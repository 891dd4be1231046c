// Pagefind over the passages of a JSON file, asked in Chromium: node pagefind.mjs FILE → {"ranks", "seconds", "built"}.
// Needs the npm packages `pagefind` and `playwright-core` in the folder of PEERS, or beside it, and /usr/bin/chromium.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.env.PEERS ? `${process.env.PEERS}/` : import.meta.url);
const pagefind = await import(`${process.env.PEERS ?? new URL('.', import.meta.url).pathname}/node_modules/pagefind/lib/index.js`);
const { chromium } = require('playwright-core');
const { docs, queries } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const begin = performance.now();
const { index } = await pagefind.createIndex({ forceLanguage: 'zh' });
for (const [place, doc] of docs.entries()) {
  await index.addCustomRecord({ url: `/${place}`, content: doc.text, language: 'zh' });
}
const { files } = await index.getFiles();
const built = (performance.now() - begin) / 1000;
await pagefind.close();

const bytes = new Map(files.map((file) => [`/pagefind/${file.path.replaceAll('\\', '/')}`, file.content]));
const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  const found = bytes.get(path);
  response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : path === '/' ? 'text/html' : 'application/octet-stream');
  response.end(path === '/' ? '<!doctype html><html lang="zh"><title>peer</title></html>' : found && Buffer.from(found));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const page = await browser.newPage();
await page.goto(`${origin}/`);
const said = await page.evaluate(async ({ origin, questions }) => {
  const peer = await import(`${origin}/pagefind/pagefind.js`);
  await peer.init();
  const found = [];
  for (const question of questions) {
    const begin = performance.now();
    const { results } = await peer.search(question);
    const urls = [];
    for (const result of results.slice(0, 10)) urls.push((await result.data()).url);
    found.push({ urls, seconds: (performance.now() - begin) / 1000 });
  }
  return found;
}, { origin, questions: queries.map((query) => query.question) });
await browser.close();
server.close();

const places = new Map(docs.map((doc, place) => [JSON.stringify(doc.id), place]));
const ranks = said.map(({ urls }, at) => {
  const wanted = places.get(JSON.stringify(queries[at].doc_id));
  const rank = urls.findIndex((url) => url.replace(/\/$/, '').endsWith(`/${wanted}`));
  return rank < 0 ? null : rank;
});
console.log(JSON.stringify({ ranks, seconds: said.map((one) => one.seconds), built }));
