//! The pattern language of `lexicon/emergencies.toml`, made for editors who know no regular expressions.
//!
//! | written | means |
//! |---|---|
//! | `着火了` | these characters, spaces between them ignored; one of two may be a homophone (着货了), all may be pinyin |
//! | `smoke is coming` | these English words |
//! | `(着火\|起火)` | one of these |
//! | `着[起]火` | 起 may be missing |
//! | `<fire>` | any entry of the set `fire` |
//! | `油锅…着火` | up to ten characters (or English words) between, not across the end of a sentence |
//! | `炉子……头疼` | up to forty, across sentences |
//! | `着火了，` | a pause or the end of a sentence, however it is marked |
//! | `#` | any number written in digits |
//! | `^` `$` | beginning or end of the whole text |
//! | `!` in front, `!!` | weighs double, weighs most |
//! | `?` in front | a trigger that alone says little; a counter only where it shares words with the trigger |

use std::collections::BTreeMap;

use crate::analysis::{Unit, is_han, units};

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// One character or word.
    Unit(Unit),
    /// One of several.
    Any(Vec<Vec<Node>>),
    /// Any number in digits.
    Number,
    /// A mark inside a sentence or at its end.
    Mark,
    /// Up to ten units.
    Gap,
    /// Up to forty, across sentences.
    WideGap,
    /// Beginning of the text.
    Start,
    /// End of the text.
    End,
}

/// A pattern as written, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) nodes: Vec<Node>,
    pub(super) strength: Strength,
}

/// How much a pattern says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// `?`
    Weak,
    /// Nothing in front.
    Plain,
    /// `!`
    Double,
    /// `!!`
    Most,
}

impl Strength {
    /// The strength written in front of `text`, and the rest.
    fn split(text: &str) -> (Self, &str) {
        for (sign, strength) in [("!!", Self::Most), ("!", Self::Double), ("?", Self::Weak)] {
            if let Some(rest) = text.strip_prefix(sign) {
                return (strength, rest);
            }
        }
        (Self::Plain, text)
    }
}

/// How deep sets and brackets may nest.
const MAX_DEPTH: usize = 6;

/// Reads `text`; the reason is for the editor.
pub(super) fn parse(
    text: &str,
    sets: &BTreeMap<String, Vec<String>>,
) -> Result<Pattern, &'static str> {
    let (strength, rest) = Strength::split(text);
    let nodes = Parser { rest, sets, depth: 0 }.whole()?;
    if nodes
        .iter()
        .all(|n| matches!(n, Node::Gap | Node::WideGap | Node::Mark | Node::Start | Node::End))
    {
        return Err("it says nothing");
    }
    Ok(Pattern { nodes, strength })
}

struct Parser<'a> {
    rest: &'a str,
    sets: &'a BTreeMap<String, Vec<String>>,
    depth: usize,
}

impl Parser<'_> {
    fn whole(mut self) -> Result<Vec<Node>, &'static str> {
        if self.depth > MAX_DEPTH {
            return Err("brackets or sets nest too deep");
        }
        let nodes = self.sequence()?;
        match self.rest.chars().next() {
            None => Ok(nodes),
            Some('|') => Err("`|` stands outside brackets"),
            Some(_) => Err("a bracket closes that was not opened"),
        }
    }

    fn sequence(&mut self) -> Result<Vec<Node>, &'static str> {
        let mut nodes = Vec::new();
        while let Some(c) = self.rest.chars().next() {
            if matches!(c, '|' | ')' | ']') {
                break;
            }
            self.item(c, &mut nodes)?;
        }
        Ok(nodes)
    }

    fn item(&mut self, c: char, nodes: &mut Vec<Node>) -> Result<(), &'static str> {
        if !matches!(c, '(' | '[' | '<' | '…' | '，' | '#' | '^' | '$') {
            return self.literal(nodes);
        }
        self.rest = &self.rest[c.len_utf8()..];
        nodes.push(match c {
            '(' => Node::Any(self.alternatives(')')?),
            '[' => {
                let mut any = self.alternatives(']')?;
                any.push(Vec::new());
                Node::Any(any)
            }
            '<' => self.set()?,
            '…' => self.gap(),
            '，' => Node::Mark,
            '#' => Node::Number,
            '^' => Node::Start,
            _ => Node::End,
        });
        Ok(())
    }

    /// One ellipsis or two.
    fn gap(&mut self) -> Node {
        let Some(rest) = self.rest.strip_prefix('…') else { return Node::Gap };
        self.rest = rest;
        Node::WideGap
    }

    fn literal(&mut self, nodes: &mut Vec<Node>) -> Result<(), &'static str> {
        let end = self
            .rest
            .find(['(', '[', '<', '…', '，', '#', '^', '$', '|', ')', ']'])
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        if text
            .chars()
            .any(|c| !(is_han(c) || c.is_ascii_alphanumeric() || matches!(c, ' ' | '\'')))
        {
            return Err(
                "only characters, letters, digits and ( ) [ ] < > | … ， # ^ $ may stand in it",
            );
        }
        nodes.extend(text.split(' ').flat_map(literal_units).map(Node::Unit));
        Ok(())
    }

    fn alternatives(&mut self, close: char) -> Result<Vec<Vec<Node>>, &'static str> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("brackets or sets nest too deep");
        }
        let mut all = vec![self.sequence()?];
        loop {
            let Some(c) = self.rest.chars().next() else { return Err("a bracket is never closed") };
            self.rest = &self.rest[c.len_utf8()..];
            if c == close {
                self.depth -= 1;
                return Ok(all);
            }
            if c != '|' {
                return Err("brackets are crossed");
            }
            all.push(self.sequence()?);
        }
    }

    fn set(&mut self) -> Result<Node, &'static str> {
        let (name, rest) = self.rest.split_once('>').ok_or("`<` is never closed")?;
        self.rest = rest;
        let entries = self.sets.get(name).ok_or("there is no such set")?;
        let parse =
            |text: &String| Parser { rest: text, sets: self.sets, depth: self.depth + 1 }.whole();
        Ok(Node::Any(entries.iter().map(parse).collect::<Result<_, _>>()?))
    }
}

/// A word of letters stays a word even where it would spell a syllable.
fn literal_units(text: &str) -> Vec<Unit> {
    if text.is_ascii() && !text.is_empty() {
        return vec![Unit { glyph: crate::analysis::Glyph::Word(text.to_owned()), sounds: [0; 3] }];
    }
    units(text)
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, parse};

    #[test]
    fn faulty_patterns_are_refused_with_a_reason() {
        let sets = BTreeMap::from([
            ("fire".to_owned(), vec!["着火".to_owned(), "(起|失)火".to_owned()]),
            ("loop".to_owned(), vec!["<loop>".to_owned()]),
        ]);
        let check = |text: &str, fine: bool| assert_eq!(parse(text, &sets).is_ok(), fine, "{text}");
        check("<fire>了", true);
        check("!(我|我们)家…[大]火$", true);
        check("smoke…(under|through) my", true);
        check("(着火", false);
        check("着火)", false);
        check("(着火]", false);
        check("<smoke>", false);
        check("<loop>", false);
        check("", false);
        check("…$", false);
        check("着火，我", true);
        check("，", false);
        check("着火。", false);
    }
}
