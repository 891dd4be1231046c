// A card for the family and a poster for the wall, made of what the page says, with a QR code that is made here. A poster
// carries the version of its text in the fragment of the address: scanned, the page says whether the poster is current.
(() => {
  'use strict';
  const article = document.querySelector('article[data-version]');
  if (!article) return;
  const english = document.documentElement.lang === 'en';
  const say = (chinese, other) => (english ? other : chinese);
  const root = document.documentElement;
  const add = (parent, name, text, kind) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    parent.append(element);
    return element;
  };
  const { version, reviewed, qr } = article.dataset;
  const address = location.href.split('#')[0];
  const title = article.querySelector('h1').textContent;
  const answer = article.querySelector('.answer');
  const lines = () => (answer ? [...answer.querySelectorAll('li, p')].filter((line) => !line.querySelector('li, p')).map((line) => line.textContent.trim()) : [article.querySelector('.lead').textContent]);

  const scanned = /^#v=([0-9a-f]+)$/u.exec(location.hash);
  if (scanned) {
    const same = scanned[1] === version;
    const line = add(article, 'p', same
      ? say(`你扫的这张是现在的版本，核对于 ${reviewed}。`, `This poster is current; checked on ${reviewed}.`)
      : say('你扫的这张是旧版。请以本页为准，并请张贴的单位换新的。', 'This poster is out of date. Follow this page, and ask for a new one.'), same ? 'note' : 'danger');
    line.setAttribute('role', 'status');
    article.prepend(line);
  }

  const coder = () => new Promise((done, fail) => {
    if (globalThis.fenghuoQr) { done(globalThis.fenghuoQr); return; }
    const script = add(document.head, 'script');
    script.onload = () => done(globalThis.fenghuoQr);
    script.onerror = fail;
    script.src = qr;
  });
  const code = async (text, label) => {
    const make = await coder().catch(() => null);
    const drawn = make && make(text);
    if (drawn) drawn.setAttribute('aria-label', label);
    return drawn;
  };
  const printAs = (kind) => {
    root.classList.add(kind);
    print();
    root.classList.remove(kind);
  };
  const origin = () => document.querySelector('.brand span').textContent;
  const approval = () => article.querySelector('.approval')?.textContent || '';

  const copy = async (said) => {
    const text = [title, ...lines(), '', `${say('看全文：', 'More: ')}${address}`, `${origin()}，${approval()}`].join('\n');
    try {
      if (navigator.share) { await navigator.share({ title, text }); return; }
      await navigator.clipboard.writeText(text);
      said.textContent = say('已经复制，粘贴到微信就能发。', 'Copied.');
    } catch (error) {
      if (error.name !== 'AbortError') said.textContent = say('复制不了，请让家人扫码。', 'Could not copy; let them scan the code.');
    }
  };
  const open = async () => {
    const dialog = add(document.body, 'dialog', '', 'card');
    dialog.setAttribute('aria-label', say('发给家人', 'Send to family'));
    add(dialog, 'h2', title);
    const list = add(dialog, 'ol');
    lines().forEach((line) => add(list, 'li', line));
    const drawn = await code(address, say('二维码：本页地址', 'QR code of this page'));
    if (drawn) dialog.append(drawn);
    add(dialog, 'p', `${origin()} · ${approval()}`, 'until');
    const said = add(dialog, 'p', '');
    said.setAttribute('role', 'status');
    const row = add(dialog, 'div', '', 'tools');
    const button = (text, act) => {
      const element = add(row, 'button', text);
      element.type = 'button';
      element.addEventListener('click', act);
    };
    button(say('发送', 'Send'), () => copy(said));
    button(say('打印卡片', 'Print card'), () => printAs('printing-card'));
    button(say('关闭', 'Close'), () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    dialog.showModal();
  };

  const poster = async () => {
    const sheet = add(document.body, 'section', '', 'poster');
    sheet.setAttribute('aria-hidden', 'true');
    add(sheet, 'p', origin(), 'kicker');
    add(sheet, 'p', title, 'poster-title');
    const text = add(sheet, 'div', '', 'poster-text');
    for (const part of answer.children) if (part.tagName !== 'H2') text.append(part.cloneNode(true));
    // What is longer is set smaller, so that it stays on one sheet.
    const length = text.textContent.length;
    if (length > 150) text.classList.add(length > 230 ? 'denser' : 'dense');
    const figure = article.querySelector('figure img');
    const foot = add(sheet, 'div', '', 'poster-foot');
    if (figure) foot.append(figure.cloneNode());
    const call = add(foot, 'p', say('着火了打 ', 'Fire: call '));
    add(call, 'b', '119');
    const drawn = await code(`${address}#v=${version}`, 'QR');
    if (drawn) foot.append(drawn);
    add(sheet, 'p', say(`扫码看全文，也能看这张是不是最新的。版本 ${reviewed} · ${version}。${approval()}`, `Scan to read more and to see whether this poster is current. Version ${reviewed} · ${version}. ${approval()}`), 'until');
    if (figure) await figure.decode().catch(() => {});
    printAs('printing-poster');
    sheet.remove();
  };

  document.querySelector('[data-share]')?.addEventListener('click', open);
  const hang = document.querySelector('[data-poster]');
  if (hang && !answer) hang.hidden = true;
  hang?.addEventListener('click', poster);
})();
