//! Spans carried to the other side: whatever was changed, what was not stays what it is.

use emendo_core::edit::{Hunk, InCleaned, InDocument, Part, Span, SpanMap};
use proptest::prelude::*;
use std::ops::Range;

/// A text, its cleaned form, and the differences between them.
#[derive(Clone, Debug)]
struct Changed {
    source: String,
    cleaned: String,
    hunks: Vec<Hunk>,
}

/// Text that stays, then what stood and what stands after it, again and again.
fn changed() -> impl Strategy<Value = Changed> {
    let text =
        |longest| prop::collection::vec(prop::sample::select(vec!["a", "b", "é", "\n"]), 0..longest).prop_map(|pieces| pieces.concat());
    (prop::collection::vec((text(4), text(3), text(3)), 0..6), text(4)).prop_map(|(pieces, tail)| {
        let (mut source, mut cleaned, mut hunks) = (String::new(), String::new(), Vec::new());
        for (kept, before, after) in pieces {
            source.push_str(&kept);
            cleaned.push_str(&kept);
            if before == after {
                continue;
            }
            hunks.push(Hunk {
                part: Part::Body,
                original: Span::new(source.len(), source.len() + before.len()),
                cleaned: Span::new(cleaned.len(), cleaned.len() + after.len()),
                before: before.as_str().into(),
                after: after.as_str().into(),
                changes: [].into_iter().collect(),
            });
            source.push_str(&before);
            cleaned.push_str(&after);
        }
        source.push_str(&tail);
        cleaned.push_str(&tail);
        Changed { source, cleaned, hunks }
    })
}

impl Changed {
    fn crossing(&self) -> SpanMap {
        SpanMap::new(self.source.len(), &self.hunks).expect("the differences fit together")
    }

    /// All spans of the part in the source.
    fn source_spans(&self) -> Vec<Span<InDocument>> {
        spans(&self.source).into_iter().map(|(start, end)| Span::new(start, end)).collect()
    }

    /// All spans of the cleaned text.
    fn cleaned_spans(&self) -> Vec<Span<InCleaned>> {
        spans(&self.cleaned).into_iter().map(|(start, end)| Span::new(start, end)).collect()
    }
}

fn spans(text: &str) -> Vec<(usize, usize)> {
    let bounds: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    bounds.iter().flat_map(|start| bounds.iter().filter(move |end| start <= *end).map(move |end| (*start, *end))).collect()
}

/// Whether a change lies in the span or at a place between two characters, or reaches into it.
fn is_touched(span: &Range<usize>, change: &Range<usize>) -> bool {
    if span.is_empty() {
        change.start <= span.start && span.start <= change.end
    } else {
        change.start < span.end && span.start < change.end
    }
}

