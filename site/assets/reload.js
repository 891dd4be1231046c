// While an editor works (`serve --watch`): reload the page when the library has changed. The server holds
// each question back until it has.
(() => {
  'use strict';
  let known = '';
  const ask = async () => {
    try {
      const response = await fetch(`/-/version?${known}`, { cache: 'no-store' });
      const version = response.ok ? await response.text() : known;
      if (known && version !== known) { location.reload(); return; }
      known = version;
      setTimeout(ask, response.ok ? 0 : 1000);
    } catch {
      setTimeout(ask, 1000);
    }
  };
  ask();
})();
