// Small helps for pages that work without any of this: read aloud, print a part, steps with a way back,
// quiz results, a filter for lists, type sizes, expired notices hidden. Nothing leaves the device.
(() => {
  'use strict';
  const root = document.documentElement;
  // Browsers that know the media feature show what needs a script by themselves; a class would lay the page out twice.
  if (!matchMedia('(scripting: enabled)').matches) root.classList.add('js');
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const add = (parent, name, text) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  };

  // Seasonal notices that have expired since the page was made.
  const expire = () => {
    for (const notice of all('[data-expires]')) {
      if (Date.parse(notice.dataset.expires) <= Date.now()) notice.hidden = true;
    }
  };
  expire();
  setInterval(expire, 60000);
  for (const name of ['pageshow', 'visibilitychange']) addEventListener(name, expire);

  // Emergency pages kept for when there is no network, once this page is done.
  if ('serviceWorker' in navigator && location.protocol.startsWith('http')) {
    addEventListener('load', () => setTimeout(() => navigator.serviceWorker.register('/sw.js').catch(() => {}), 1500));
  }

  // Type in three sizes and plain colours, kept in this browser.
  const SIZES = ['', 'large', 'larger'];
  const names = root.lang === 'en' ? ['Large type', 'Larger type', 'Normal type'] : ['大字', '特大字', '标准字'];
  const setting = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key) || '';
      if (value) localStorage.setItem(key, value); else localStorage.removeItem(key);
    } catch { /* private mode forgets it with the page */ }
    return '';
  };
  const resize = (size) => {
    for (const other of SIZES) if (other) root.classList.toggle(other, other === size);
    const name = names[SIZES.indexOf(size)];
    for (const button of all('[data-size]')) if (button.textContent !== name) button.textContent = name;
  };
  let size = SIZES.includes(setting('size')) ? setting('size') : '';
  resize(size);
  for (const button of all('[data-size]')) {
    button.addEventListener('click', () => {
      size = SIZES[(SIZES.indexOf(size) + 1) % SIZES.length];
      setting('size', size);
      resize(size);
    });
  }
  const plain = (on) => {
    root.classList.toggle('plain', on);
    for (const button of all('[data-contrast]')) button.setAttribute('aria-pressed', String(on));
  };
  plain(setting('contrast') === 'plain');
  for (const button of all('[data-contrast]')) {
    button.addEventListener('click', () => {
      const on = !root.classList.contains('plain');
      setting('contrast', on ? 'plain' : '');
      plain(on);
    });
  }

  // Read aloud. Sentences are spoken one by one: some engines stop after fifteen seconds. A myth is one sentence,
  // so that what is wrong is never heard without what is right.
  // Asked for only when it is to speak: some systems start a service for it.
  const speaks = 'speechSynthesis' in window;
  const spoken = (element) => {
    const leaves = all('h2, h3, p, li, dt, dd, th, td, .myth, legend, summary', element).filter((leaf) =>
      leaf.matches('.myth') || !leaf.querySelector('p, li, .myth') && !leaf.closest('.myth'));
    return leaves.filter((leaf) => leaf.checkVisibility === undefined || leaf.checkVisibility())
      .flatMap((leaf) => {
        const text = leaf.textContent.replace(/[✗✓]/g, '').trim();
        return leaf.matches('.myth') ? [text] : text.split(/(?<=[。！？；])/);
      }).filter(Boolean);
  };
  let speaker = null;
  const silence = () => {
    speechSynthesis.cancel();
    if (speaker) speaker.setAttribute('aria-pressed', 'false');
    speaker = null;
  };
  for (const button of all('[data-speak]')) {
    if (!speaks) { button.hidden = true; continue; }
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const again = speaker === button;
      silence();
      if (again) return;
      speaker = button;
      button.setAttribute('aria-pressed', 'true');
      const lines = spoken(document.getElementById(button.dataset.speak));
      lines.forEach((line, index) => {
        const utterance = new SpeechSynthesisUtterance(line);
        utterance.lang = root.lang;
        utterance.rate = 0.9;
        if (index === lines.length - 1) utterance.onend = () => { if (speaker === button) silence(); };
        speechSynthesis.speak(utterance);
      });
    });
  }
  addEventListener('pagehide', () => { if (speaker) silence(); });

  // Print all, or one part of the page.
  for (const button of all('[data-print]')) {
    button.addEventListener('click', () => {
      const part = button.dataset.print && document.getElementById(button.dataset.print);
      if (part) { root.classList.add('printing-part'); part.classList.add('print-me'); }
      print();
      if (part) { root.classList.remove('printing-part'); part.classList.remove('print-me'); }
    });
  }
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all('main details:not([open])');
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((details) => { details.open = false; }));

  // Guides: one step at a time is the style sheet's work; here the way back and the focus.
  for (const steps of all('[data-steps]')) {
    for (const step of all('.step:not(.first)', steps)) {
      const line = step.querySelector('.back');
      const back = document.createElement('a');
      back.href = '#' + steps.dataset.start;
      back.textContent = root.lang === 'en' ? '← Back' : '← 上一步';
      back.addEventListener('click', (event) => { event.preventDefault(); history.back(); });
      if (line) line.prepend(back);
    }
    addEventListener('hashchange', () => {
      const step = document.getElementById(decodeURIComponent(location.hash.slice(1)) || steps.dataset.start);
      if (step && steps.contains(step)) { step.focus({ preventScroll: true }); step.scrollIntoView({ block: 'start' }); }
    });
  }

  // Quizzes: counted here, kept nowhere.
  for (const form of all('[data-quiz]')) {
    const questions = all('fieldset', form);
    const score = form.querySelector('.score');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      let right = 0;
      for (const question of questions) {
        const fine = all('input', question).every((input) => input.checked === ('right' in input.dataset));
        const verdict = question.querySelector('.verdict');
        const answered = question.querySelector('input:checked');
        verdict.hidden = false;
        verdict.textContent = fine ? '✓ 答对了' : answered ? '✗ 再想想，看下面的答案' : '还没有选';
        verdict.classList.toggle('ok', fine);
        question.querySelector('details').open = true;
        if (fine) right += 1;
      }
      score.textContent = `${questions.length} 题答对 ${right} 题。`
        + (right === questions.length ? '都清楚了，回家讲给家里人听。' : '没答对的，看完解释再做一遍。');
      score.scrollIntoView({ block: 'nearest' });
    });
    form.addEventListener('reset', () => {
      score.textContent = '';
      for (const question of questions) {
        question.querySelector('.verdict').hidden = true;
        question.querySelector('details').open = false;
      }
    });
  }

  // Lists: narrow what is on this page while typing.
  for (const input of all('[data-filter]')) {
    const entries = all('.entry, .timeline li', document.getElementById(input.dataset.filter));
    const total = document.querySelector('[data-total]');
    const before = total && total.textContent;
    input.addEventListener('input', () => {
      const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of entries) {
        const text = entry.textContent.toLowerCase();
        entry.hidden = !words.every((word) => text.includes(word));
        if (!entry.hidden) shown += 1;
      }
      // A year without a case left has no heading either.
      for (const year of all('.timeline section')) year.hidden = all('li', year).every((item) => item.hidden);
      if (total) total.textContent = words.length ? `本页有 ${shown} 个符合` : before;
    });
  }
})();
