//! Changes that are alike in rule, before and after, told once.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::slice_diff::source_span;
use super::words::{self, Excerpt, ExcerptPiece, ExcerptStyle};
use super::{LineColumns, Private, VisibleText, escape};
use crate::{showln, shown};
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, PlacedChange};
use emendo_core::input::DocumentLayout;

/// So many places of a group are shown.
pub const SHOWN: usize = 3;

/// Changes that are alike in rule, before and after, and in whether they wait.
#[derive(Clone, Debug)]
pub struct ChangeGroup {
    /// The full id of the rule.
    pub rule: Arc<str>,
    /// What the rule's pass saw.
    pub before: SmolStr,
    /// What stands there afterwards, or would.
    pub after: SmolStr,
    /// Whether they wait for a decision.
    pub is_pending: bool,
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub places: Vec<GroupPlace>,
}

/// A place where a change of a group is.
#[derive(Clone, Debug)]
pub struct GroupPlace {
    /// The name of the source.
    pub source: String,
    /// What the source's characters U+EF80 to U+EFFF are.
    pub private: Private,
    /// The change.
    pub id: ChangeId,
    /// Its place in the source, in bytes.
    pub span: [usize; 2],
    /// It, with a little of the text round it.
    pub excerpt: Excerpt,
}

/// All groups of a run, as they come.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<ChangeGroup>,
    known: FxHashMap<(Arc<str>, SmolStr, SmolStr, bool), usize>,
}

impl Groups {
    /// Adds what was changed in a document, or with `pending` what needs review in it. `source` is the whole decoded source.
    pub fn add(
        &mut self,
        name: &str,
        private: Private,
        (source, places): (&str, &LineColumns<'_>),
        document: &DocumentLayout,
        (hunks, changes): (&[Hunk], &[Change]),
        pending: bool,
    ) {
        let excerpt = |hunks: &[Hunk], pending: &[PlacedChange<'_>]| {
            words::excerpts_of(source, places, document, (hunks, changes), pending).into_iter().next()
        };
        if pending {
            let pending = changes.iter().filter(|change| change.fate == Fate::Pending && change.before != change.result());
            for change in pending.flat_map(Change::placed) {
                let group = self.group(&change);
                if group.places.len() < SHOWN {
                    group.push(name, private, document, change, excerpt(&[], &[change]));
                }
            }
            return;
        }
        for hunk in hunks {
            for change in hunk.changes.iter().map(|place| place.of(changes)) {
                let group = self.group(&change);
                if group.places.len() < SHOWN {
                    group.push(name, private, document, change, excerpt(std::slice::from_ref(hunk), &[]));
                }
            }
        }
    }

    fn group(&mut self, change: &Change) -> &mut ChangeGroup {
        let (rule, before, after, is_pending) =
            (change.rule.clone(), change.before.clone(), SmolStr::from(change.result()), change.fate == Fate::Pending);
        let at = *self.known.entry((rule.clone(), before.clone(), after.clone(), is_pending)).or_insert_with(|| {
            self.groups.push(ChangeGroup { rule, before, after, is_pending, count: 0, places: Vec::new() });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.count += 1;
        group
    }

    /// The largest first; those of one size by rule, before and after.
    pub fn sorted(mut self) -> Vec<ChangeGroup> {
        self.groups.sort_by(|a, b| {
            let key = |group: &ChangeGroup| (group.rule.clone(), group.before.clone(), group.after.clone(), group.is_pending);
            b.count.cmp(&a.count).then_with(|| key(a).cmp(&key(b)))
        });
        self.groups
    }
}

impl ChangeGroup {
    fn push(&mut self, source: &str, private: Private, layout: &DocumentLayout, change: PlacedChange<'_>, excerpt: Option<Excerpt>) {
        let span = source_span(layout, &change.part, change.span());
        let span = [span.start, span.end];
        self.places.extend(excerpt.map(|excerpt| GroupPlace { source: source.to_owned(), private, id: change.id(), span, excerpt }));
    }

    /// How many of its places are not shown.
    pub fn unshown(&self) -> usize {
        self.count - self.places.len()
    }

    /// What was changed into what.
    pub fn piece(&self) -> ExcerptPiece {
        let (before, after) = (self.before.to_string(), self.after.to_string());
        if self.is_pending { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } }
    }

    /// What the characters U+EF80 to U+EFFF are in it.
    pub fn private(&self) -> Private {
        self.places.first().map_or_else(Private::default, |place| place.private)
    }

    /// The group as text: a line with the rule, the number and the change, and one for each place.
    pub fn render(&self, look: ExcerptStyle) -> VisibleText {
        let look = ExcerptStyle { private: self.private(), ..look };
        let mut text = shown!("{} ×{}  {}\n", escape(&self.rule), self.count, words::render_pieces(&[self.piece()], look));
        for place in &self.places {
            let Excerpt { line, column, pieces, .. } = &place.excerpt;
            let id = if look.ids { shown!("{}  ", place.id) } else { VisibleText::default() };
            let shown = words::render_pieces(pieces, ExcerptStyle { private: place.private, ..look });
            showln!(text, "    {}:{}:{}  {}{}", escape(&place.source), line, column, id, shown);
        }
        if self.unshown() > 0 {
            showln!(text, "    and {} more", self.unshown());
        }
        text
    }
}
