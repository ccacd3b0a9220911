//! The review as the page sees it: the desk, what is shown of it, and what has happened since.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answer::Trouble;
use super::shown;
use crate::args::ReviewArgs;
use crate::command_error::CommandError;
use crate::review::{filter, order};
use crate::rules_line::rules_line;
use emendo_core::review::session::{Filter, Order};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::review::ReviewWorkspace;

/// Groups that pass a filter, each with those of its items that do.
pub type FilteredGroups = Vec<(usize, Vec<usize>)>;

/// So many selections are kept: each page that is open has one.
const SELECTIONS: usize = 16;

/// So often it is looked what others have decided.
const NEWS: Duration = Duration::from_secs(1);

/// So long nobody has decided anything before new questions are looked for, and in so many documents at most: it takes as
/// long as cleaning them, and the reader has to wait.
const PAUSE: Duration = Duration::from_secs(2);
const FEW: usize = 200;

/// See the module.
pub struct Review {
    /// What it is about.
    pub desk: ReviewWorkspace,
    /// Another each time that everything was cleaned.
    pub number: u64,
    /// Another each time that something was decided, here or by others.
    pub revision: u64,
    /// How many decisions were saved.
    pub saved: usize,
    /// How many changes ask that did not exist before.
    pub questions: usize,
    /// What is wrong with the decisions file.
    pub trouble: Option<VisibleText>,
    /// Why everything could not be cleaned again.
    uncleaned: Option<VisibleText>,
    /// What there is to filter by.
    pub facets: Value,
    /// What the command line filters by.
    filter: Filter,
    order: Order,
    selections: VecDeque<(String, FilteredGroups)>,
    looked: Instant,
    decided: Instant,
}

impl Review {
    /// A review that begins.
    pub fn new(desk: ReviewWorkspace, args: &ReviewArgs) -> Self {
        let facets = shown::facets(&desk);
        let now = Instant::now();
        Self {
            desk,
            number: 1,
            revision: 1,
            saved: 0,
            questions: 0,
            trouble: None,
            uncleaned: None,
            facets,
            filter: filter(args),
            order: order(args),
            selections: VecDeque::new(),
            looked: now,
            decided: now,
        }
    }

    /// Goes on with what was cleaned with the decisions so far.
    pub fn clean_again(&mut self, desk: ReviewWorkspace) {
        self.facets = shown::facets(&desk);
        self.desk = desk;
        self.number += 1;
        self.revision += 1;
        self.questions = 0;
        self.uncleaned = None;
        self.selections.clear();
    }

    /// Goes on with what there was.
    pub fn could_not_clean(&mut self, failure: CommandError) {
        self.uncleaned = Some(shown!("Nothing was cleaned again: {}", Trouble::from(failure).into_message()));
    }

    /// Takes in what others have decided, and looks for new questions while the reader rests.
    pub fn look_around(&mut self) {
        if self.looked.elapsed() >= NEWS {
            self.trouble = match self.desk.look_for_news() {
                Ok(news) => {
                    self.revision += u64::from(news);
                    None
                }
                Err(failure) => Some(Trouble::from(failure).into_message()),
            };
            self.looked = Instant::now();
        }
        if self.decided.elapsed() >= PAUSE && (1..=FEW).contains(&self.desk.touched()) {
            self.look_for_questions();
        }
    }

    /// Looks for changes that ask only since something was accepted.
    pub fn look_for_questions(&mut self) {
        match self.desk.new_questions() {
            Ok(questions) => self.questions += questions,
            Err(failure) => self.trouble = Some(Trouble::from(failure).into_message()),
        }
    }

    /// Something is on the disk and taken.
    pub fn has_saved(&mut self) {
        self.revision += 1;
        self.saved += 1;
        self.decided = Instant::now();
    }

    /// Refuses what was meant for a review of other texts, or other decisions, than there are now.
    pub fn expect_review(&self, number: u64) -> Result<(), Trouble> {
        if number == self.number {
            return Ok(());
        }
        Err(Trouble::stale("Everything was cleaned again meanwhile. Nothing was saved; look at it as it is now."))
    }

    /// How the review stands.
    pub fn head(&self) -> Value {
        let desk = &self.desk;
        let (decided, asked) = desk.session.progress();
        let reader = desk.reader(None);
        json!({
            "review": self.number,
            "revision": self.revision,
            "who": desk.who().map(escape),
            "file": escape(&desk.file()),
            "decided": decided,
            "asked": asked,
            "changes": desk.session.items().len(),
            "groups": desk.session.groups().len(),
            "documents": desk.session.documents().len(),
            "stale": desk.stale.len(),
            "problems": desk.problems,
            "rules": rules_line(&desk.settings),
            "saved": self.saved,
            "questions": self.questions,
            "unlooked": desk.touched(),
            "can_undo": desk.session.undoing(&reader).is_some(),
            "can_redo": desk.session.redoing(&reader).is_some(),
            "trouble": self.trouble.as_ref().or(self.uncleaned.as_ref()),
        })
    }

    /// The filter that the command line asked for, as the page begins with it.
    pub fn first_filter(&self) -> Value {
        let Filter { rules, zones, document, text, decided, pending, disputed, .. } = &self.filter;
        json!({
            "rule": escape(&rules.join(" ")), "zone": zones.join(" "), "doc": document.as_deref().map(escape),
            "text": text.as_deref().map(escape), "decided": decided, "pending": pending, "disputed": disputed, "order": self.order.name(),
        })
    }

    /// What passes a filter, as it was when it was asked for first under this name: a list must not move under the reader.
    pub fn selection(&mut self, name: &str, filter: &Filter, order: Order) -> (&ReviewWorkspace, &FilteredGroups) {
        let at = self.selections.iter().position(|(known, _)| known == name);
        let kept = at.and_then(|at| self.selections.remove(at));
        let kept = kept.unwrap_or_else(|| {
            let filter = Filter { share: self.filter.share, ..filter.clone() };
            (name.to_owned(), self.desk.session.select(&filter, order))
        });
        self.selections.truncate(SELECTIONS - 1);
        self.selections.push_front(kept);
        (&self.desk, &self.selections[0].1)
    }
}
