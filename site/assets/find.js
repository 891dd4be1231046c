// Search without a server: reads the compact index (search/src/compact) and orders documents by the features and weights
// the engine uses without vectors. Pure: files come through `load(name)`, which gives a promise of their JSON.
(() => {
  'use strict';
  const MOST_CHARS = 200;
  // Parts of pairs and of sounds one question asks for: with the base and the danger patterns they stay below 300 KB.
  const MOST_PARTS = [36, 6];
  const han = (c) => /^[\u4e00-\u9fff\u3400-\u4dbf]$/u.test(c);
  const sum = (list, of) => list.reduce((all, item) => all + of(item), 0);

  // Tables of the base in a form that is quick to ask.
  const prepare = (base) => {
    const common = new Map([...base.chars].map((c, at) => [c, base.common[at]]));
    const sound = new Map(Object.entries(base.sounds).flatMap(([name, chars]) => [...chars].map((c) => [c, name])));
    const simple = new Map();
    const pairs = [...base.traditional];
    for (let at = 0; at < pairs.length; at += 2) simple.set(pairs[at], pairs[at + 1]);
    const small = new Map(base.small.map((word, at) => [word, base.smallCommon[at]]));
    // Places of questions and passages among all, by document.
    const documents = [];
    const owner = [];
    const entryOwner = [];
    for (const row of base.docs) {
      const [url, title, summary, kind, kindName, english, urgency, questions, entries] = row;
      const at = documents.length;
      documents.push({ url, title, summary, kind, kindName, english, urgency, entries: [entryOwner.length, entryOwner.length + entries] });
      owner.push([at, 'title']);
      for (let i = 0; i < questions; i += 1) owner.push([at, 'question']);
      for (let i = 0; i < entries; i += 1) { owner.push([at, 'heading', entryOwner.length]); entryOwner.push(at); }
    }
    const mean = base.lengths.map((all) => sum(all, (n) => n) / Math.max(all.length, 1));
    const slips = new Map();
    for (const word of base.slips.split(' ').filter(Boolean)) {
      const heard = [...word].map((c) => sound.get(c)).join(' ');
      if (!slips.has(heard)) slips.set(heard, word);
    }
    const longest = Math.max(1, ...Object.keys(base.spellings).map((text) => text.length));
    return { ...base, common, sound, simple, small, smallSounds: new Set(base.smallSounds), documents, owner, entryOwner, mean, slips, longest };
  };

  const unfold = (steps) => { let at = 0; return steps.map((step) => (at += step)); };

  // Width, case, traditional characters, stutter.
  const normalise = (base, text) => {
    const plain = text.normalize('NFKC').toLowerCase().replace(/[\p{Cf}\p{Cc}]/gu, (c) => (c === '\n' ? c : ''));
    const simple = [...plain].map((c) => base.simple.get(c) || c).join('');
    return simple.replace(/([^\d])\1{2,}/gu, '$1$1').trim();
  };

  // Letters as syllables, the fewest possible.
  const spell = (base, letters) => {
    const best = [[]];
    for (let end = 1; end <= letters.length; end += 1) {
      for (let start = Math.max(0, end - base.longest); start < end; start += 1) {
        const sound = best[start] && base.spellings[letters.slice(start, end)];
        if (sound && (!best[end] || best[start].length + 1 < best[end].length)) best[end] = [...best[start], sound];
      }
    }
    return best[letters.length];
  };

  // The sounds of a text written in pinyin altogether, else nothing.
  const spelled = (base, text) => {
    if ([...text].some(han)) return null;
    const words = text.split(/[^a-z]+/u).filter(Boolean).map((word) => [word, spell(base, word)]);
    const read = words.filter(([, syllables]) => syllables);
    const known = sum(read, ([word]) => word.length);
    const other = sum(words, ([word]) => word.length) - known;
    if (other * 6 > known || sum(read, ([, syllables]) => syllables.length) < 2) return null;
    return text.split(/([a-z]+)/u).flatMap((piece) => (/^[a-z]/u.test(piece) ? spell(base, piece) || [null] : /[,.!?;，。！？]/u.test(piece) ? [null] : []));
  };

  // The likeliest characters for sounds, with the words of the library.
  const decode = (base, list, sounds) => {
    const bySound = new Map();
    const put = (text, count) => {
      const key = [...text].map((c) => base.sound.get(c)).join(' ');
      const cost = -count / 10;
      for (const heard of text.includes('着') ? [key, key.replace(/\bzao\b/u, 'ze')] : [key]) {
        if (!bySound.has(heard) || bySound.get(heard)[1] > cost) bySound.set(heard, [text, cost]);
      }
    };
    list.words.split(' ').forEach((word, at) => word && put(word, list.counts[at]));
    for (const [word, count] of base.small) put(word, count);
    for (const [c, count] of base.common) put(c, count);
    const best = [[0, '']];
    for (let at = 0; at < sounds.length; at += 1) {
      if (!best[at]) continue;
      const step = (length, text, cost) => {
        const total = best[at][0] + cost;
        if (!best[at + length] || best[at + length][0] > total) best[at + length] = [total, best[at][1] + text];
      };
      if (sounds[at] === null) step(1, '，', 0);
      for (let length = 1; length <= 6 && at + length <= sounds.length; length += 1) {
        const found = bySound.get(sounds.slice(at, at + length).join(' '));
        // 18 is the logarithm of all words of general Chinese.
        if (found) step(length, found[0], found[1] + 18);
      }
      if (!best[at + 1]) step(1, '', 20);
    }
    return best[sounds.length][1];
  };

  // Slips of the same sound put right where a word of ours is meant.
  const repair = (base, text) => {
    const chars = [...text];
    let out = '';
    for (let at = 0; at < chars.length;) {
      let taken = null;
      for (let length = Math.min(6, chars.length - at); length >= 3 && !taken; length -= 1) {
        const written = chars.slice(at, at + length);
        const word = base.slips.get(written.map((c) => base.sound.get(c)).join(' '));
        if (!word) continue;
        const same = [...word].filter((c, i) => c === written[i]).length;
        if (same === length || same * 2 > length) taken = word;
      }
      out += taken || chars[at];
      at += taken ? taken.length : 1;
    }
    return out;
  };

  const runs = (text) => text.match(/[\u4e00-\u9fff\u3400-\u4dbf]+|[a-z0-9]+/gu) || [];
  const pairsOf = (text) => [...new Set(runs(text).filter((run) => han(run[0])).flatMap((run) => [...run].slice(1).map((c, i) => run[i] + c)))];
  const soundPairs = (base, text) => {
    const sounds = [...text.replace(/[\s-]+/gu, '')].map((c) => base.sound.get(c));
    return [...new Set(sounds.slice(1).map((b, i) => sounds[i] && b && `${sounds[i]}_${b}`).filter(Boolean))];
  };
  const joinSounds = (sounds) => [...new Set(sounds.slice(1).map((b, i) => sounds[i] && b && `${sounds[i]}_${b}`).filter(Boolean))];

  const pairPart = (base, term) => {
    const first = term.codePointAt(0);
    const second = term.length > 1 ? term.codePointAt(1) : 0;
    return `p${(Math.imul(first, 31) + second >>> 0) % base.parts[0]}`;
  };
  const soundPart = (base, pair) => {
    let total = 0;
    for (let at = 0; at < pair.length; at += 1) total = (Math.imul(total, 31) + pair.charCodeAt(at)) >>> 0;
    return `s${total % base.parts[1]}`;
  };

  // Names of the parts a question needs; of a long one those that tell most: the clause that asks, then rare characters.
  const wanted = (base, { pairs, latin, clause }) => {
    const rare = (pair) => (base.small.has(pair) ? -400 : 0) + (clause && clause.includes(pair) ? 60 : 0)
      - sum([...pair], (c) => base.common.get(c) || 0);
    const order = [...pairs].sort((a, b) => rare(b) - rare(a));
    const names = new Set();
    for (const term of [...latin, ...order]) if (names.size < MOST_PARTS[0]) names.add(pairPart(base, term));
    return names;
  };

  // Words of a run of characters: the likeliest cut by how common words are, with the words inside longer ones.
  const cut = (base, known, run) => {
    if (!han(run[0])) return [run];
    const chars = [...run];
    const logOf = (word) => {
      const held = known(word);
      const common = held ? held[1] : base.small.get(word);
      return common === undefined ? (word.length === 1 ? (base.common.get(word) || 0) : null) : common;
    };
    const best = new Array(chars.length + 1).fill(null);
    best[chars.length] = [0, 0];
    for (let at = chars.length - 1; at >= 0; at -= 1) {
      for (let length = 1; length <= 8 && at + length <= chars.length; length += 1) {
        const log = logOf(chars.slice(at, at + length).join(''));
        if (log === null) continue;
        const score = log / 10 - 17.9 + best[at + length][0];
        if (!best[at] || score > best[at][0]) best[at] = [score, length];
      }
    }
    const words = [];
    for (let at = 0; at < chars.length; at += best[at][1]) {
      const length = best[at][1];
      for (const inner of [2, 3]) {
        if (length <= inner) continue;
        for (let i = at; i + inner <= at + length; i += 1) {
          const word = chars.slice(i, i + inner).join('');
          if (known(word) || base.small.has(word)) words.push(word);
        }
      }
      words.push(chars.slice(at, at + length).join(''));
    }
    return words;
  };

  const ASKING = /怎么|咋|吗|么|啥|什么|多少|多久|多远|几|谁|哪|能不能|行不|可以不|中不中|要不要|该不该|会不会|算不算|是不是|有没有|为何|为啥|如何|对吧|行吧|可不可以|值不值|犯法|违法|要紧|得不得|成不/u;
  // The clause of a long question that asks, with those before it.
  const focus = (text) => {
    if ([...text].length < 24) return null;
    const clauses = text.split(/[\s，,。.！!？?；;、：:]+/u).filter(Boolean);
    const last = clauses.findLastIndex((clause) => clause.length >= 2 && ASKING.test(clause));
    if (last < 0) return null;
    let first = last;
    let length = clauses[last].length;
    while (first > 0 && (length < 12 || first === last)) { first -= 1; length += clauses[first].length; }
    return clauses.length - (last + 1 - first) > 0 && length >= 6 ? clauses.slice(first, last + 1).join('，') : null;
  };

  // Documents for `text`, best first: address, title, summary, kind, score, and the heading that fits best.
  const find = async (load, text, limit) => {
    const base = prepared.get(load) || prepare(await load('base'));
    prepared.set(load, base);
    const plain = normalise(base, text.slice(0, MOST_CHARS));
    if (!plain) return [];
    const heard = spelled(base, plain);
    const read = heard ? decode(base, await load('words'), heard) : repair(base, plain);
    const sounds = heard ? joinSounds(heard) : soundPairs(base, read);
    const pairs = pairsOf(read);
    const latin = runs(read).filter((run) => !han(run[0]));
    const clause = focus(read);
    const fetched = async (names) => Promise.all([...names].map(async (name) => [name, await load(name)]));
    let parts;
    try {
      parts = new Map(await fetched(wanted(base, { pairs, latin, clause })));
      // Sounds are for slips: where every pair of characters is known, none is fetched.
      const strange = pairs.filter((pair) => parts.has(pairPart(base, pair)) && !parts.get(pairPart(base, pair)).p[pair]);
      const heardOf = heard ? sounds : strange.flatMap((pair) => soundPairs(base, pair));
      const more = new Set();
      for (const pair of heardOf) if (more.size < MOST_PARTS[1]) more.add(soundPart(base, pair));
      if (more.size) for (const pair of sounds) if (more.size < MOST_PARTS[1]) more.add(soundPart(base, pair));
      for (const [name, part] of await fetched(more)) parts.set(name, part);
    } catch {
      return roughly(base, read, limit);
    }
    const known = (word) => parts.get(pairPart(base, word))?.w[word];
    // What was not asked for is left out of the question, not taken for unknown.
    const held = (term) => parts.has(pairPart(base, term));
    const words = [...new Set(runs(read).flatMap((run) => cut(base, known, run)))];
    // Single characters lie in parts of their own.
    const singles = words.filter((word) => word.length === 1 && !base.small.has(word)).map((word) => pairPart(base, word));
    const others = [...new Set(singles)].filter((name) => !parts.has(name)).slice(0, Math.max(0, MOST_PARTS[0] - parts.size));
    await Promise.all(others.map(async (name) => parts.set(name, await load(name).catch(() => ({ w: {}, p: {} })))));
    const query = {
      read,
      pairs: pairs.filter(held),
      sounds,
      words: words.filter((word) => !base.small.has(word) && held(word)).map((word) => weighed(base, known(word), word)),
      pair: (pair) => parts.get(pairPart(base, pair))?.p[pair],
      sound: (pair) => parts.get(soundPart(base, pair))?.s[pair],
      focus: null,
    };
    if (clause) {
      const own = [...new Set(runs(clause).flatMap((run) => cut(base, known, run)))].filter((word) => !base.small.has(word) && held(word));
      query.focus = { words: own.map((word) => weighed(base, known(word), word)), pairs: pairsOf(clause).filter(held), sounds: soundPairs(base, clause) };
    }
    query.weight = sum(query.words, (word) => word.weight);
    return rank(base, query).slice(0, limit);
  };
  const prepared = new WeakMap();

  // Without the parts, as when the network is gone: by the pairs of titles and summaries, which the base holds.
  const roughly = (base, read, limit) => {
    const wanted = pairsOf(read).filter((pair) => !base.small.has(pair));
    const found = base.documents.map(({ title, summary, entries, urgency }, at) => {
      const held = (text) => wanted.filter((pair) => text.includes(pair)).length / Math.max(1, wanted.length);
      return { at, entry: entries[0], urgency, score: 2 * held(title) + held(summary) };
    }).filter(({ score }) => score >= 0.5);
    found.sort((a, b) => b.score - a.score || a.urgency - b.urgency || a.at - b.at);
    return found.slice(0, limit).map(({ at, entry, score }) => ({ ...shown(base, at, entry), score }));
  };

  // A word of the question with its postings; one the library does not hold tells as much as the rarest.
  const weighed = (base, held, word) => {
    if (!held) {
      const rare = Math.log((base.total + 1) / 0.5);
      const general = (17.9 - (base.common.get(word) || 0) / 10 - 4) / 7;
      return { word, weight: rare * Math.min(1, Math.max(0.2, general)) * (word.length === 1 ? 0.5 : 1), entries: [], others: [], questions: [], lead: [], documents: [] };
    }
    const [id, , weight, idWeight, entries, questions, lead, documents, others] = held;
    return { word, id, weight: weight / 100, idWeight: idWeight / 100, entries: places(entries), others: others.map(places), questions: unfold(questions), lead: unfold(lead), documents: unfold(documents) };
  };

  // Passages as [place, times in the heading, times in the text].
  const places = (numbers) => { let at = 0; return numbers.map((n) => [at += n >> 5, n >> 3 & 3, n & 7]); };

  const rank = (base, query) => {
    const count = base.documents.length;
    const of = () => new Float64Array(count);
    const passages = new Map();
    const bm25 = (view, postings, weight) => {
      const { head, body } = base.weights;
      const idf = (n) => Math.log(1 + (base.entryOwner.length - n + 0.5) / (n + 0.5));
      const inHead = idf(postings.filter(([, times]) => times).length);
      const inBody = idf(postings.filter(([, , times]) => times).length);
      for (const [entry, h, b] of postings) {
        const norm = 1.2 * (0.25 + 0.75 * base.lengths[view][entry] / base.mean[view]);
        const score = weight * 2.2 * (head[view] * inHead * h / (h + 1.2) + body[view] * inBody * b / (b + norm));
        passages.set(entry, (passages.get(entry) || 0) + score);
      }
    };
    const entryHeld = new Map();
    const hold = (map, entry, weight) => map.set(entry, (map.get(entry) || 0) + weight);
    const leadHeld = of();
    const allHeld = of();
    const titleHeld = of();
    const whole = query.weight || 1;
    const askers = (questions) => [...new Set(questions.filter((q) => base.owner[q][1] !== 'heading').map((q) => base.owner[q][0]))];
    const telling = query.words.reduce((best, word) => (best && best.weight > word.weight ? best : word), null);
    const tells = of();
    for (const word of query.words) {
      bm25(0, word.entries, 1);
      for (const other of word.others) bm25(0, other, base.weights.synonym);
      const lead = new Set([...askers(word.questions), ...word.lead]);
      const all = new Set([...lead, ...word.documents, ...word.entries.map(([entry]) => base.entryOwner[entry])]);
      for (const document of lead) leadHeld[document] += word.weight / whole;
      for (const document of all) { allHeld[document] += word.weight / whole; if (word === telling) tells[document] = 1; }
      const standing = new Set([word.entries, ...word.others].flat().map(([entry]) => entry));
      for (const entry of standing) hold(entryHeld, entry, word.weight / whole);
      for (const q of word.questions) if (base.owner[q][1] === 'title') titleHeld[base.owner[q][0]] += word.idWeight;
    }
    const plainPairs = query.pairs.filter((pair) => !base.small.has(pair));
    const pairLead = new Map();
    const pairEntries = new Map();
    for (const pair of plainPairs) {
      const held = query.pair(pair);
      if (!held) continue;
      const entries = places(held[0]);
      bm25(1, entries, 1);
      for (const document of new Set([...askers(unfold(held[1])), ...unfold(held[2])])) {
        if (!pairLead.has(document)) pairLead.set(document, new Set());
        pairLead.get(document).add(pair);
      }
      for (const [entry] of entries) {
        if (!pairEntries.has(entry)) pairEntries.set(entry, new Set());
        pairEntries.get(entry).add(pair);
      }
    }
    const likeness = alike(base, query, query);
    const near = new Map();
    const nearOf = (document) => {
      if (!near.has(document)) near.set(document, { question: 0, second: 0, title: 0, heading: 0, focus: 0, headings: new Map() });
      return near.get(document);
    };
    for (const [q, value] of likeness) {
      const [document, role, entry] = base.owner[q];
      const like = nearOf(document);
      if (role === 'heading') { like.heading = Math.max(like.heading, value); like.headings.set(entry, value); }
      else if (value > like.question) { like.second = like.question; like.question = value; }
      else like.second = Math.max(like.second, value);
      if (role === 'title') like.title = Math.max(like.title, value);
      like.focus = Math.max(like.focus, value);
    }
    if (query.focus) {
      for (const [q, value] of alike(base, query.focus, query)) {
        const like = nearOf(base.owner[q][0]);
        like.focus = Math.max(like.focus, value);
      }
    }
    const best = [...passages].sort((a, b) => b[1] - a[1]).slice(0, base.weights.passages);
    const scores = new Map(best);
    const top = Math.max(1e-9, ...scores.values());
    const closest = ([, like]) => Math.max(like.question, like.heading, like.focus);
    const asked = [...near].sort((a, b) => closest(b) - closest(a)).slice(0, base.weights.questions);
    const candidates = new Set([...best.map(([entry]) => base.entryOwner[entry]), ...asked.map(([document]) => document)]);
    const years = query.read.match(/(?<!\d)(19|20)\d\d(?!\d)/gu) || [];
    const kinds = base.kindWords.filter(([, cues]) => cues.some((cue) => query.read.includes(cue))).map(([kind]) => kind);
    const things = base.thingWords.flatMap((cues, bit) => (cues.some((cue) => query.read.includes(cue)) ? [1 << bit] : []));
    const thingShare = (held) => things.filter((bit) => held & bit).length / Math.max(1, things.length);
    const english = runs(query.read).filter((run) => !han(run[0])).length;
    const latin = english >= 2 && english > [...query.read].filter(han).length;
    const w = base.weights.rank;
    const found = [...candidates].map((at) => {
      const document = base.documents[at];
      const like = near.get(at) || { question: 0, second: 0, title: 0, heading: 0, focus: 0, headings: new Map() };
      let entry = document.entries[0];
      let value = -1;
      let raw = 0;
      let held = 0;
      for (let i = document.entries[0]; i < document.entries[1]; i += 1) {
        const here = (scores.get(i) || 0) / top + (entryHeld.get(i) || 0) + 0.5 * (like.headings.get(i) || 0) + 0.3 * thingShare(base.things[i]);
        held |= base.things[i];
        if (here > value) { value = here; entry = i; }
        raw = Math.max(raw, scores.get(i) || 0);
      }
      const pairsHeld = new Set([...(pairLead.get(at) || []), ...(pairEntries.get(entry) || [])]);
      const own = document.title.match(/(?<!\d)(19|20)\d\d(?!\d)/gu) || [];
      const same = years.some((year) => own.includes(year));
      const teaching = ['lessons', 'quizzes', 'checklists'].includes(document.kind);
      const figures = ['bulletins', 'boards'].includes(document.kind);
      const features = {
        bm25: raw / top,
        question: like.question,
        same_question: Math.max(0, like.question - 0.8) / 0.2,
        second_question: like.second,
        title: like.title,
        heading: like.heading,
        focus: like.focus,
        document: allHeld[at],
        lead: leadHeld[at],
        passage: entryHeld.get(entry) || 0,
        title_words: titleHeld[at] / Math.max(1e-6, base.sizes[0][titlePlace(base, at)] / 4),
        telling_word: tells[at],
        bigrams: pairsHeld.size / Math.max(1, plainPairs.length),
        thing: thingShare(held),
        year_same: years.length && own.length && same ? 1 : 0,
        year_other: years.length && own.length && !same ? 1 : 0,
        other_language: Boolean(document.english) !== latin ? 1 : 0,
        kind_asked: kinds.includes(document.kind) ? 1 : 0,
        // Who names a kind wants that one.
        knowledge: !kinds.length && document.kind === 'knowledge' ? 1 : 0,
        guide: !kinds.length && document.kind === 'guides' ? 1 : 0,
        case: !kinds.length && document.kind === 'cases' ? 1 : 0,
        teaching: !kinds.length && teaching ? 1 : 0,
        figures: !kinds.length && figures ? 1 : 0,
      };
      const score = sum(Object.entries(features), ([name, value]) => value * (w[name] || 0));
      return { at, entry, score };
    });
    found.sort((a, b) => b.score - a.score || base.documents[a.at].urgency - base.documents[b.at].urgency || a.at - b.at);
    return found.map(({ at, entry, score }) => ({ ...shown(base, at, entry), score }));
  };

  // The title is the first question of its document.
  const titlePlace = (base, at) => {
    if (!base.titles) base.titles = base.owner.flatMap(([, role], place) => (role === 'title' ? [place] : []));
    return base.titles[at];
  };

  const shown = (base, at, entry) => {
    const { url, title, summary, kindName, english } = base.documents[at];
    const heading = base.headings[entry];
    const [name, anchor] = Array.isArray(heading) ? heading : [heading, heading];
    return { url, title, summary, kind: kindName, english: Boolean(english), section: name, anchor };
  };

  // How alike every question is to what is asked: 0 to 1, by place.
  const alike = (base, asked, query) => {
    const { words: share, sounds: heard, asker } = base.weights.likeness;
    const common = new Map();
    const add = (view, weight, questions) => {
      for (const q of questions) {
        if (!common.has(q)) common.set(q, [0, 0, 0]);
        common.get(q)[view] += weight;
      }
    };
    const own = [0, 0, 0];
    const ids = new Set();
    for (const word of asked.words) {
      if (word.id === undefined) { own[0] += word.weight; continue; }
      if (ids.has(word.id)) continue;
      ids.add(word.id);
      own[0] += word.idWeight;
      add(0, word.idWeight, word.questions);
    }
    const total = base.owner.length;
    const rare = (held, small) => Math.max(0.3, Math.log((total + 1) / (held + 0.5))) * (small ? 0.3 : 1);
    for (const pair of asked.pairs) {
      const held = query.pair(pair)?.[1] || [];
      const weight = rare(held.length, base.small.has(pair));
      own[1] += weight;
      add(1, weight, unfold(held));
    }
    for (const pair of asked.sounds) {
      const held = query.sound(pair) || [];
      const weight = rare(held.length, base.smallSounds.has(pair));
      own[2] += weight;
      add(2, weight, unfold(held));
    }
    const out = new Map();
    for (const [q, sums] of common) {
      const part = (view) => {
        const size = asker * own[view] + (1 - asker) * base.sizes[view][q] / 4;
        return size > 0 ? Math.min(1, sums[view] / size) : 0;
      };
      out.set(q, Math.max(share * part(0) + (1 - share) * part(1), heard * part(2)));
    }
    return out;
  };

  globalThis.fenghuoFind = find;
})();
