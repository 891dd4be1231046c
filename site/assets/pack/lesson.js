// Teachers' pages: find a lesson, count hands. Nothing is sent, nothing is kept: closing the page forgets it all.
(() => {
  'use strict';
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // The quiz that counts hands: a number an option, one set of numbers before the lesson and one after it.
  const cards = all('[data-hands]').map((card) => ({
    card,
    rows: all('li', card).map((row) => ({ row, input: row.querySelector('input'), right: 'right' in row.dataset })),
    counts: { before: [], after: [] },
    shown: false,
  }));
  let round = 'after';
  const names = { before: '课前', after: '课后' };
  const number = (text) => Math.max(0, Math.min(999, Math.round(Number(text)) || 0));
  const right = (card, when) => card.rows.reduce((sum, row, at) => sum + (row.right ? card.counts[when][at] || 0 : 0), 0);
  const total = (card, when) => card.rows.reduce((sum, _, at) => sum + (card.counts[when][at] || 0), 0);
  const share = (card, when) => Math.round((right(card, when) / total(card, when)) * 100);
  const single = (card) => card.rows.filter((row) => row.right).length === 1;
  const line = (card) => {
    const rounds = ['before', 'after'].filter((when) => total(card, when) > 0);
    if (!rounds.length) return '还没有数举手的人数。';
    if (!single(card)) return '可多选，看每一项有多少人举手。';
    return rounds.map((when) =>
      `${names[when]} ${total(card, when)} 人举手，${right(card, when)} 人答对（${share(card, when)}%）`).join('；') + '。';
  };
  const summary = document.querySelector('[data-summary]');
  const conclude = () => {
    const parts = ['before', 'after'].flatMap((when) => {
      const counted = cards.filter((card) => single(card) && total(card, when) > 0);
      if (!counted.length) return [];
      const mean = Math.round(counted.reduce((sum, card) => sum + share(card, when), 0) / counted.length);
      return [`${names[when]}数了 ${counted.length} 题，平均答对 ${mean}%`];
    });
    summary.textContent = parts.length ? parts.join('；') + '。' : '';
  };
  const draw = (card) => {
    const sum = total(card, round);
    card.rows.forEach(({ row, input, right: fine }, at) => {
      const count = card.counts[round][at] || 0;
      if (document.activeElement !== input || number(input.value) !== count) input.value = count || '';
      row.classList.toggle('right', card.shown && fine);
      let bar = row.querySelector('progress');
      if (card.shown && !bar) { bar = document.createElement('progress'); bar.setAttribute('aria-hidden', 'true'); row.append(bar); }
      if (!card.shown && bar) bar.remove();
      if (card.shown) { bar.max = Math.max(1, sum); bar.value = count; }
    });
    card.card.querySelector('.outcome-line').textContent = card.shown ? line(card) : '';
    card.card.querySelector('[data-show]').setAttribute('aria-pressed', String(card.shown));
    conclude();
  };
  const clear = (card) => { card.counts = { before: [], after: [] }; card.shown = false; draw(card); };
  for (const card of cards) {
    card.rows.forEach(({ row, input }, at) => {
      const put = (count) => { card.counts[round][at] = number(count); draw(card); };
      input.addEventListener('input', () => put(input.value));
      for (const button of all('[data-add]', row)) {
        button.addEventListener('click', () => put((card.counts[round][at] || 0) + Number(button.dataset.add)));
      }
    });
    card.card.querySelector('[data-show]').addEventListener('click', () => { card.shown = !card.shown; draw(card); });
    card.card.querySelector('[data-clear]').addEventListener('click', () => clear(card));
  }
  for (const choice of all('[name="round"]')) {
    // A browser that restores forms must not tell a round other than the one we count.
    choice.checked = choice.value === round;
    choice.addEventListener('change', () => { round = choice.value; cards.forEach(draw); });
  }
  document.querySelector('[data-clear-all]')?.addEventListener('click', () => {
    if (confirm('把所有题的人数清零？')) cards.forEach(clear);
  });
  for (const card of cards) for (const { input } of card.rows) input.value = '';

  // The finder: narrows the list on this page. Where the server stands behind it and the list has further pages,
  // the form is sent instead.
  const finder = document.querySelector('form[data-finder]');
  if (finder) {
    const entries = all('#entries .entry');
    const status = document.querySelector('[data-found]');
    const whole = finder.dataset.finder === String(entries.length);
    const choice = (name) => finder.elements[name].value;
    const has = (link, key, value) => !value || link.dataset[key].split(' ').includes(value);
    const narrow = () => {
      let found = 0;
      for (const entry of entries) {
        const link = entry.querySelector('a');
        entry.hidden = !(has(link, 'grades', choice('grade')) && has(link, 'seasons', choice('season')) && has(link, 'topics', choice('topic')));
        if (!entry.hidden) found += 1;
        for (const go of all('[data-minutes]', entry)) go.classList.toggle('chosen', go.dataset.minutes === choice('minutes'));
      }
      status.textContent = found ? `找到 ${found} 节课` : '没有正好的课，少选一项试试。';
    };
    if (whole) {
      finder.addEventListener('change', narrow);
      finder.addEventListener('reset', () => setTimeout(narrow));
      finder.addEventListener('submit', (event) => { event.preventDefault(); narrow(); });
      if ([...finder.elements].some((field) => field.value)) narrow();
    }
  }
})();
