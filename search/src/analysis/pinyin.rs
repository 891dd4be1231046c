//! Sounds: toneless syllables with the distinctions folded that typists and dialects drop (zh/z, ng/n).

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::{ToPinyin, ToPinyinMulti};

/// A folded syllable; 0 is none.
pub(crate) type Sound = u16;

/// Sounds of a character: the usual one first.
pub(crate) type Sounds = [Sound; 3];

/// Characters whose usual sound in our texts is not the first of the table.
const USUAL: &[(char, &str)] = &[
    ('着', "zhao"),
    ('了', "le"),
    ('都', "dou"),
    ('长', "chang"),
    ('还', "hai"),
    ('行', "xing"),
    ('地', "di"),
    ('会', "hui"),
    ('车', "che"),
    ('大', "da"),
    ('的', "de"),
    ('得', "de"),
    ('重', "zhong"),
    ('调', "tiao"),
    ('处', "chu"),
    ('传', "chuan"),
    ('空', "kong"),
    ('种', "zhong"),
    ('炸', "zha"),
    ('炮', "pao"),
    ('压', "ya"),
    ('血', "xue"),
    ('塞', "sai"),
    ('呛', "qiang"),
    ('咋', "za"),
    ('没', "mei"),
    ('罐', "guan"),
    ('么', "me"),
    ('吓', "xia"),
    ('露', "lu"),
    ('便', "bian"),
    ('卷', "juan"),
    ('少', "shao"),
    ('好', "hao"),
    ('间', "jian"),
    ('漏', "lou"),
    ('冒', "mao"),
    ('烟', "yan"),
    ('熏', "xun"),
    ('谁', "shei"),
    ('熟', "shu"),
    ('系', "xi"),
];

struct Table {
    names: Vec<String>,
    ids: HashMap<String, Sound>,
    /// Longest spelling of a syllable.
    longest: usize,
    /// Spellings as people type them, with the sound of each.
    spellings: HashMap<String, Sound>,
    usual: HashMap<char, Sound>,
    /// For every sound the one with two vowels swapped, or 0.
    twins: Vec<Sound>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

impl Table {
    /// Every syllable some character of the common block has.
    fn build() -> Self {
        let mut spelled: Vec<String> = ('\u{4e00}'..='\u{9fff}')
            .filter_map(|c| c.to_pinyin_multi())
            .flat_map(|all| all.into_iter().map(|p| p.plain().replace('ü', "v")))
            .filter(|s| s.is_ascii() && s.contains(['a', 'e', 'i', 'o', 'u', 'v']))
            .collect();
        spelled.sort_unstable();
        spelled.dedup();
        let mut table = Self {
            names: vec![String::new()],
            ids: HashMap::new(),
            longest: 0,
            spellings: HashMap::new(),
            usual: HashMap::new(),
            twins: Vec::new(),
        };
        for spelling in spelled {
            table.add(spelling);
        }
        table.usual = USUAL.iter().map(|(c, s)| (*c, table.ids[&fold(s)])).collect();
        table.twins = table.names.iter().map(|name| table.twin(name)).collect();
        table
    }

    fn twin(&self, name: &str) -> Sound {
        let swap = |(a, b): (&str, &str)| name.contains(a).then(|| name.replacen(a, b, 1));
        let pairs =
            [("uo", "ou"), ("ou", "uo"), ("ui", "iu"), ("iu", "ui"), ("ie", "ei"), ("ei", "ie")];
        let found =
            pairs.into_iter().filter_map(swap).find_map(|other| self.ids.get(&other).copied());
        found.unwrap_or(0)
    }

    fn add(&mut self, spelling: String) {
        let name = fold(&spelling);
        let next = Sound::try_from(self.names.len()).expect("there are some 400 syllables");
        let id = *self.ids.entry(name.clone()).or_insert(next);
        if id == next {
            self.names.push(name);
        }
        self.longest = self.longest.max(spelling.len());
        self.spellings.insert(spelling, id);
    }
}

/// `zhang` → `zan`: what careless typing and many dialects do not tell apart.
fn fold(syllable: &str) -> String {
    let mut s = syllable.replace('v', "u");
    for (retroflex, flat) in [("zh", "z"), ("ch", "c"), ("sh", "s")] {
        if let Some(rest) = s.strip_prefix(retroflex) {
            s = format!("{flat}{rest}");
        }
    }
    if s.ends_with("ang") || s.ends_with("eng") || s.ends_with("ing") {
        s.pop();
    }
    s
}

/// The sounds of `c`, the usual one first; all 0 for what is no Han character.
pub(crate) fn sounds(c: char) -> Sounds {
    let mut out = [0; 3];
    let Some(all) = c.to_pinyin_multi() else { return out };
    let mut filled = 0;
    let mut push = |id: Sound| {
        if filled < out.len() && id != 0 && !out[..filled].contains(&id) {
            out[filled] = id;
            filled += 1;
        }
    };
    push(TABLE.usual.get(&c).copied().unwrap_or(0));
    push(c.to_pinyin().map_or(0, |p| id_of(p.plain())));
    all.into_iter().for_each(|p| push(id_of(p.plain())));
    out
}

fn id_of(spelling: &str) -> Sound {
    let found = TABLE.spellings.get(spelling);
    found.or_else(|| TABLE.spellings.get(&spelling.replace('ü', "v"))).copied().unwrap_or(0)
}

/// Folded spelling of a sound.
pub(crate) fn sound_name(sound: Sound) -> &'static str {
    TABLE.names.get(usize::from(sound)).map_or("", String::as_str)
}

