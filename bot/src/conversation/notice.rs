//! Seasonal notices (应季提示), advice of ours for this time of the year, and what was sent (现行通知); both
//! are hidden once expired, and never mixed.

use fenghuo_content::Document;
use fenghuo_content::kind::Notice;

use super::choice::{Action, List};
use super::passage::blocks_of;
use super::respond::Talk;
use super::{Block, Choice, Reply, ReplyKind, SentNotice, phrase};

impl<'a> Talk<'a> {
    /// Notices in their window that have not expired.
    pub(super) fn current_notices(&self) -> Vec<&'a Document> {
        let current = self.facts.notices.iter().filter(|notice| notice.expires > self.now);
        current.filter_map(|notice| self.library.find(notice.doc.as_str())).collect()
    }

    /// What was sent and has not expired.
    fn sent_notices(&self) -> impl Iterator<Item = &'a SentNotice> {
        let now = self.now;
        self.facts.sent.iter().filter(move |sent| sent.expires > now)
    }

    /// A choice for each of what was sent, as many as a menu has room for.
    pub(super) fn sent_rooms(&self) -> Vec<Choice> {
        let choice =
            |sent: &SentNotice| Choice::new(Action::Sent(&sent.code), phrase::sent(&sent.title));
        self.sent_notices().take(3).map(choice).collect()
    }

    pub(super) fn list_notices(&mut self, page: usize) -> Reply {
        let sent = self.sent_rooms();
        let documents = self.current_notices();
        if documents.is_empty() && !sent.is_empty() {
            let choices = sent.into_iter().chain([Choice::new(Action::Menu, phrase::TO_MENU)]);
            let choices = choices.collect();
            return Reply::new(ReplyKind::List).with_text(phrase::PICK_SENT).with_choices(choices);
        }
        let list = self.list_documents(&documents, List::Notices, page, phrase::PICK_NOTICE);
        if sent.is_empty() || page > 0 {
            return list;
        }
        // What was sent comes first, under its own words.
        Reply::new(ReplyKind::List)
            .with_text(phrase::PICK_SENT)
            .with_choices(sent)
            .with_blocks(list.blocks)
    }

    /// The sent message of `code`.
    pub(super) fn sent(&mut self, code: &str) -> Reply {
        let Some(sent) = self.sent_notices().find(|sent| sent.code == code) else {
            return self.menu(phrase::SENT_OVER);
        };
        let mut lines = vec![phrase::heading(&sent.title)];
        lines.extend(sent.lines.iter().cloned());
        lines.push(phrase::sent_until(&sent.until, &sent.code));
        let link = Block::Link { label: phrase::whole_text(&sent.title), href: sent.url.clone() };
        Reply::new(ReplyKind::Answer)
            .with_text(lines.join("\n"))
            .with(link)
            .with_choices(self.way_on())
    }

    pub(super) fn notice(&mut self, document: &Document, notice: &Notice) -> Reply {
        Reply::from_document(ReplyKind::Answer, document)
            .with_text(phrase::heading(&document.meta.title))
            .with_blocks(blocks_of(&notice.message))
            .with(Block::page(document))
            .with_choices(self.way_on())
    }
}
