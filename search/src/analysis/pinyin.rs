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
        };
        for spelling in spelled {
            table.add(spelling);
        }
        table.usual = USUAL.iter().map(|(c, s)| (*c, table.ids[&fold(s)])).collect();
        table
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

/// Reads ASCII letters as syllables (`womenlouxia`), the fewest possible; `None` if they are no pinyin.
pub(crate) fn spell(letters: &str) -> Option<Vec<Sound>> {
    if letters.len() > 120 || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    // best[i]: fewest syllables that spell the first i letters, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=letters.len() {
        let first = end.saturating_sub(TABLE.longest);
        best[end] = (first..end)
            .filter(|start| TABLE.spellings.contains_key(&letters[*start..end]))
            .filter_map(|start| best[start].map(|(count, _)| (count + 1, start)))
            .min();
    }
    let mut out = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let (_, start) = best[end]?;
        out.push(TABLE.spellings[&letters[start..end]]);
        end = start;
    }
    out.reverse();
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{sound_name, sounds, spell};

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