/// Whether a place lies inside a change and not at its edge.
fn is_inside(at: usize, change: &Range<usize>) -> bool {
    change.start < at && at < change.end
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_span_that_no_change_touches_goes_there_and_back_with_its_text(changed in changed()) {
        let crossing = changed.crossing();
        for span in changed.source_spans().into_iter().filter(|span| !changed.hunks.iter().any(|hunk| is_touched(&span.range(), &hunk.original.range()))) {
            let there = crossing.to_cleaned(span).expect("it lies in the part");
            prop_assert!(!there.widened, "{span:?} {there:?}");
            prop_assert_eq!(&changed.cleaned[there.span.range()], &changed.source[span.range()]);
            let back = crossing.to_original(there.span).expect("it lies in the text");
            prop_assert_eq!((back.span, back.widened), (span, false));
        }
        for span in changed.cleaned_spans().into_iter().filter(|span| !changed.hunks.iter().any(|hunk| is_touched(&span.range(), &hunk.cleaned.range()))) {
            let there = crossing.to_original(span).expect("it lies in the text");
            prop_assert!(!there.widened, "{span:?} {there:?}");
            prop_assert_eq!(&changed.source[there.span.range()], &changed.cleaned[span.range()]);
            let back = crossing.to_cleaned(there.span).expect("it lies in the part");
            prop_assert_eq!((back.span, back.widened), (span, false));
        }
    }

    #[test]
    fn spans_keep_their_order(changed in changed()) {
        let crossing = changed.crossing();
        let there: Vec<_> = changed.source_spans().into_iter().map(|span| (span, crossing.to_cleaned(span).expect("inside").span)).collect();
        let back: Vec<_> = changed.cleaned_spans().into_iter().map(|span| (span, crossing.to_original(span).expect("inside").span)).collect();
        for (a, to_a) in &there {
            for (b, to_b) in there.iter().filter(|(b, _)| a.start <= b.start && a.end <= b.end) {
                prop_assert!(to_a.start <= to_b.start && to_a.end <= to_b.end, "{a:?} {to_a:?}, {b:?} {to_b:?}");
            }
        }
        for (a, to_a) in &back {
            for (b, to_b) in back.iter().filter(|(b, _)| a.start <= b.start && a.end <= b.end) {
                prop_assert!(to_a.start <= to_b.start && to_a.end <= to_b.end, "{a:?} {to_a:?}, {b:?} {to_b:?}");
            }
        }
    }

    #[test]
    fn an_end_inside_a_change_goes_to_its_edge_and_that_is_said(changed in changed()) {
        let crossing = changed.crossing();
        for span in changed.source_spans().into_iter().filter(|span| !span.is_empty()) {
            let found = crossing.to_cleaned(span).expect("it lies in the part");
            let cut = |at: usize| changed.hunks.iter().find(|hunk| is_inside(at, &hunk.original.range()));
            prop_assert_eq!(found.widened, cut(span.start).is_some() || cut(span.end).is_some());
            if let Some(hunk) = cut(span.start) {
                prop_assert_eq!(found.span.start, hunk.cleaned.start);
            }
            if let Some(hunk) = cut(span.end) {
                prop_assert_eq!(found.span.end, hunk.cleaned.end);
            }
            prop_assert!(changed.cleaned.is_char_boundary(found.span.start) && changed.cleaned.is_char_boundary(found.span.end));
        }
    }

    #[test]
    fn nothing_outside_of_the_text_is_carried(changed in changed()) {
        let crossing = changed.crossing();
        prop_assert_eq!(crossing.cleaned_len(), changed.cleaned.len());
        prop_assert_eq!(crossing.to_original(Span::new(0, changed.cleaned.len() + 1)), None);
        prop_assert_eq!(crossing.original_len(), changed.source.len());
        prop_assert_eq!(crossing.to_cleaned(Span::new(0, changed.source.len() + 1)), None);
    }
}

#[test]
fn a_place_where_something_was_inserted_is_all_of_it() {
    let hunk = Hunk {
        part: Part::Body,
        original: Span::point(2),
        cleaned: Span::new(2, 5),
        before: "".into(),
        after: "new".into(),
        changes: [].into_iter().collect(),
    };
    let crossing = SpanMap::new(4, [&hunk]).expect("it fits");
    let to = |start, end| crossing.to_cleaned(Span::new(start, end)).map(|found| (found.span.range(), found.widened));
    assert_eq!(
        [to(2, 2), to(0, 2), to(2, 4), to(1, 3)],
        [Some((2..5, true)), Some((0..2, false)), Some((5..7, false)), Some((1..6, false))]
    );
}

#[test]
fn differences_that_do_not_fit_together_are_refused() {
    let hunk = |source: Range<usize>, cleaned: Range<usize>| Hunk {
        part: Part::Body,
        original: Span::new(source.start, source.end),
        cleaned: Span::new(cleaned.start, cleaned.end),
        before: "".into(),
        after: "".into(),
        changes: [].into_iter().collect(),
    };
    for (first, second) in [
        (hunk(2..3, 0..1), hunk(4..5, 2..3)),
        (hunk(2..3, 2..3), hunk(2..3, 2..3)),
        (hunk(1..2, 1..2), hunk(3..11, 3..4)),
        (hunk(1..2, 1..usize::MAX), hunk(3..4, 3..4)),
        (hunk(1..2, 1..2), hunk(3..4, 3..usize::MAX)),
    ] {
        assert!(SpanMap::new(10, [&first, &second]).is_err(), "{first:?} {second:?}");
    }
}
