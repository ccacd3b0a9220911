//! Taking back many decisions at once.

use super::decision::{Decision, LineId, Verdict};
use super::decisions::{Decisions, Replaced};
use super::session::Reader;

/// A line that is taken back, and what to add to the file for that.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    /// The line, as it stands in the file: its number.
    pub line: usize,
    /// What it says.
    pub decision: Decision,
    /// The decisions to add: a withdrawal, or what stood before it, which stands again.
    pub added: Vec<Decision>,
}

/// What taking back the decisions comes to that `fits` tells, of those that count.
///
/// What such a decision had replaced stands again, if that does not fit itself: so that everything is as it was without
/// those that fit. A decision that stands again stays its reader's, with its time.
pub fn withdrawing(decisions: &Decisions, fits: impl Fn(&Decision) -> bool, reader: &Reader) -> Vec<Withdrawn> {
    let replaced = decisions.replaced();
    let counting = decisions.iter().zip(decisions.with_ids());
    let fitting = counting.filter(|((_, decision), _)| fits(decision));
    fitting
        .map(|((line, decision), (id, _))| {
            let (earlier, instead_of) = earlier(&replaced, (line, id, decision), &fits);
            let added = if earlier.is_empty() {
                let Reader { who, when, note } = reader.clone();
                vec![Decision { decision: Verdict::Withdraw, with: None, who, when, note, instead_of, ..decision.clone() }]
            } else {
                earlier.into_iter().map(|earlier| Decision { instead_of: instead_of.clone(), ..earlier.clone() }).collect()
            };
            Withdrawn { line, decision: decision.clone(), added }
        })
        .collect()
}

/// What a decision has replaced, and what that had replaced where it fits too; and the ids of all that fit.
fn earlier<'d>(
    replaced: &Replaced<'d>,
    (line, id, decision): (usize, &'d LineId, &'d Decision),
    fits: &impl Fn(&Decision) -> bool,
) -> (Vec<&'d Decision>, Vec<LineId>) {
    let (mut found, mut fitting, mut open) = (Vec::new(), vec![id.clone()], vec![(line, decision)]);
    while let Some((line, decision)) = open.pop() {
        for (line, id, earlier) in replaced.by(line, decision) {
            if fitting.contains(id) {
                continue;
            }
            if fits(earlier) {
                fitting.push(id.clone());
                open.push((line, earlier));
            } else if earlier.decision != Verdict::Withdraw {
                found.push(earlier);
            }
        }
    }
    (found, fitting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(verdict: &str, who: &str, when: &str, instead_of: &[&str]) -> String {
        let ids: Vec<_> = instead_of.iter().map(|line| LineId::of(line)).collect();
        let line = serde_json::json!({
            "schema_version": 1, "decision": verdict, "width": "everywhere", "rule": "typos/x", "before": "a", "after": "b",
            "who": who, "when": when, "instead_of": ids,
        });
        format!("{line}\n")
    }

    /// The verdicts that count, with whose they are, once all since a time is taken back.
    fn since(file: &str, time: &str) -> Vec<(Verdict, String)> {
        let decisions = Decisions::parse(file).expect("the lines are good");
        let reader = Reader { who: Some("Eve".to_owned()), when: Some("9".to_owned()), note: None };
        let fits = |decision: &Decision| decision.when.as_deref().is_some_and(|when| when >= time);
        let added: String =
            withdrawing(&decisions, fits, &reader).iter().flat_map(|withdrawn| &withdrawn.added).map(Decision::line).collect();
        let after = Decisions::parse(&[file, &added].concat()).expect("the lines are good");
        after.iter().map(|(_, decision)| (decision.decision, decision.who.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn what_a_decision_replaced_stands_again() {
        let first = line("accept", "Ann", "1", &[]);
        let by_key = line("reject", "Ann", "2", &[]);
        let named = line("reject", "Ann", "2", &[&first]);
        let ann = |verdict| vec![(verdict, "Ann".to_owned())];
        for second in [&by_key, &named] {
            let file = [&*first, second].concat();
            assert_eq!(since(&file, "2"), ann(Verdict::Accept));
            assert_eq!(since(&file, "1"), [], "both are taken back");
            assert_eq!(since(&file, "3"), ann(Verdict::Reject), "nothing fits");
            let third = line("accept", "Ann", "3", &[second]);
            assert_eq!(since(&[&*file, &third].concat(), "3"), ann(Verdict::Reject));
            assert_eq!(since(&[&*file, &third].concat(), "2"), ann(Verdict::Accept), "the first of three");
        }
    }

    #[test]
    fn what_was_withdrawn_before_stays_so_and_others_keep_theirs() {
        let first = line("accept", "Ann", "1", &[]);
        let back = line("withdraw", "Ann", "2", &[&first]);
        let again = line("accept", "Ann", "3", &[&back]);
        let bob = line("reject", "Bob", "3", &[]);
        let file = [&*first, &back, &again].concat();
        assert_eq!(since(&file, "3"), []);
        assert_eq!(since(&[&*first, &bob].concat(), "2"), [(Verdict::Accept, "Ann".to_owned())]);
        assert_eq!(since(&file, "2"), [(Verdict::Accept, "Ann".to_owned())]);
    }
}
