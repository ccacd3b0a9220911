//! What the page asks for, and what it has done. Asking changes nothing.

use std::num::NonZeroU64;
use std::sync::atomic::Ordering;

use axum::body::Bytes;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::SharedState;
use super::answer::{Answer, Inert, Trouble};
use super::review::Review;
use super::{document, shown};
use crate::args::Checked;
use crate::review::decide;
use crate::review::labels::unescape;
use emendo_core::review::decision::{DecisionScope, Verdict};
use emendo_core::review::session::{DecisionTarget, Filter, Named, Order, State as Stands, Step};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::review::{ReviewError, ReviewWorkspace};

/// So many groups, items or lines one answer holds.
const PAGE: usize = 200;

/// So many places a sample has at most.
const SAMPLE: usize = 1_000;

/// Asks the review, beside the one thread that answers.
async fn with(shared: SharedState, work: impl FnOnce(&mut Review) -> Result<Value, Trouble> + Send + 'static) -> Answer {
    let done = tokio::task::spawn_blocking(move || work(&mut shared.review())).await;
    // It panicked: told on standard error.
    done.unwrap_or_else(|_| Err(Trouble::failed("This went wrong inside emendo. What was decided before is saved."))).map(Inert)
}

/// What a page selects, and how much of it it wants to see.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelectedIds {
    /// The page's own name for the selection: the same one stays as it is.
    view: String,
    order: String,
    rule: String,
    zone: String,
    doc: String,
    text: String,
    decided: bool,
    pending: bool,
    disputed: bool,
    group: String,
    from: usize,
    count: usize,
}

impl SelectedIds {
    fn filter(&self) -> Result<Filter, Trouble> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let text = |text: &str| unescape(text).map(|text| Some(text).filter(|text| !text.is_empty())).map_err(Trouble::unclear);
        Ok(Filter {
            rules: words(&self.rule),
            zones: words(&self.zone),
            document: text(&self.doc)?,
            text: text(&self.text)?,
            decided: self.decided,
            pending: self.pending,
            disputed: self.disputed,
            share: None,
        })
    }

    fn order(&self) -> Order {
        Order::ALL.into_iter().find(|order| order.name() == self.order).unwrap_or_default()
    }

    /// What tells it from another: not what is seen of it.
    fn name(&self) -> String {
        format!("{:?}", Self { group: String::new(), from: 0, count: 0, ..self.clone() })
    }

    /// The part of a list that is wanted.
    fn part<'l, T>(&self, list: &'l [T]) -> &'l [T] {
        let from = self.from.min(list.len());
        &list[from..list.len().min(from.saturating_add(self.count.min(PAGE)))]
    }
}

/// How the review stands. A page asks for it all the time: it is no sign of a reader.
pub async fn state(State(shared): State<SharedState>) -> Answer {
    with(shared, |review| Ok(review.head())).await
}

/// What there is to filter by.
pub async fn facets(State(shared): State<SharedState>) -> Answer {
    with(shared, |review| Ok(json!({ "facets": review.facets, "first": review.first_filter() }))).await
}

/// Groups.
pub async fn groups(State(shared): State<SharedState>, Query(selected): Query<SelectedIds>) -> Answer {
    shared.is_used();
    with(shared, move |review| {
        let (number, revision) = (review.number, review.revision);
        let (desk, selection) = review.selection(&selected.name(), &selected.filter()?, selected.order());
        let places: usize = selection.iter().map(|(_, items)| items.len()).sum();
        let groups: Vec<Value> = selected.part(selection).iter().map(|(group, items)| shown::group(desk, *group, items)).collect();
        Ok(json!({
            "review": number, "revision": revision, "total": selection.len(), "places": places, "from": selected.from, "groups": groups,
        }))
    })
    .await
}

/// Those items of a group that are selected.
pub async fn items(State(shared): State<SharedState>, Query(selected): Query<SelectedIds>) -> Answer {
    shared.is_used();
    with(shared, move |review| {
        let (number, revision) = (review.number, review.revision);
        let (desk, selection) = review.selection(&selected.name(), &selected.filter()?, selected.order());
        let Some(Named::Group(group)) = desk.session.find(&selected.group) else { return Err(no_such(&selected.group)) };
        let items = selection.iter().find(|(selected, _)| *selected == group).map(|(_, items)| items.as_slice()).unwrap_or_default();
        // The first that is still to be decided, so that a long group goes on where it was left.
        let open = items.iter().position(|item| !desk.session.state(*item).is_decided());
        let shown: Vec<Value> = selected.part(items).iter().map(|item| shown::item(desk, *item)).collect();
        Ok(json!({
            "review": number, "revision": revision, "total": items.len(), "from": selected.from, "open": open,
            "group": shown::group(desk, group, items), "items": shown,
        }))
    })
    .await
}

/// An item, by its id.
#[derive(Debug, Deserialize)]
pub struct ItemRequest {
    id: String,
}

