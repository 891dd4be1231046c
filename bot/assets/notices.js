// What expires while the page is open is said to have expired, by our own clock: a page kept open for days
// must not show a notice as current.
(() => {
  'use strict';
  const all = (selector) => [...document.querySelectorAll(selector)];
  const look = () => {
    for (const element of all('[data-until]')) element.hidden = Date.parse(element.dataset.until) <= Date.now();
    for (const element of all('[data-since]')) element.hidden = Date.parse(element.dataset.since) > Date.now();
  };
  look();
  setInterval(look, 5000);
  addEventListener('pageshow', look);
})();
