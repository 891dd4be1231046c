// Offline: emergency pages are kept beforehand, everything visited is kept as well. Online the network always goes
// first, so nobody reads an old page without knowing: a page from the store says of when it is.
// `COPY` stands above this text: version, the pages and files to keep beforehand, the page for addresses never kept.
'use strict';
const AHEAD = `ahead-${COPY.version}`;
const KEPT = 'kept';
const MOST_KEPT = 400;
const PATIENCE = 4000;
const STAMP = 'x-fenghuo-kept';
/** What is talked about, managed or signed for is never kept. */
const PRIVATE = /^\/(api|desk|in|u|verify|subscribe|chat|metrics|healthz|readyz|signage|-)(\/|$)/u;

/** A copy of `response` that knows when it was taken; one that was redirected would be refused for a page. */
const stamped = async (response) => {
  const headers = new Headers(response.headers);
  headers.set(STAMP, new Date().toISOString());
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(await response.blob(), { status: 200, headers });
};

const keep = async (name, address, response) => {
  const cache = await caches.open(name);
  await cache.put(address, await stamped(response));
};

self.addEventListener('install', (event) => {
  const take = async (address) => {
    const response = await fetch(address, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    await keep(AHEAD, address, response);
  };
  // All of them or none: half an emergency library would look whole.
  event.waitUntil((async () => {
    for (let at = 0; at < COPY.ahead.length; at += 6) await Promise.all(COPY.ahead.slice(at, at + 6).map(take));
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== AHEAD && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  })());
});

/** The copy of `request`: visited pages are newer than those kept beforehand. */
const copyOf = async (address) => {
  for (const name of [KEPT, AHEAD]) {
    const found = await (await caches.open(name)).match(address);
    if (found) return found;
  }
  return undefined;
};

const trim = async () => {
  const cache = await caches.open(KEPT);
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_KEPT))) await cache.delete(key);
};

const fresh = (request) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  return fetch(request, { signal: stop.signal }).finally(() => clearTimeout(timer));
};

const pad = (number) => String(number).padStart(2, '0');

/** The page with a line that says of when it is. */
const dated = async (response) => {
  const taken = new Date(response.headers.get(STAMP));
  const text = await response.text();
  const day = `${taken.getFullYear()}年${taken.getMonth() + 1}月${taken.getDate()}日 ${pad(taken.getHours())}:${pad(taken.getMinutes())}`;
  const english = `${taken.getFullYear()}-${pad(taken.getMonth() + 1)}-${pad(taken.getDate())} ${pad(taken.getHours())}:${pad(taken.getMinutes())}`;
  const line = /<html lang="en"/u.test(text)
    ? `You are offline. This copy was saved on ${english}. Later notices are missing.`
    : `现在没有网络。这是 ${day} 存下的副本，之后发布的通知这里没有。`;
  const body = text.replace(/(<main [^>]*>)/u, `$1<p class="copy" role="status">${line}</p>`);
  return new Response(body, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': response.headers.get('content-security-policy') || "default-src 'self'" } });
};

const page = async (event, url) => {
  const address = url.pathname;
  try {
    const response = await fresh(event.request);
    const store = response.headers.get('cache-control') || '';
    if (response.ok && response.type === 'basic' && !PRIVATE.test(address) && !store.includes('no-store')) {
      const copy = response.clone();
      event.waitUntil(keep(KEPT, address, copy).then(trim));
    }
    if (response.status < 500) return response;
    throw new Error(`${response.status}`);
  } catch (error) {
    const slash = address.endsWith('/') ? address : `${address}/`;
    const copy = PRIVATE.test(address) ? undefined : await copyOf(address) || await copyOf(slash);
    const shown = copy || await copyOf(COPY.missing);
    if (!shown) throw error;
    return dated(shown);
  }
};

/** Files whose address names their content never change; others are asked for again. */
const file = async (event, url) => {
  const address = url.pathname + url.search;
  const lasting = url.pathname.startsWith('/assets/') || url.search.startsWith('?v=');
  const copy = await copyOf(address);
  if (copy && lasting) return copy;
  try {
    const response = await fetch(event.request);
    if (response.ok && response.type === 'basic') event.waitUntil(keep(KEPT, address, response.clone()).then(trim));
    return response;
  } catch (error) {
    if (copy) return copy;
    throw error;
  }
};

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || request.headers.has('range')) return;
  if (request.mode === 'navigate') event.respondWith(page(event, url));
  else if (!PRIVATE.test(url.pathname) && /^\/(assets|media|search-index)\/|^\/[^/]+\.(svg|png|webmanifest)$/u.test(url.pathname)) event.respondWith(file(event, url));
});