/// One item, and its group.
pub async fn item(State(shared): State<SharedState>, Query(one): Query<ItemRequest>) -> Answer {
    with(shared, move |review| {
        let session = &review.desk.session;
        let Some(Named::Item(item)) = session.find(&one.id) else { return Err(no_such(&one.id)) };
        let group = session.group_of(item);
        let card = shown::group(&review.desk, group, &session.groups()[group].items);
        Ok(json!({ "review": review.number, "group": card, "item": shown::item(&review.desk, item) }))
    })
    .await
}

/// A random sample of a group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "struct Drawn")] // as answers to a request that is none have it
pub struct DrawnSample {
    size: usize,
    seed: u64,
}

/// A group, and how to draw from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleOf {
    group: String,
    size: usize,
    seed: u64,
}

/// Places of a group, drawn at random.
pub async fn sample(State(shared): State<SharedState>, Query(of): Query<SampleOf>) -> Answer {
    shared.is_used();
    with(shared, move |review| {
        let desk = &review.desk;
        let Some(Named::Group(group)) = desk.session.find(&of.group) else { return Err(no_such(&of.group)) };
        let items = desk.session.sample(group, of.size.min(SAMPLE), of.seed);
        let shown: Vec<Value> = items.iter().map(|item| shown::item(desk, *item)).collect();
        let card = shown::group(desk, group, &items);
        let all = desk.session.groups()[group].items.len();
        Ok(json!({ "review": review.number, "revision": review.revision, "total": items.len(), "all": all, "group": card, "items": shown }))
    })
    .await
}

/// A document, by its number, and the part of it that is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownRequest {
    number: usize,
    from: usize,
    /// Where to begin instead: at this item.
    #[serde(default)]
    at: String,
}

/// A document side by side, as it is cleaned with what is decided now.
pub async fn document(State(shared): State<SharedState>, Query(wanted): Query<ShownRequest>) -> Answer {
    shared.is_used();
    with(shared, move |review| {
        if wanted.number >= review.desk.session.documents().len() {
            return Err(Trouble::missing("There is no document with this number."));
        }
        document::side_by_side(&mut review.desk, wanted.number, wanted.from, PAGE, &wanted.at)
    })
    .await
}

/// What a decision is about, and the sample that speaks for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    id: String,
    scope: DecisionScope,
    size: Option<usize>,
    seed: Option<u64>,
}

/// What a decision would do.
pub async fn reach(State(shared): State<SharedState>, Query(aim): Query<DecisionRequest>) -> Answer {
    with(shared, move |review| {
        let desk = &review.desk;
        let target = target(desk, &aim.id, aim.scope)?;
        let reach = desk.session.effect(&target);
        let drawn = aim.size.zip(aim.seed).map(|(size, seed)| DrawnSample { size, seed });
        let checked = match (&drawn, &target) {
            (Some(drawn), DecisionTarget::Everywhere(group)) => decide::note(None, Some(checked(desk, *group, drawn)?), drawn.seed),
            _ => None,
        };
        Ok(json!({
            "review": review.number, "checked": checked, "what": decide::what(desk, &target, None), "reach": reach.to_string(), "places": reach.places,
            "stamp": shown::target_stamp(&desk.session, &target),
        }))
    })
    .await
}

fn target(desk: &ReviewWorkspace, id: &str, scope: DecisionScope) -> Result<DecisionTarget, Trouble> {
    let session = &desk.session;
    let named = session.find(id).ok_or_else(|| no_such(id))?;
    let group = match named {
        Named::Group(group) => group,
        Named::Item(item) => session.group_of(item),
    };
    match (scope, named) {
        (DecisionScope::Here, Named::Item(item)) => Ok(DecisionTarget::Here(item)),
        (DecisionScope::Document, Named::Item(item)) => Ok(DecisionTarget::Document(group, session.items()[item].document)),
        (DecisionScope::Everywhere, _) => Ok(DecisionTarget::Everywhere(group)),
        (DecisionScope::Rule, _) => Ok(DecisionTarget::Rule(session.groups()[group].rule.clone())),
        (DecisionScope::Here | DecisionScope::Document, Named::Group(_)) => {
            Err(Trouble::unclear("A group is decided everywhere: name one of its changes."))
        }
    }
}

fn no_such(id: &str) -> Trouble {
    Trouble::missing(shown!("There is no group and no change {} any more.", escape(id)))
}

/// A decision, about what the reader saw.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    review: u64,
    stamp: String,
    id: String,
    scope: DecisionScope,
    verdict: Verdict,
    with: Option<String>,
    note: Option<String>,
    sample: Option<DrawnSample>,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|error| Trouble::unclear(escape(&error.to_string())))
}

/// Decides. When the answer comes, the decision is on the disk.
pub async fn decide(State(shared): State<SharedState>, body: Bytes) -> Answer {
    shared.is_used();
    let wanted: Decided = read(&body)?;
    with(shared, move |review| decided(review, &wanted)).await
}

