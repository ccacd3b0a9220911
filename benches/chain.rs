//! Each pass and the whole chain, on generated text and on a corpus.
//!
//! `EMENDO_BENCH_CORPUS=DIR cargo bench` adds the text files below DIR, at most 16 MB of them.
#![allow(missing_docs, reason = "criterion's macros write no docs")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use emendo_core::review::Bound;
use emendo_core::rules::{Caps, Case, Find, PassName, Policy, Rule, RuleSet, Style, packs};
use emendo_core::{chain::Chain, clean::clean, document::Document};

/// Prose from a fixed seed. One sentence in `dirt` holds something to fix; none if 0.
fn prose(bytes: usize, dirt: u64) -> String {
    const WORDS: [&str; 24] = [
        "the",
        "talks",
        "in",
        "Cairo",
        "were",
        "said",
        "to",
        "go",
        "on",
        "after",
        "mediators",
        "met",
        "officials",
        "from",
        "both",
        "sides",
        "of",
        "a",
        "town",
        "on Tuesday",
        "people",
        "Volker Türk",
        "Hamas'",
        "ceasefire",
    ];
    const DIRT: [&str; 7] =
        ["“very large”", "Isrfael’s", "two  spaces", "zero\u{200b}width", "Tu\u{308}rk", "Anthony Blinken", "tail  \t\n"];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        // xorshift64* (Vigna, 2016): any even spread will do, as long as it is the same each time.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        usize::try_from(state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).expect("31 bits") % below
    };
    let mut text = String::with_capacity(bytes + 256);
    while text.len() < bytes {
        for at in 0..8 + next(12) {
            text.push_str(if at == 0 { "" } else { " " });
            text.push_str(WORDS[next(WORDS.len())]);
        }
        if dirt > 0 && next(usize::try_from(dirt).expect("small")) == 0 {
            text.push(' ');
            text.push_str(DIRT[next(DIRT.len())]);
        }
        text.push_str(if next(6) == 0 { ".\n\n" } else { ". " });
    }
    text
}

fn corpus() -> Option<String> {
    let root = std::env::var_os("EMENDO_BENCH_CORPUS")?;
    let mut files: Vec<_> =
        ignore::Walk::new(root).filter_map(Result::ok).map(ignore::DirEntry::into_path).filter(|path| path.is_file()).collect();
    files.sort();
    let mut text = String::new();
    for file in files {
        if text.len() < 16 << 20 {
            text.push_str(&std::fs::read_to_string(file).unwrap_or_default());
        }
    }
    Some(text)
}

/// Only this pass, or all of them.
fn chain(only: Option<PassName>) -> Chain {
    let knowledge = emendo_core::rules::load_shipped();
    let caps =
        PassName::ALL.into_iter().filter(|pass| only.is_some_and(|only| only != *pass)).map(|pass| (Some(pass), Policy::Off)).collect();
    Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps { caps })
}

fn bench(c: &mut Criterion) {
    let mut texts =
        vec![("clean", prose(1 << 20, 0)), ("one sentence in 50 dirty", prose(1 << 20, 50)), ("each sentence dirty", prose(1 << 20, 1))];
    texts.extend(corpus().map(|text| ("corpus", text)));
    let chains = PassName::ALL.map(|pass| (pass.name(), chain(Some(pass)))).into_iter().chain([("chain", chain(None))]);
    for (name, chain) in chains {
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        for (kind, text) in &texts {
            let document = Document { lang: Some("en"), ..Document::new("bench.txt", text) };
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(kind), text, |b, _| {
                b.iter(|| clean(black_box(&document), &chain, &Bound::default()));
            });
        }
        group.finish();
    }
}

/// The whole chain with so many rows of words more: real misspellings, then made-up ones.
fn chain_with(rows: usize) -> Chain {
    let pack = packs::named(["english"]).expect("the pack is there")[0];
    let knowledge = emendo_core::rules::load(true, &[pack.dir()]).expect("the pack has no errors");
    let is_of_pack = |rule: &Rule| rule.id.starts_with("typos/english/");
    let (of_pack, mut rules): (Vec<Rule>, Vec<Rule>) = knowledge.rules.iter().map(|(_, rule)| rule.clone()).partition(is_of_pack);
    // Letters in the order of a fixed seed, no two words alike.
    let made_up = (0_u64..).map(|number| {
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << 40;
        let word: String = std::iter::from_fn(|| {
            let letter = char::from(b'a' + u8::try_from(state % 26).expect("a letter"));
            state /= 26;
            (state > 0).then_some(letter)
        })
        .take(10)
        .collect();
        Rule::new(
            PassName::TYPOS,
            &format!("typos/made/{word}"),
            Find::Words { wrong: word.into(), right: "word".into(), case: Case::Copy },
        )
    });
    rules.extend(of_pack.into_iter().chain(made_up).take(rows));
    Chain::new(Arc::new(RuleSet::new(rules).in_style(Style::Straight)), &knowledge.chain, &Caps::default())
}

/// The cost of a table by the number of its rows, on the same text.
fn tables(c: &mut Criterion) {
    let text = corpus().unwrap_or_else(|| prose(4 << 20, 50));
    let document = Document { lang: Some("en"), ..Document::new("bench.txt", &text) };
    let mut group = c.benchmark_group("rows of a table");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    for rows in [10, 1_000, 100_000, 1_000_000] {
        let chain = chain_with(rows);
        group.bench_function(BenchmarkId::from_parameter(rows), |b| {
            b.iter(|| clean(black_box(&document), &chain, &Bound::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, bench, tables);
criterion_main!(benches);
