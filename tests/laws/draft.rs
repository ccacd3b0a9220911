//! Drafts: whatever is applied, the source can be told from the draft and its seams.
use emendo_core::edit::{Draft, InDraft, Span};
use proptest::prelude::*;

/// Short pieces that meet in every way: letters of one to four bytes, marks, blanks, line ends.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("b "),
        Just("é"),
        Just("’"),
        Just("\u{308}"),
        Just("漢"),
        Just("😀"),
        Just("\r\n"),
        Just("\n\n"),
        Just("")
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Where an edit lies, in parts of the text's length, and what it puts there.
type Wish = (usize, usize, String);

fn rounds() -> impl Strategy<Value = Vec<Vec<Wish>>> {
    let wish = (0..64usize, 0..6usize, text().prop_map(|text| text.chars().take(4).collect()));
    proptest::collection::vec(proptest::collection::vec(wish, 0..6), 0..5)
}

/// Sorted, disjoint edits of this text that come near the wishes.
fn edits(text: &str, wishes: &[Wish]) -> Vec<(Span<InDraft>, String)> {
    let bounds: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut edits: Vec<_> = wishes
        .iter()
        .map(|(start, length, with)| {
            let start = start % bounds.len();
            (Span::new(bounds[start], bounds[(start + length).min(bounds.len() - 1)]), with.clone())
        })
        .collect();
    edits.sort_by_key(|(at, _)| *at);
    edits.dedup_by(|next, kept| next.0.rivals(kept.0));
    edits
}

/// The text with the edits made by cutting and gluing.
fn naive(text: &str, edits: &[(Span<InDraft>, String)]) -> String {
    let mut result = text.to_owned();
    for (at, with) in edits.iter().rev() {
        result.replace_range(at.range(), with);
    }
    result
}

/// The source, told from the draft's text and its seams alone.
fn source(draft: &Draft<'_>) -> String {
    let mut result = draft.text().to_owned();
    for seam in draft.seams().iter().rev() {
        result.replace_range(seam.draft.range(), &draft.source()[seam.original.range()]);
    }
    result
}

proptest! {
    /// Widened by turns to what its source is and where that stands, every place of a draft comes to rest, and source and
    /// place then stand for each other.
    #[test]
    fn every_place_lies_in_one_that_its_source_finds_again((text, rounds) in (text(), rounds()), equal: bool) {
        let mut draft = Draft::new(&text);
        for wishes in &rounds {
            let edits = edits(draft.text(), wishes);
            draft.apply(edits.iter().map(|(at, with)| (*at, with.as_str(), 0)));
        }
        if equal {
            let before = draft.clone();
            draft.forget_equal_seams();
            prop_assert_eq!((draft.text(), source(&draft)), (before.text(), text.clone()));
        }
        let bounds: Vec<_> = draft.text().char_indices().map(|(at, _)| at).chain([draft.text().len()]).collect();
        for (number, start) in bounds.iter().enumerate() {
            for end in &bounds[number..] {
                let mut wide = Span::new(*start, *end);
                for round in 0.. {
                    prop_assert!(round < 9, "it comes to rest");
                    let wider = wide.hull(draft.place(draft.anchor(wide)).expect("an anchor lies at the edges of seams"));
                    if wider == wide {
                        break;
                    }
                    wide = wider;
                }
                prop_assert_eq!(draft.place(draft.anchor(wide)), Some(wide), "{:?} in {:?}", start..end, draft);
            }
        }
    }
}

proptest! {
    #[test]
    fn applying_edits_keeps_the_way_back((text, rounds) in (text(), rounds())) {
        let mut draft = Draft::new(&text);
        let mut number = 0;
        for wishes in &rounds {
            let edits = edits(draft.text(), wishes);
            let expected = naive(draft.text(), &edits);
            let anchors: Vec<_> = edits.iter().map(|(at, _)| draft.anchor(*at)).collect();
            draft.apply(edits.iter().map(|(at, with)| { number += 1; (*at, with.as_str(), number - 1) }));
            prop_assert_eq!(draft.text(), expected);
            prop_assert_eq!(source(&draft), text.as_str());
            for pair in draft.seams().windows(2) {
                prop_assert!(pair[0].draft.end <= pair[1].draft.start && pair[0].original.end <= pair[1].original.start, "{draft:?}: seams are sorted and disjoint");
            }
            for (change, anchor) in (number - u32::try_from(anchors.len()).expect("few")..).zip(anchors) {
                prop_assert!(text.get(anchor.range()).is_some(), "an anchor cuts no code point");
                for seam in draft.seams().iter().filter(|seam| seam.changes.contains(&change)) {
                    prop_assert_eq!(seam.original.hull(anchor), seam.original, "a change lies within its seam");
                }
            }
        }
        let mut seen: Vec<_> = draft.seams().iter().flat_map(|seam| seam.changes.clone()).collect();
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), all, "a change makes one seam");
    }

    #[test]
    fn the_notation_of_a_draft_can_be_typed_back((text, rounds) in (text(), rounds())) {
        let mut draft = Draft::new(&text);
        for wishes in &rounds {
            let edits = edits(draft.text(), wishes);
            draft.apply(edits.iter().map(|(at, with)| (*at, with.as_str(), 0)));
        }
        let notation = format!("{draft:?}");
        let typed = Draft::from_notation(&text, &notation).expect("what Debug writes can be read");
        prop_assert_eq!(typed.text(), draft.text());
        prop_assert_eq!(format!("{typed:?}"), notation);
    }
}

/// Applies edits round by round, each written as a draft of the text before.
fn after(source: &str, rounds: &[&[(usize, usize, &str)]]) -> String {
    let mut draft = Draft::new(source);
    for round in rounds {
        draft.apply(round.iter().map(|(start, end, with)| (Span::new(*start, *end), *with, 0)));
    }
    format!("{draft:?}")
}

#[test]
fn seams_fuse_only_if_they_overlap() {
    assert_eq!(after("abcdef", &[&[(1, 2, "x")], &[(2, 3, "y")]]), r#"1 1:"x" 1:"y" 3"#, "touching seams stay apart");
    assert_eq!(after("abcdef", &[&[(1, 3, "xyz")], &[(3, 5, "-")]]), r#"1 3:"xy-" 2"#, "overlapping ones become their hull");
    assert_eq!(after("abcdef", &[&[(1, 2, "")], &[(0, 2, "z")]]), r#"3:"z" 3"#, "a deletion inside an edit joins it");
    assert_eq!(after("abcdef", &[&[(1, 2, "")], &[(1, 1, "z")]]), r#"1 1:"" 0:"z" 4"#, "an insertion at a deletion comes after it");
    assert_eq!(after("abcdef", &[&[(1, 1, "y")], &[(2, 2, "z")]]), r#"1 0:"y" 0:"z" 5"#, "two insertions keep the order of their passes");
    assert_eq!(after("abcdef", &[&[(1, 1, "y")], &[(1, 2, "")]]), "6", "what one pass puts in and another takes out leaves no trace");
}

#[test]
fn a_notation_that_does_not_fit_the_source_is_refused() {
    for notation in ["2", "4", "1 x", "1:", "1:\"", "3 \"x\""] {
        assert!(Draft::from_notation("abc", notation).is_err(), "{notation}");
    }
    assert!(Draft::from_notation("é", "1 1").is_err(), "half a code point");
}