fn decided(review: &mut Review, wanted: &Decided) -> Result<Value, Trouble> {
    review.expect_review(wanted.review)?;
    review.desk.look_for_news()?;
    let desk = &review.desk;
    let target = target(desk, &wanted.id, wanted.scope)?;
    if shown::target_stamp(&desk.session, &target) != wanted.stamp {
        return Err(Trouble::stale("Something else was decided about this meanwhile. Nothing was saved; look at it as it is now."));
    }
    if let DecisionTarget::Here(item) = target
        && !desk.is_as_read(desk.session.items()[item].document)
    {
        return Err(Trouble::stale("The document was altered since it was read. Nothing was saved: clean everything again."));
    }
    let with = match (wanted.verdict, &wanted.with) {
        (Verdict::Withdraw, _) => return Err(Trouble::unclear("A decision is taken back with undo.")),
        (Verdict::Replace, Some(with)) => Some(unescape(with).map_err(Trouble::unclear)?),
        (Verdict::Replace, None) => return Err(Trouble::unclear("Say what is to stand there.")),
        (Verdict::Accept | Verdict::Reject, _) => None,
    };
    let (checked, seed) = match (&wanted.sample, &target) {
        (Some(drawn), DecisionTarget::Everywhere(group)) => (Some(checked(desk, *group, drawn)?), drawn.seed),
        (Some(_), _) => return Err(Trouble::unclear("A sample speaks for a whole group.")),
        (None, _) => (None, 0),
    };
    let words = wanted.note.as_deref().filter(|words| !words.trim().is_empty());
    let reader = desk.reader(decide::note(words, checked, seed));
    let said = shown!("{} {}: {}", wanted.verdict.name(), decide::what(desk, &target, with.as_deref()), desk.session.effect(&target));
    let step = desk.session.deciding(&target, wanted.verdict, with.as_deref(), &reader);
    review.desk.save(step)?;
    review.has_saved();
    Ok(json!({ "said": said, "head": review.head() }))
}

/// How many places of a sample were right: counted here, not told by the page.
fn checked(desk: &ReviewWorkspace, group: usize, drawn: &DrawnSample) -> Result<Checked, Trouble> {
    let items = desk.session.sample(group, drawn.size.min(SAMPLE), drawn.seed);
    if !items.iter().all(|item| desk.session.is_judged(*item)) {
        return Err(Trouble::unclear(
            "Not all places of the sample were judged one by one: what was decided for many at once is no sample.",
        ));
    }
    let states: Vec<Stands> = items.iter().map(|item| desk.session.state(*item)).collect();
    let right = states.iter().filter(|state| **state == Stands::Accepted).count() as u64;
    let drawn = NonZeroU64::new(states.len() as u64).ok_or_else(|| Trouble::unclear("The sample is empty."))?;
    Ok(Checked { right, drawn })
}

/// What a page knew when its reader went a step back or forth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    review: u64,
    revision: u64,
}

/// Takes the last decision back.
pub async fn undo(State(shared): State<SharedState>, body: Bytes) -> Answer {
    step(shared, &body, "undone", ReviewWorkspace::undo).await
}

/// Does again what was undone last.
pub async fn redo(State(shared): State<SharedState>, body: Bytes) -> Answer {
    step(shared, &body, "done again", ReviewWorkspace::redo).await
}

async fn step(
    shared: SharedState,
    body: &[u8],
    what: &'static str,
    take: fn(&mut ReviewWorkspace) -> Result<Option<Step>, ReviewError>,
) -> Answer {
    shared.is_used();
    let known: Known = read(body)?;
    with(shared, move |review| {
        review.expect_review(known.review)?;
        if known.revision != review.revision {
            return Err(Trouble::stale("Something else was decided meanwhile. Nothing was saved; look at it and try again."));
        }
        let Some(step) = take(&mut review.desk)? else {
            return Err(Trouble::missing(shown!("There is nothing that could be {}.", what)));
        };
        review.has_saved();
        let said: Vec<VisibleText> = step.decisions().iter().map(decide::told_back).collect();
        Ok(json!({ "said": shown!("{}: {}", what, VisibleText::join(said, "; ")), "head": review.head() }))
    })
    .await
}

/// Which review is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Meant {
    review: u64,
}

/// Looks for changes that ask only since something was accepted. Takes as long as cleaning the documents it may be in.
pub async fn questions(State(shared): State<SharedState>, body: Bytes) -> Answer {
    shared.is_used();
    let meant: Meant = read(&body)?;
    with(shared, move |review| {
        review.expect_review(meant.review)?;
        review.look_for_questions();
        Ok(review.head())
    })
    .await
}

/// Cleans everything again, with what is decided now. The page sees by the number of the review that it is done.
pub async fn again(State(shared): State<SharedState>, body: Bytes) -> Answer {
    shared.is_used();
    let meant: Meant = read(&body)?;
    let asked = shared.clone();
    with(shared, move |review| review.expect_review(meant.review).map(|()| review.head())).await.inspect(|_| {
        asked.again.store(true, Ordering::SeqCst);
    })
}

/// Ends the page.
pub async fn finish(State(shared): State<SharedState>, body: Bytes) -> Answer {
    let meant: Meant = read(&body)?;
    let ending = shared.clone();
    with(shared, move |review| review.expect_review(meant.review).map(|()| review.head())).await.inspect(|_| {
        ending.ends.send_replace(true);
    })
}
