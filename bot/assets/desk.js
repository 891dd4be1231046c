// Comfort for the desk, which works without any of this: the count and the lengths as you type, progress without reloading,
// half-written text kept until it is saved, one press a button, printing.
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Where a page has something to tell, it is read first.
  const faults = document.querySelector('.faults');
  if (faults) faults.focus();

  for (const button of all('[data-print]')) button.addEventListener('click', () => print());

  // A second press would only be refused; the button says that the first one counts.
  addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => { delete form.dataset.sent; }));

  // Progress: the server sends the panel whenever a figure has changed.
  for (const panel of all('[data-events]')) {
    const line = document.getElementById('live-line');
    const tell = (text) => { if (line && line.textContent !== text) line.textContent = text; };
    let source = null;
    const open = () => {
      source = new EventSource(panel.dataset.events);
      source.addEventListener('progress', (event) => { panel.innerHTML = event.data; tell(''); });
      source.addEventListener('over', () => { source.close(); location.reload(); });
      source.addEventListener('error', () => tell('连接断了，正在重连。发送由服务器进行，不受影响。'));
    };
    open();
    // A page in the background needs no connection.
    document.addEventListener('visibilitychange', () => {
      source.close();
      if (document.visibilityState === 'visible') open();
    });
  }

  // The form of a message.
  for (const form of all('[data-compose]')) {
    const place = form.querySelector('#measure');
    const key = 'desk:' + location.pathname + location.search;
    const kept = () => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
    const keep = (value) => {
      try {
        if (value) sessionStorage.setItem(key, JSON.stringify(value)); else sessionStorage.removeItem(key);
      } catch { /* private mode keeps nothing; the form still works */ }
    };
    const pairs = () => [...new FormData(form)].filter(([name]) => name !== 'csrf' && name !== 'version');
    const fill = (saved) => {
      for (const box of all('input[type=checkbox], input[type=radio]', form)) {
        box.checked = saved.some(([name, value]) => name === box.name && value === box.value);
      }
      for (const [name, value] of saved) {
        const field = form.elements[name];
        if (field && field.type !== 'checkbox' && field.type !== 'radio' && 'value' in field && field.type !== 'hidden') field.value = value;
      }
    };
    const before = JSON.stringify(pairs());
    const saved = kept();
    const offer = document.getElementById('kept');
    if (saved && offer && JSON.stringify(saved) !== before) {
      offer.hidden = false;
      offer.querySelector('[data-restore]').addEventListener('click', () => { fill(saved); offer.hidden = true; measure(); });
      offer.querySelector('[data-forget]').addEventListener('click', () => { keep(null); offer.hidden = true; });
    }

    let timer = 0;
    let asked = 0;
    const measure = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const turn = ++asked;
        try {
          const body = new URLSearchParams(new FormData(form));
          const response = await fetch('/desk/measure', { method: 'POST', body, headers: { 'x-fragment': '1' } });
          if (response.ok && turn === asked) {
            place.innerHTML = await response.text();
            for (const note of all('[data-for]', place)) {
              const count = document.getElementById(note.dataset.for);
              if (count) { count.textContent = note.textContent; count.classList.toggle('over', 'over' in note.dataset); note.hidden = true; }
            }
          }
        } catch { /* off line: the button says the same once we are back */ }
      }, 400);
    };
    const changed = () => { keep(pairs()); measure(); };
    form.addEventListener('input', (event) => {
      const box = event.target;
      if (box.name === 'region' && box.checked) {
        const some = form.querySelector('input[name=scope][value=some]');
        if (some) some.checked = true;
      }
      changed();
    });
    form.addEventListener('submit', () => keep(null));
    measure();
  }
})();
