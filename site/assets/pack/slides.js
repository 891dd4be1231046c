// Slides one at a time: keys, clickers, touch buttons, full screen, black screen, notes. Keeps nothing, sends nothing.
(() => {
  'use strict';
  const root = document.documentElement;
  const slides = [...document.querySelectorAll('.slide')];
  const position = document.querySelector('[data-position]');
  if (!slides.length || !position) return;
  root.classList.add('playing');
  const arrows = [...document.querySelectorAll('[data-go]')];
  const notes = document.querySelector('[data-notes]');
  let now = 0;
  const show = (index, focus) => {
    now = Math.max(0, Math.min(slides.length - 1, index));
    slides.forEach((slide, at) => slide.classList.toggle('now', at === now));
    root.classList.toggle('on-end', now === slides.length - 1);
    root.classList.remove('black');
    position.textContent = `${now + 1} / ${slides.length}`;
    arrows[0].disabled = now === 0;
    arrows[1].disabled = now === slides.length - 1;
    if (location.hash !== '#' + slides[now].id) history.replaceState(null, '', '#' + slides[now].id);
    if (focus) slides[now].focus({ preventScroll: true });
  };
  const fromHash = () => slides.findIndex((slide) => '#' + slide.id === location.hash);
  const toggleNotes = () => notes.setAttribute('aria-pressed', String(root.classList.toggle('with-notes')));
  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen().catch(() => { /* refused: the page is large enough */ });
  };
  const keys = {
    ArrowRight: () => show(now + 1, true), ArrowDown: () => show(now + 1, true), PageDown: () => show(now + 1, true),
    ' ': () => show(now + 1, true), Enter: () => show(now + 1, true),
    ArrowLeft: () => show(now - 1, true), ArrowUp: () => show(now - 1, true), PageUp: () => show(now - 1, true),
    Backspace: () => show(now - 1, true), Home: () => show(0, true), End: () => show(slides.length - 1, true),
    n: toggleNotes, f: full, b: () => root.classList.toggle('black'), '.': () => root.classList.toggle('black'),
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Space and Enter press the button or follow the link that has the focus.
    if ((event.key === ' ' || event.key === 'Enter') && event.target.closest('button, a')) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  });
  for (const button of arrows) button.addEventListener('click', () => show(now + Number(button.dataset.go)));
  notes.addEventListener('click', toggleNotes);
  document.querySelector('[data-full]').addEventListener('click', full);
  document.querySelector('[data-print]').addEventListener('click', () => print());
  let start = null;
  addEventListener('touchstart', (event) => { start = event.touches.length === 1 ? event.touches[0].clientX : null; }, { passive: true });
  addEventListener('touchend', (event) => {
    const moved = start === null ? 0 : event.changedTouches[0].clientX - start;
    if (Math.abs(moved) > 60) show(now + (moved < 0 ? 1 : -1));
  }, { passive: true });
  addEventListener('hashchange', () => { if (fromHash() >= 0) show(fromHash()); });
  show(Math.max(0, fromHash()));
})();
