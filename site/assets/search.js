// The search page: results while typing, from the server where there is one, else from the compact index by find.js.
(() => {
  'use strict';
  const place = document.querySelector('[data-search]');
  const input = document.getElementById('q');
  if (!place || !input) return;
  const say = document.querySelector('[data-said]');
  const danger = document.getElementById('now');
  // The page may have been kept while the server or the host got a newer library: then its index is asked for anew.
  const { search: folder, version, api } = place.dataset;
  const files = new Map();
  const load = globalThis.fenghuoLoad || ((name) => {
    if (!files.has(name)) {
      const asked = fetch(`${folder}${name}.json?v=${version}`).then((response) => {
        if (!response.ok) throw new Error(`${response.status}`);
        return response.json();
      }).then((file) => {
        if (!file.v.startsWith(version)) throw new Error('another library');
        return file;
      });
      asked.catch(() => files.delete(name));
      files.set(name, asked);
    }
    return files.get(name);
  });

  // Until the patterns of the library are there: words after which the way to 119 stands above the results.
  const ALARM = /着火|起火|失火|冒烟|浓烟|漏气|煤气味|燃气味|一氧化碳|煤气中毒|被困|爆炸|烧起来|烧着|救命|火苗|\bfire\b|smoke|gas leak/iu;

  const hrefOf = globalThis.fenghuoHref || ((url, anchor) => (anchor ? `${url}#${anchor}` : url));

  const add = (parent, name, text, kind) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    parent.append(element);
    return element;
  };
  const show = ({ url, title, kind, summary, section, anchor }) => {
    const item = document.createElement('li');
    item.className = 'entry';
    const link = add(item, 'a', section ? `${title} · ${section}` : title);
    link.href = hrefOf(url, section && anchor);
    add(item, 'small', kind);
    add(item, 'p', summary);
    return item;
  };
  const fill = (found, line) => {
    place.replaceChildren();
    if (found.length) {
      add(place, 'h2', '找到的内容');
      add(place, 'ul', '', 'entries').append(...found.map(show));
    } else if (line) add(place, 'p', line, 'note');
    if (say) say.textContent = found.length ? `找到 ${found.length} 篇` : line;
  };

  const fromServer = async (query) => {
    const response = await fetch(`${api}?q=${encodeURIComponent(query)}`);
    if (!response.ok) throw new Error(`${response.status}`);
    const { items } = await response.json();
    return items.map(({ doc_title, section_title, url, kind_name, section, text }) =>
      ({ url: new URL(url).pathname, title: doc_title, section: section_title, anchor: section, kind: kind_name, summary: text }));
  };
  const fromIndex = (query) => globalThis.fenghuoFind(load, query, 20);

  let turn = 0;
  const search = async () => {
    const query = input.value.trim().slice(0, 200);
    const mine = turn += 1;
    const address = new URL(location.href);
    if (query) address.searchParams.set('q', query); else address.searchParams.delete('q');
    if (!globalThis.fenghuoLoad) history.replaceState(history.state, '', address);
    if (danger) {
      danger.hidden = !ALARM.test(query);
      if (query) load('danger').then((file) => { if (mine === turn) danger.hidden = !globalThis.fenghuoDanger(file, query); }).catch(() => {});
    }
    if (!query) { fill([], ''); return; }
    try {
      const found = api ? await fromServer(query).catch(() => fromIndex(query)) : await fromIndex(query);
      if (mine === turn) fill(found, '没有找到。换个说法，或者看下面的主题。有火情打 119。');
    } catch {
      if (mine === turn) fill([], '现在搜不了，请按下面的主题找。有火情打 119。');
    }
  };
  let waiting = 0;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  input.form.addEventListener('submit', (event) => {
    // With a server the whole page comes, the answer on top.
    if (api && navigator.onLine) return;
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  const asked = (new URLSearchParams(location.search).get('q') || '').trim();
  if (asked && !place.childElementCount) {
    input.value = asked.slice(0, 200);
    search();
  }
})();
