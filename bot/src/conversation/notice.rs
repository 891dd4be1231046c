//! Seasonal notices (应季提示): advice of ours for this time of the year, hidden once expired.

use fenghuo_content::Document;
use fenghuo_content::kind::Notice;

use super::choice::List;
use super::passage::blocks_of;
use super::respond::Talk;
use super::{Block, Reply, ReplyKind, phrase};

impl<'a> Talk<'a> {
    /// Notices in their window that have not expired.
    pub(super) fn current_notices(&self) -> Vec<&'a Document> {
        let current = self.facts.notices.iter().filter(|notice| notice.expires > self.now);
        current.filter_map(|notice| self.library.find(notice.doc.as_str())).collect()
    }

    pub(super) fn list_notices(&mut self, page: usize) -> Reply {
        self.list_documents(&self.current_notices(), List::Notices, page, phrase::PICK_NOTICE)
    }

    pub(super) fn notice(&mut self, document: &Document, notice: &Notice) -> Reply {
        Reply::from_document(ReplyKind::Answer, document)
            .with_text(phrase::heading(&document.meta.title))
            .with_blocks(blocks_of(&notice.message))
            .with(Block::page(document))
            .with_choices(self.way_on())
    }
}
