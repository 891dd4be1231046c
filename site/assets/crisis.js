// The crisis copy: the index is in the page, addresses are anchors.
(() => {
  'use strict';
  const text = document.getElementById('index').textContent;
  let index = null;
  // Read when something is first searched for: it is large.
  globalThis.fenghuoLoad = async (name) => (index || (index = JSON.parse(text)))[name];
  globalThis.fenghuoHref = (url, anchor) => `#${url.replace(/^\/|\/$/g, '')}${anchor ? `/${anchor}` : ''}`;
  const title = document.title;
  const turn = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const leaf = target && target.closest('.leaf');
    document.title = leaf && leaf.dataset.title ? `${leaf.dataset.title} · ${title}` : title;
    if (leaf && leaf === target) scrollTo(0, 0);
  };
  addEventListener('hashchange', turn);
  turn();
})();
