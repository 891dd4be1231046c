// QR codes made on the device, so that what they say is sent to nobody: byte mode, error correction M, versions 1 to 10
// (ISO/IEC 18004). `fenghuoQr(text)` gives an SVG element, or null where the text is too long.
(() => {
  'use strict';
  // By version: codewords for correction in a block, and blocks.
  const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
  const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];
  const LAST = 10;

  const codewords = (version) => {
    let modules = (16 * version + 128) * version + 64;
    if (version >= 2) {
      const marks = Math.floor(version / 7) + 2;
      modules -= (25 * marks - 10) * marks - 55;
      if (version >= 7) modules -= 36;
    }
    return modules >> 3;
  };
  const room = (version) => codewords(version) - CORRECTION[version] * BLOCKS[version];

  const times = (a, b) => {
    let product = 0;
    for (let bit = 7; bit >= 0; bit -= 1) {
      product = (product << 1) ^ ((product >> 7) * 0x11d);
      product ^= ((b >> bit) & 1) * a;
    }
    return product;
  };
  const divisor = (degree) => {
    const out = new Array(degree).fill(0);
    out[degree - 1] = 1;
    let root = 1;
    for (let i = 0; i < degree; i += 1) {
      for (let j = 0; j < degree; j += 1) {
        out[j] = times(out[j], root);
        if (j + 1 < degree) out[j] ^= out[j + 1];
      }
      root = times(root, 2);
    }
    return out;
  };
  const remainder = (data, by) => {
    const out = by.map(() => 0);
    for (const byte of data) {
      const factor = byte ^ out.shift();
      out.push(0);
      by.forEach((value, at) => { out[at] ^= times(value, factor); });
    }
    return out;
  };

  /** All codewords of `bytes`: data and correction, blocks woven together. */
  const weave = (bytes, version) => {
    const bits = [];
    const put = (value, length) => { for (let at = length - 1; at >= 0; at -= 1) bits.push((value >> at) & 1); };
    put(4, 4);
    put(bytes.length, version < 10 ? 8 : 16);
    bytes.forEach((byte) => put(byte, 8));
    const most = room(version) * 8;
    put(0, Math.min(4, most - bits.length));
    put(0, (8 - bits.length % 8) % 8);
    for (let pad = 0xec; bits.length < most; pad ^= 0xec ^ 0x11) put(pad, 8);
    const data = [];
    for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(''), 2));
    const count = BLOCKS[version];
    const total = codewords(version);
    const short = Math.floor(total / count) - CORRECTION[version];
    const shorts = count - total % count;
    const by = divisor(CORRECTION[version]);
    let at = 0;
    const blocks = Array.from({ length: count }, (_, i) => {
      const own = data.slice(at, at += short + (i < shorts ? 0 : 1));
      return { own, correction: remainder(own, by) };
    });
    const out = [];
    for (let i = 0; i <= short; i += 1) for (const { own } of blocks) if (i < own.length) out.push(own[i]);
    for (let i = 0; i < CORRECTION[version]; i += 1) for (const { correction } of blocks) out.push(correction[i]);
    return out;
  };

  const marks = (version, size) => {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2;
    const step = Math.ceil((size - 13) / (2 * count - 2)) * 2;
    return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - step * (count - 2 - i))];
  };

  const MASKS = [
    (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => x * y % 2 + x * y % 3,
    (x, y) => (x * y % 2 + x * y % 3) % 2, (x, y) => ((x + y) % 2 + x * y % 3) % 2,
  ];

  /** What makes a pattern hard to read: runs, blocks, false finders, more of one colour. */
  const penalty = (dark, size) => {
    let total = 0;
    const lines = [(a, b) => dark[a][b], (a, b) => dark[b][a]];
    for (const at of lines) {
      for (let a = 0; a < size; a += 1) {
        let run = 0;
        let text = '';
        for (let b = 0; b < size; b += 1) {
          run = b && at(a, b) === at(a, b - 1) ? run + 1 : 1;
          if (run === 5) total += 3; else if (run > 5) total += 1;
          text += at(a, b) ? '1' : '0';
        }
        total += 40 * (text.match(/(?=10111010000|00001011101)/g) || []).length;
      }
    }
    let count = 0;
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        if (dark[y][x]) count += 1;
        if (x && y && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) total += 3;
      }
    }
    return total + 10 * Math.floor(Math.abs(count * 20 / (size * size) - 10));
  };

  /** Rows of modules, dark ones true. */
  const matrix = (text) => {
    const bytes = [...new TextEncoder().encode(text)];
    let version = 1;
    while (version <= LAST && bytes.length + (version < 10 ? 2 : 3) > room(version)) version += 1;
    if (version > LAST) return null;
    const size = version * 4 + 17;
    const dark = Array.from({ length: size }, () => new Array(size).fill(false));
    const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
    const set = (x, y, value) => {
      if (x < 0 || y < 0 || x >= size || y >= size) return;
      dark[y][x] = Boolean(value);
      fixed[y][x] = true;
    };
    for (let i = 0; i < size; i += 1) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
      for (let dy = -4; dy <= 4; dy += 1) {
        for (let dx = -4; dx <= 4; dx += 1) {
          const far = Math.max(Math.abs(dx), Math.abs(dy));
          set(cx + dx, cy + dy, far !== 2 && far !== 4);
        }
      }
    }
    const places = marks(version, size);
    places.forEach((cx, i) => places.forEach((cy, j) => {
      const last = places.length - 1;
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }));
    const format = (mask) => {
      // Level M is 0 in the format.
      let rest = mask;
      for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
      const bits = ((mask << 10) | rest) ^ 0x5412;
      const bit = (i) => (bits >> i) & 1;
      for (let i = 0; i <= 5; i += 1) set(8, i, bit(i));
      set(8, 7, bit(6)); set(8, 8, bit(7)); set(7, 8, bit(8));
      for (let i = 9; i < 15; i += 1) set(14 - i, 8, bit(i));
      for (let i = 0; i < 8; i += 1) set(size - 1 - i, 8, bit(i));
      for (let i = 8; i < 15; i += 1) set(8, size - 15 + i, bit(i));
      set(8, size - 8, 1);
    };
    format(0);
    if (version >= 7) {
      let rest = version;
      for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
      const bits = (version << 12) | rest;
      for (let i = 0; i < 18; i += 1) {
        const [a, b] = [size - 11 + i % 3, Math.floor(i / 3)];
        set(a, b, (bits >> i) & 1);
        set(b, a, (bits >> i) & 1);
      }
    }
    const all = weave(bytes, version);
    let at = 0;
    for (let right = size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < size; step += 1) {
        for (const x of [right, right - 1]) {
          const y = (right + 1) & 2 ? step : size - 1 - step;
          if (fixed[y][x] || at >= all.length * 8) continue;
          dark[y][x] = Boolean((all[at >> 3] >> (7 - (at & 7))) & 1);
          at += 1;
        }
      }
    }
    const masked = (mask) => {
      format(mask);
      return dark.map((row, y) => row.map((value, x) => (fixed[y][x] ? value : value !== (MASKS[mask](x, y) === 0))));
    };
    const tried = MASKS.map((_, mask) => masked(mask)).map((rows) => [penalty(rows, size), rows]);
    return tried.reduce((best, next) => (next[0] < best[0] ? next : best))[1];
  };

  const svg = (text) => {
    const rows = matrix(text);
    if (!rows) return null;
    const space = 'http://www.w3.org/2000/svg';
    const wide = rows.length + 8;
    const element = document.createElementNS(space, 'svg');
    for (const [name, value] of [['viewBox', `0 0 ${wide} ${wide}`], ['class', 'qr'], ['role', 'img'], ['shape-rendering', 'crispEdges']]) element.setAttribute(name, value);
    const draw = (name, given) => {
      const part = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(given)) part.setAttribute(key, value);
      element.append(part);
    };
    draw('rect', { width: wide, height: wide, fill: '#fff' });
    const path = rows.flatMap((row, y) => row.flatMap((value, x) => (value ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join('');
    draw('path', { d: path, fill: '#000' });
    return element;
  };
  svg.matrix = matrix;
  globalThis.fenghuoQr = svg;
})();
