// The lesson inside a learning platform (SCORM 1.2). It tells the platform score and status, and keeps the ticked
// options as suspend data so that the page can be left and taken up again. It never asks who the pupil is, and
// reports no time: hours learned are no measure of anything.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const { version, pass } = document.body.dataset;
  const form = byId('quiz');
  const questions = form ? [...form.querySelectorAll('fieldset')] : [];
  const result = byId('result');

  const find = (start) => {
    let frame = start;
    for (let depth = 0; frame && depth < 10; depth += 1) {
      try {
        if (frame.API) return frame.API;
        if (frame.parent === frame) return null;
        frame = frame.parent;
      } catch { return null; /* a frame of another origin has no platform for us */ }
    }
    return null;
  };
  const api = find(window) || find(window.opener);
  const fine = (answer) => String(answer) === 'true';
  const get = (name) => String(api.LMSGetValue(name) ?? '');
  const open = Boolean(api) && fine(api.LMSInitialize(''));
  const reports = open && !['review', 'browse'].includes(get('cmi.core.lesson_mode'));
  let finished = false;
  let done = false;
  const set = (name, value) => reports && fine(api.LMSSetValue(name, String(value)));
  const commit = () => reports && fine(api.LMSCommit(''));

  const ticked = () => questions.map((question) =>
    [...question.querySelectorAll('input:checked')].map((input) => input.value).join(''));
  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(get('cmi.suspend_data') || 'null'); } catch { /* of another program: begin anew */ }
    if (!kept || kept.v !== version || !Array.isArray(kept.a)) return;
    questions.forEach((question, index) => {
      for (const input of question.querySelectorAll('input')) {
        input.checked = String(kept.a[index] ?? '').includes(input.value);
      }
    });
  };
  const keep = () => { set('cmi.suspend_data', JSON.stringify({ v: version, a: ticked() })); commit(); };

  // The best attempt stands: who has passed does not fail by practising once more.
  const report = (percent) => {
    if (!reports) return true;
    const before = get('cmi.core.score.raw');
    const best = Math.max(percent, before === '' ? 0 : Number(before));
    return [
      set('cmi.core.score.min', 0), set('cmi.core.score.max', 100), set('cmi.core.score.raw', best),
      set('cmi.core.lesson_status', best >= Number(pass) ? 'passed' : 'failed'), commit(),
    ].every(Boolean);
  };
  const say = (text, sent) => {
    result.textContent = text + (sent ? '' : '成绩没有传上去，请告诉老师。');
    result.scrollIntoView({ block: 'nearest' });
  };

  const right = (question) =>
    [...question.querySelectorAll('input')].every((input) => input.checked === ('right' in input.dataset));
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    for (const question of questions) {
      const verdict = question.querySelector('.verdict');
      verdict.hidden = false;
      verdict.textContent = right(question) ? '✓ 答对了' : '✗ 再想想，看下面的答案';
      verdict.classList.toggle('ok', right(question));
      question.querySelector('details').open = true;
    }
    const count = questions.filter(right).length;
    const percent = Math.round((count / questions.length) * 100);
    done = true;
    keep();
    const passed = percent >= Number(pass) ? '通过了。' : '还没通过，看完解释再做一遍。';
    say(`${questions.length} 题答对 ${count} 题，${percent} 分。${passed}`, report(percent));
  });
  form?.addEventListener('change', keep);
  form?.addEventListener('reset', () => {
    result.textContent = '';
    for (const question of questions) {
      question.querySelector('.verdict').hidden = true;
      question.querySelector('details').open = false;
    }
    setTimeout(keep);
  });
  byId('done')?.addEventListener('click', () => {
    done = true;
    const sent = !reports || [set('cmi.core.lesson_status', 'completed'), commit()].every(Boolean);
    say('学完了，回家讲给家里人听。', sent);
  });

  if (open) {
    const status = get('cmi.core.lesson_status');
    if (status === '' || status === 'not attempted') { set('cmi.core.lesson_status', 'incomplete'); commit(); }
    done = ['passed', 'failed', 'completed'].includes(status);
    restore();
  }
  byId('connection').textContent = open
    ? '已连上学习平台。只报成绩和是否学完，不报用了多久。'
    : '没有连上学习平台，成绩只在这一页显示，不保存。';
  addEventListener('pagehide', () => {
    if (!open || finished) return;
    finished = true;
    set('cmi.core.exit', done ? '' : 'suspend');
    commit();
    api.LMSFinish('');
  });
})();
