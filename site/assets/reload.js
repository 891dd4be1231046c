// While an editor works (`serve --watch`): reload the page when the library has changed.
(() => {
  'use strict';
  let known = null;
  setInterval(() => {
    fetch('/-/version', { cache: 'no-store' }).then((response) => response.text()).then((version) => {
      if (known !== null && version !== known) location.reload();
      known = version;
    }).catch(() => {});
  }, 1000);
})();
