// Whether a text tells of a danger that is happening now, by the patterns editors wrote (lexicon/emergencies.toml; its head
// explains the language and the points). A hint only: the server also goes by sound and by impression.
(() => {
  'use strict';
  const MARKS = '([|)]<…，#^$';
  const escape = (text) => text.replace(/[.*+?\\{}]/gu, '\\$&');
  const word = (text) => ` ?(?<![a-z0-9'])${escape(text)}(?![a-z0-9'])`;
  const literal = (text) => (text.match(/[a-z0-9']+|[^a-z0-9' ]/giu) || []).map((piece) => (/[a-z0-9']/iu.test(piece) ? word(piece.toLowerCase()) : escape(piece))).join('');

  // A pattern as the source of a regular expression.
  const translate = (pattern, sets) => {
    let at = 0;
    const sequence = (depth) => {
      let out = '';
      while (at < pattern.length && !'|)]'.includes(pattern[at])) {
        const c = pattern[at];
        if (!MARKS.includes(c)) {
          let end = at;
          while (end < pattern.length && !MARKS.includes(pattern[end])) end += 1;
          out += literal(pattern.slice(at, end));
          at = end;
          continue;
        }
        at += 1;
        if (c === '(' || c === '[') {
          const any = [sequence(depth + 1)];
          while (pattern[at] === '|') { at += 1; any.push(sequence(depth + 1)); }
          at += 1;
          out += `(?:${any.join('|')})${c === '[' ? '?' : ''}`;
        } else if (c === '<') {
          const end = pattern.indexOf('>', at);
          out += depth < 6 ? set(pattern.slice(at, end), sets) : '';
          at = end + 1;
        } else if (c === '…') {
          if (pattern[at] === '…') { at += 1; out += '.{0,40}?'; } else out += '[^。]{0,10}?';
        } else out += { '，': '(?:[，。]|$)', '#': ' ?\\d+', '^': '^', $: '[，。]?$' }[c];
      }
      return out;
    };
    return sequence(0);
  };
  const kept = new Map();
  const set = (name, sets) => {
    if (!kept.has(name)) kept.set(name, `(?:${(sets[name] || []).map((entry) => translate(entry, sets)).join('|')})`);
    return kept.get(name);
  };

  const strengthOf = (pattern) => /^(!!|!|\?)?/u.exec(pattern)[0];
  const compile = (patterns, sets) => patterns.map((pattern) => {
    const sign = strengthOf(pattern);
    return { sign, source: pattern.slice(sign.length), sets };
  });
  const prepare = ({ sets, now, notNow, dangers }) => ({
    now: compile(now, sets),
    notNow: compile(notNow, sets),
    dangers: dangers.map(([triggers, counter]) => ({ triggers: compile(triggers, sets), counter: compile(counter, sets) })),
  });
  // Most patterns are never needed: nothing near them is said.
  const found = (rule, text) => {
    rule.regex ||= new RegExp(translate(rule.source, rule.sets), 'gu');
    return [...text.matchAll(rule.regex)].map((hit) => [hit.index, hit.index + hit[0].length]);
  };
  const near = ([a, b], [c, d], reach) => a <= d + reach && c <= b + reach;

  // Width and case evened, pauses and ends as one mark, spaces only before words of letters.
  const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/[.!?;。！？；\n]+/gu, '。').replace(/[,、:：，]+/gu, '，')
    .replace(/\s+/gu, ' ').replace(/ (?![a-z0-9'])/gu, '').replace(/[^\p{Script=Han}a-z0-9' ，。]/gu, '');

  const POINTS = { trigger: { '?': 1, '': 2, '!': 4, '!!': 6 }, now: { '?': 1, '': 1, '!': 2, '!!': 4 }, notNow: { '?': -1, '': -1, '!': -3, '!!': -6 } };
  const prepared = new WeakMap();
  const danger = (file, typed) => {
    if (!prepared.has(file)) prepared.set(file, prepare(file));
    const rules = prepared.get(file);
    const text = plain(typed);
    const triggers = rules.dangers.flatMap(({ triggers: own, counter }) => {
      const seen = own.flatMap((rule) => found(rule, text).map((place) => [place, POINTS.trigger[rule.sign]]));
      if (!seen.length) return [];
      const counters = counter.flatMap((rule) => found(rule, text).map((place) => [place, rule.sign === '?' ? -1 : 25]));
      return seen.filter(([place]) => !counters.some(([other, reach]) => (reach < 0 ? place[0] < other[1] && other[0] < place[1] : near(place, other, reach))));
    });
    if (!triggers.length) return false;
    const cues = (list, kind) => list.map((rule) => [found(rule, text), POINTS[kind][rule.sign]]).filter(([places]) => places.length);
    const now = cues(rules.now, 'now');
    const not = cues(rules.notNow, 'notNow');
    const units = text.match(/\p{Script=Han}|[a-z0-9']+/gu) || [];
    const telling = units.length >= 9 || (units.length >= 5 && /[了在把被往都我俺这那里]/u.test(text));
    const sum = (list, place, reach) => list.reduce((all, [places, points]) => all + (places.some((other) => near(place, other, reach)) ? points : 0), 0);
    return triggers.some(([place, points]) => {
      const against = sum(not, place, 30);
      return points + Math.min(8, sum(now, place, 60)) + against + (telling && !against ? 1 : 0) >= 3;
    });
  };

  globalThis.fenghuoDanger = danger;
})();