/// Every spelling of a syllable with its sound, in no order.
pub(crate) fn spellings() -> impl Iterator<Item = (&'static str, Sound)> {
    TABLE.spellings.iter().map(|(spelling, sound)| (spelling.as_str(), *sound))
}

/// Reads ASCII letters as syllables (`womenlouxia`), the fewest possible; `None` if they are no pinyin.
pub(crate) fn spell(letters: &str) -> Option<Vec<Sound>> {
    if letters.len() > 120 || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    shortest(letters, 0)
}

/// The same with letters swapped (`zahohuo`) or too many (`zhaohuol`): one slip in every six letters.
/// A slip in fewer than four (`yna`) can only be two letters swapped.
pub(crate) fn spell_loosely(letters: &str) -> Option<Vec<Sound>> {
    let slips = (letters.len() / 6).max(1);
    if !(3..=60).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    if letters.len() == 3 {
        return swapped(letters).map(|sound| vec![sound]);
    }
    shortest(letters, slips).filter(|syllables| !syllables.is_empty())
}

/// The way to a place among the letters: slips and syllables so far, where its last part begins, and its sound.
type Way = (usize, usize, usize, Sound);

/// Spells `letters` with the fewest slips, then the fewest syllables.
fn shortest(letters: &str, slips: usize) -> Option<Vec<Sound>> {
    let mut best: Vec<Option<Way>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0, 0, 0));
    for end in 1..=letters.len() {
        best[end] = (end.saturating_sub(TABLE.longest)..end)
            .filter_map(|start| {
                let (slipped, count, ..) = best[start]?;
                let (slip, sound) = part(&letters[start..end], slipped < slips)?;
                Some((slipped + slip, count + usize::from(sound != 0), start, sound))
            })
            .min();
    }
    let mut out = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let (_, _, start, sound) = best[end]?;
        out.extend((sound != 0).then_some(sound));
        end = start;
    }
    out.reverse();
    Some(out)
}

/// What `letters` can be: a syllable; with a slip one whose letters are swapped, or a letter too many.
fn part(letters: &str, slip: bool) -> Option<(usize, Sound)> {
    if let Some(sound) = TABLE.spellings.get(letters) {
        return Some((0, *sound));
    }
    if !slip {
        return None;
    }
    if letters.len() == 1 {
        return Some((1, 0));
    }
    swapped(letters).map(|sound| (1, sound))
}

/// The syllable that `letters` are with two neighbours swapped.
fn swapped(letters: &str) -> Option<Sound> {
    let mut bytes = letters.as_bytes().to_vec();
    (1..bytes.len()).find_map(|at| {
        bytes.swap(at - 1, at);
        let found = std::str::from_utf8(&bytes).ok().and_then(|s| TABLE.spellings.get(s)).copied();
        bytes.swap(at - 1, at);
        found
    })
}

/// Another syllable that careless fingers make of `sound`: `huo`, `hou`.
pub(crate) fn twin(sound: Sound) -> Sound {
    TABLE.twins.get(usize::from(sound)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{sound_name, sounds, spell, spell_loosely, twin};

    fn spelled(letters: &str) -> Option<String> {
        spell(letters).map(|all| all.into_iter().map(sound_name).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn pinyin_without_spaces_is_read() {
        assert_eq!(spelled("womenlouxiazhaohuole").as_deref(), Some("wo men lou xia zao huo le"));
        assert_eq!(spelled("diandongche").as_deref(), Some("dian dong ce"));
        assert_eq!(spelled("smoke"), None);
        assert_eq!(spelled("the"), None);
        assert_eq!(spelled("").as_deref(), Some(""));
    }

    #[test]
    fn slips_of_the_fingers_are_read() {
        let loosely = |letters: &str| {
            spell_loosely(letters)
                .map(|all| all.into_iter().map(sound_name).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(loosely("zhaohuol").as_deref(), Some("zao huo"));
        assert_eq!(loosely("zahohuole").as_deref(), Some("zao huo le"));
        assert_eq!(loosely("kitchen"), None);
        assert_eq!(loosely("yna").as_deref(), Some("yan"));
        assert_eq!(loosely("the"), None);
        assert_eq!(sound_name(twin(sounds('火')[0])), "hou");
    }

    #[test]
    fn homophones_share_a_sound() {
        for (left, right) in
            [('器', '气'), ('烟', '眼'), ('火', '货'), ('宝', '保'), ('啥', '撒'), ('绿', '路')]
        {
            assert_eq!(sounds(left)[0], sounds(right)[0], "{left}{right}");
        }
        assert_eq!(sound_name(sounds('着')[0]), "zao");
        assert_eq!(sounds('a'), [0; 3]);
    }
}
