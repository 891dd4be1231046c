// Search on a static host: the index file is read once, documents are scored by shared pairs of characters.
(() => {
  'use strict';
  const place = document.querySelector('[data-search]');
  const input = document.getElementById('q');
  if (!place || !input) return;
  const query = (new URLSearchParams(location.search).get('q') || '').trim().slice(0, 200);
  input.value = query;
  if (!query) return;

  const pairs = (text) => {
    const plain = text.toLowerCase().normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');
    const found = new Set();
    for (let i = 0; i < plain.length - 1; i += 1) found.add(plain.slice(i, i + 2));
    if (plain.length === 1) found.add(plain);
    return found;
  };
  const share = (wanted, text) => {
    const have = pairs(text);
    let shared = 0;
    for (const pair of wanted) if (have.has(pair)) shared += 1;
    return shared / wanted.size;
  };
  const score = (wanted, entry) => Math.max(
    share(wanted, entry.title) * 3,
    ...(entry.questions || []).map((question) => share(wanted, question) * 3),
    share(wanted, entry.title + entry.summary + entry.topics.join('')) * 2,
  );
  const show = (entry) => {
    const item = document.createElement('li');
    item.className = 'entry';
    const link = document.createElement('a');
    link.href = entry.url;
    link.textContent = entry.title;
    const kind = document.createElement('small');
    kind.textContent = entry.kind;
    const text = document.createElement('p');
    text.textContent = entry.summary;
    item.append(link, kind, text);
    return item;
  };
  const say = (text) => {
    const line = document.createElement('p');
    line.className = 'note';
    line.textContent = text;
    place.replaceChildren(line);
  };

  say('正在找……');
  fetch(place.dataset.search).then((response) => response.json()).then((entries) => {
    const wanted = pairs(query);
    const ranked = wanted.size ? entries.map((entry) => [score(wanted, entry), entry]) : [];
    const best = ranked.filter(([points]) => points >= 0.6).sort((a, b) => b[0] - a[0]).slice(0, 20);
    if (!best.length) { say('没有找到。换个说法，或者看下面的主题。有火情打 119。'); return; }
    const list = document.createElement('ul');
    list.className = 'entries';
    list.append(...best.map(([, entry]) => show(entry)));
    place.replaceChildren(list);
  }).catch(() => say('现在搜不了，请按下面的主题找。有火情打 119。'));
})();
