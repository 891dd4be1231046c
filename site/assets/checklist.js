// Self-checks: ticks stay in this browser; the result says what to mend first, by which article and how. It can be printed,
// sent as text by the reader, and gone on with on another device: the ticks then travel in the fragment of the address,
// which browsers send to no server.
(() => {
  'use strict';
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const add = (parent, name, text, kind) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    parent.append(element);
    return element;
  };
  const remember = (key, value) => {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key) || '[]');
      if (value.length) localStorage.setItem(key, JSON.stringify(value)); else localStorage.removeItem(key);
    } catch { /* private mode keeps nothing, and the list still works */ }
    return [];
  };

  // `30.k3x` for a list of thirty items: the ticks as one number, so that another list is never ticked by mistake.
  const packed = (boxes) => `${boxes.length}.${boxes.reduce((number, box) => number * 2n + (box.checked ? 1n : 0n), 1n).toString(36)}`;
  const unpack = (text, count) => {
    const [, length, digits] = /^(\d+)\.([0-9a-z]+)$/u.exec(text) || [];
    if (Number(length) !== count) return null;
    const bits = [...digits].reduce((number, digit) => number * 36n + BigInt(parseInt(digit, 36)), 0n).toString(2);
    return bits.length === count + 1 ? [...bits.slice(1)].map((bit) => bit === '1') : null;
  };

  const LEVELS = [['high', '高风险', '今天就改'], ['medium', '中风险', '尽快改'], ['low', '低风险', '抽空改']];
  /** What is open by level, the worst first. */
  const judge = (boxes) => {
    const open = boxes.filter((box) => !box.checked).map((box) => box.closest('.check'));
    const part = (item, kind) => item.querySelector(kind).textContent.trim();
    const groups = LEVELS.map(([level, name, when]) => ({
      name, when, level,
      items: open.filter((item) => item.dataset.level === level)
        .map((item) => ({ text: part(item, 'label span'), fix: part(item, '.fix'), law: part(item, '.law') })),
    })).filter(({ items }) => items.length);
    return { result: groups.length ? `结果：${groups[0].name}` : '结果：这些都做到了', groups, done: boxes.length - open.length, total: boxes.length };
  };
  const asText = (title, { result, groups, done, total }) => [
    `${title}\n${result}（${total} 项做到 ${done} 项）`,
    ...groups.map(({ when, items }) => `\n${when}：\n${items.map(({ text, fix, law }, at) => `${at + 1}. ${text}\n   怎么改：${fix}\n   依据：${law}`).join('\n')}`),
    ...(groups.length ? [] : ['过一个月再查一遍。']),
  ].join('\n');

  /** The form that tells the township: it comes with a result, and has one number for each, so that a second tap counts once. */
  const telling = (section) => {
    if (!section) return () => {};
    const form = section.querySelector('form');
    const [button, said] = [form.querySelector('button'), form.querySelector('[role="status"]')];
    let number = '';
    section.hidden = true;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      said.textContent = '正在发……';
      const body = new URLSearchParams(new FormData(form));
      body.set('form', number);
      let answer;
      try { answer = await fetch(form.action, { method: 'POST', body }); } catch { /* offline */ }
      const town = form.region.selectedOptions[0].textContent;
      const reasons = { 429: '发的人太多了，没有发出去。请过几分钟再点。', undefined: '没有网络，没有发出去。连上网再点一次。' };
      said.textContent = answer?.ok ? `已经告诉${town}。` : reasons[answer?.status] || '没有发出去。请过一会儿再点一次。';
      button.disabled = Boolean(answer?.ok);
    });
    return (level) => {
      section.hidden = !level;
      if (!level) { number = ''; return; }
      if (number) return;
      number = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      [form.level.value, said.textContent, button.disabled] = [level, '', false];
    };
  };

  for (const form of all('[data-checklist]')) {
    const key = `checklist:${form.dataset.checklist}`;
    const boxes = all('input[type="checkbox"]', form);
    const outcome = form.querySelector('.outcome');
    const title = (form.closest('article') || document).querySelector('h1').textContent;
    const save = () => remember(key, boxes.filter((box) => box.checked).map((box) => box.name));
    const restore = () => {
      const handed = /^#c=(.+)$/u.exec(location.hash);
      const ticks = handed && unpack(handed[1], boxes.length);
      const known = remember(key);
      boxes.forEach((box, at) => { box.checked = ticks ? ticks[at] : known.includes(box.name); });
      if (!handed) return;
      history.replaceState(history.state, '', location.pathname + location.search);
      if (ticks) save();
      const line = add(form, 'p', ticks ? '已经接上另一台设备的勾选。' : '这个二维码是另一版自查表的，勾选接不上，请从头查。', 'note');
      line.setAttribute('role', 'status');
      form.prepend(line);
    };
    restore();
    addEventListener('hashchange', restore);
    const tell = telling(document.querySelector('[data-tell]'));
    form.addEventListener('change', () => { save(); tell(); });
    form.addEventListener('reset', () => { remember(key, []); outcome.hidden = true; tell(); });

    const carry = (place) => {
      const address = `${location.href.split('#')[0]}#c=${packed(boxes)}`;
      const code = globalThis.fenghuoQr && globalThis.fenghuoQr(address);
      place.replaceChildren();
      if (!code) { add(place, 'p', '这一页的地址太长，做不成二维码。'); return; }
      code.setAttribute('aria-label', '二维码：在另一台设备上接着查');
      place.append(code);
      add(place, 'p', '用另一台手机扫，就能接着查。勾选只在二维码里，不经过我们的服务器。');
    };
    const send = async (text, said) => {
      try {
        if (navigator.share) { await navigator.share({ title, text }); return; }
        await navigator.clipboard.writeText(text);
        said.textContent = '已经复制，粘贴到微信就能发。';
      } catch (error) {
        if (error.name === 'AbortError') return;
        said.textContent = '下面是文字，请自己复制：';
        const box = add(said.parentElement, 'textarea', text);
        box.rows = 8;
        box.readOnly = true;
        box.setAttribute('aria-label', '结果文字');
        box.select();
      }
    };
    const buttons = (found) => {
      const row = add(outcome, 'div', '', 'tools');
      const said = add(outcome, 'p', '');
      said.setAttribute('role', 'status');
      const place = add(outcome, 'div', '', 'carry');
      const button = (text, act) => {
        const element = add(row, 'button', text);
        element.type = 'button';
        element.addEventListener('click', act);
      };
      button('打印结果', () => {
        document.documentElement.classList.add('printing-part');
        outcome.classList.add('print-me');
        print();
        document.documentElement.classList.remove('printing-part');
        outcome.classList.remove('print-me');
      });
      button('发给别人', () => send(asText(title, found), said));
      if (location.protocol.startsWith('http')) button('换一台设备接着查', () => carry(place));
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const found = judge(boxes);
      outcome.replaceChildren();
      outcome.hidden = false;
      outcome.classList.toggle('high', found.groups[0]?.level === 'high');
      add(outcome, 'h2', found.result);
      add(outcome, 'p', `${found.total} 项做到 ${found.done} 项。${found.groups.length ? '' : '过一个月再查一遍。'}`);
      for (const { when, items } of found.groups) {
        add(outcome, 'h3', `${when}（${items.length} 项）`);
        const list = add(outcome, 'ol');
        for (const { text, fix, law } of items) {
          const line = add(list, 'li');
          add(line, 'strong', text);
          add(line, 'p', `怎么改：${fix}`);
          add(line, 'small', `依据：${law}`);
        }
      }
      buttons(found);
      tell(found.groups[0]?.level ?? 'low');
      outcome.scrollIntoView({ block: 'start' });
    });
  }
})();
