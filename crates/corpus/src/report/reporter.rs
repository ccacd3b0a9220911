//! From what was cleaned to what is reported: names for the outputs, and who repeats whom.

use std::borrow::Cow;
use std::sync::Arc;

use super::{DocumentReport, KeptRules, ProblemReport, SliceReport, SourceReport, Summary};
use crate::batch::{Input, InputContent};
use crate::disk;
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource, Cleaner, Content};
use emendo_core::input::{Encoding, encode};

/// Makes the report of one source after the other, in order.
pub struct Reporter<'c> {
    rules: Arc<KeptRules<'c>>,
}

impl<'c> Reporter<'c> {
    /// Reports what this cleaner does.
    pub fn new(cleaner: &'c Cleaner) -> Self {
        Self { rules: Arc::new(KeptRules::new(cleaner.chain().rules())) }
    }

    /// The rules, to be kept if they propose something.
    pub fn rules(&self) -> &KeptRules<'c> {
        &self.rules
    }

    /// Counts an input, and reports it if it is a source that was read.
    pub fn count<'a>(&mut self, input: &'a Input<'_>, summary: &mut Summary) -> Option<SourceReport<'a>>
    where
        'c: 'a,
    {
        match &input.what {
            InputContent::Skipped { why } => summary.skip(why),
            InputContent::Unread { kind, reason } => summary.problem(&input.entry.name, 0, *kind, reason),
            InputContent::Read { bytes, report } => match self.report(report, bytes) {
                Some(report) => {
                    summary.add(&report);
                    return Some(report);
                }
                // The manifest says of each why.
                None => summary.skip("not text"),
            },
        }
        None
    }

    /// The report of a source; nothing if it is no text.
    pub fn report<'a>(&mut self, source: &'a CleanedSource, bytes: &'a [u8]) -> Option<SourceReport<'a>>
    where
        'c: 'a,
    {
        let name = source.name.as_str();
        let mut report = SourceReport {
            name,
            bytes,
            digest: Cow::Borrowed(&source.digest),
            encoding: None,
            detected: false,
            bom: false,
            text: "",
            slices: Vec::new(),
            record_path: disk::record_name(name),
            stale: Vec::new(),
            used: Vec::new(),
            opened: 0,
            rules: Arc::clone(&self.rules),
        };
        match &source.content {
            Content::NotText(_) => return None,
            Content::Undecodable(problem) => {
                let path = disk::problem_name(name, 1, true);
                report.slices.push(SliceReport::Problem(ProblemReport { number: 1, problem, bytes: Cow::Borrowed(bytes), path }));
            }
            Content::Text(text) => {
                report.encoding = Some(text.encoding);
                report.detected = text.detected;
                report.bom = text.bom;
                report.text = &text.text;
                report.stale.clone_from(&text.stale);
                report.used.clone_from(&text.used);
                report.opened = text.opened;
                let many = text.slices.len() > 1;
                for (at, slice) in text.slices.iter().enumerate() {
                    report.slices.push(match slice {
                        CleanedSlice::Document(article) => SliceReport::Document(Self::document(article, name, at + 1, many)),
                        CleanedSlice::Problem(problem) => {
                            let raw = &text.text[problem.slice.range()];
                            let bytes = if text.encoding == Encoding::Utf8 {
                                Cow::Borrowed(raw.as_bytes())
                            } else {
                                Cow::Owned(encode(raw, text.encoding))
                            };
                            SliceReport::Problem(ProblemReport {
                                number: at + 1,
                                problem,
                                bytes,
                                path: disk::problem_name(name, at + 1, !many),
                            })
                        }
                    });
                }
            }
        }
        Some(report)
    }

    fn document<'a>(document: &'a CleanedDocument, name: &str, number: usize, many: bool) -> DocumentReport<'a> {
        let text_path = disk::text_name(name, number, many);
        let diff_path = disk::diff_name(&text_path);
        DocumentReport {
            number,
            layout: &document.layout,
            cleaned: &document.cleaned,
            words: document.words,
            digest: document.digest,
            text_digest: document.cleaned_digest,
            text_path,
            diff_path,
        }
    }
}
