// Signage: tips in turn, messages within two seconds, nothing expired, and the truth about being offline.
// Written for old browsers: no promises, no arrows, no fetch.
(function () {
  'use strict';
  var body = document.body;
  var region = body.getAttribute('data-region');
  var screen = body.getAttribute('data-screen') || name();
  var query = '?region=' + encodeURIComponent(region) + '&screen=' + encodeURIComponent(screen);
  var messages = document.getElementById('messages');
  var tips = document.getElementById('tips');
  var offline = document.getElementById('offline');
  // What the server's clock says more than ours.
  var ahead = Number(body.getAttribute('data-now')) - Date.now();
  var heard = Date.now();
  var shown = null;
  var turn = 0;
  var source = null;

  // A screen that was not given a name keeps one of its own.
  function name() {
    try {
      var known = localStorage.getItem('signage-screen');
      if (!known) {
        known = 's' + Math.random().toString(36).slice(2, 12);
        localStorage.setItem('signage-screen', known);
      }
      return known;
    } catch (e) { return ''; }
  }

  function now() { return Date.now() + ahead; }

  function add(parent, kind, className, text) {
    var element = document.createElement(kind);
    if (className) element.className = className;
    if (text) element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
    return element;
  }

  function build(message) {
    var section = document.createElement('section');
    section.className = 'message' + (message.drill ? ' drill' : '');
    section.setAttribute('data-expires', message.expires);
    if (message.mark) add(section, 'p', 'mark', message.mark);
    add(section, 'p', 'kind', message.kind);
    add(section, 'h2', '', message.title);
    var text = add(section, 'div', 'text');
    var i;
    for (i = 0; i < message.lines.length; i += 1) add(text, 'p', '', message.lines[i]);
    if (message.actions.length) {
      var ours = add(section, 'div', 'ours');
      add(ours, 'p', 'kind', '我们的消防提醒');
      for (i = 0; i < message.actions.length; i += 1) add(ours, 'p', '', message.actions[i]);
    }
    add(section, 'p', 'until', message.until);
    return section;
  }

  function take(state) {
    heard = Date.now();
    ahead = state.now - heard;
    var text = JSON.stringify(state.messages);
    if (text !== shown) {
      shown = text;
      while (messages.firstChild) messages.removeChild(messages.firstChild);
      for (var i = 0; i < state.messages.length; i += 1) messages.appendChild(build(state.messages[i]));
      turn = 0;
    }
    tell();
    show();
  }

  // Takes away what has expired, by the server's clock.
  function expire() {
    for (var i = messages.children.length - 1; i >= 0; i -= 1) {
      if (Number(messages.children[i].getAttribute('data-expires')) <= now()) messages.removeChild(messages.children[i]);
    }
  }

  function show() {
    expire();
    var some = messages.children.length > 0;
    messages.hidden = !some;
    tips.hidden = some;
    var pages = (some ? messages : tips).children;
    for (var i = 0; i < pages.length; i += 1) {
      var on = i === turn % pages.length;
      var bare = pages[i].className.replace(/ ?\b(on|big|dense)\b/g, '');
      if (!on) { pages[i].className = bare; continue; }
      // As large as it fits; what does not fit is set smaller rather than cut.
      var sizes = [' on big', ' on', ' on dense'];
      for (var size = 0; size < sizes.length; size += 1) {
        pages[i].className = bare + sizes[size];
        if (pages[i].scrollHeight <= pages[i].parentNode.parentNode.clientHeight) break;
      }
    }
  }

  function two(number) { return (number < 10 ? '0' : '') + number; }

  function tell() {
    var silent = Date.now() - heard > 30000;
    offline.hidden = !silent;
    if (!silent) return;
    // Beijing time, whatever zone the screen believes in.
    var since = new Date(heard + ahead + 8 * 3600000);
    offline.textContent = '离线：从 ' + (since.getUTCMonth() + 1) + '月' + since.getUTCDate() + '日 '
      + two(since.getUTCHours()) + ':' + two(since.getUTCMinutes()) + ' 起连不上服务器，新的通知不会显示在这里。有火情打119。';
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.onreadystatechange = function () {
      if (request.readyState === 4 && request.status === 200) {
        try { take(JSON.parse(request.responseText)); } catch (e) { /* half an answer is none */ }
      }
    };
    request.open('GET', '/signage/state' + query);
    request.send();
  }

  function listen() {
    source = new EventSource('/signage/events' + query);
    source.addEventListener('state', function (event) { take(JSON.parse(event.data)); });
    // A browser gives up for good after some answers; then we begin anew.
    source.onerror = function () { if (source.readyState === 2) { source.close(); source = null; } };
  }

  var beats = 0;
  setInterval(function () {
    beats += 1;
    show();
    tell();
    if (beats % 12 === 0) { turn += 1; show(); }
    if (window.EventSource) {
      if (!source && beats % 5 === 0) listen();
    } else if (beats % 2 === 0) {
      ask();
    }
    // New tips and a new version of this page every six hours, only while the server answers.
    if (beats > 6 * 3600 && Date.now() - heard < 15000) location.reload();
  }, 1000);
  if (window.EventSource) listen(); else ask();
  show();
})();
