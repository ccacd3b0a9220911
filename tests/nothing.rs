//! The law *nothing*: an article with nothing to fix is borrowed, and not one byte is allocated.

use std::alloc::{GlobalAlloc, Layout, System};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use emendo_core::review::{Bound, Decisions};
use emendo_core::rules::{Caps, PassName, Policy, Style};
use emendo_core::{
    Cleaner,
    chain::Chain,
    clean::clean,
    document::{Document, DocumentField},
};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[expect(unsafe_code, reason = "an allocator cannot be written without; it only counts")]
// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

/// Straight marks, umlauts, dashes, a table, an address: all that the passes look at and leave.
static CLEAN: &str = "\"A gap,\" Volker Türk said – one of 'very' many – \"remains.\"\n\nSee https://example.org/a--b; Hamas' answer isn't there yet.\n\nName    Age\nAnna    31\nBo      9\n";

fn assert_nothing(chain: &Chain) {
    assert_nothing_with(chain, &Bound::default());
}

fn assert_nothing_with(chain: &Chain, decisions: &Bound<'_>) {
    let fields = [DocumentField { name: "title".into(), text: &CLEAN[..8], start: 0 }];
    let document = Document { lang: Some("en"), fields: &fields, ..Document::new("a.txt", CLEAN) };
    let run = || {
        let cleaned = clean(&document, chain, decisions).expect("no pass leaves its contract");
        assert!(matches!(cleaned.text, Some(Cow::Borrowed(text)) if std::ptr::eq(text, CLEAN)), "{cleaned:?}");
        assert!(cleaned.changes.is_empty(), "{:?}", cleaned.changes);
    };
    // The first search of a thread fills the regex engine's caches.
    run();
    assert_eq!(allocations(run), 0);
}

#[test]
fn with_every_pass_off_nothing_is_allocated() {
    let knowledge = emendo_core::rules::load_shipped();
    let off = Caps { caps: vec![(None, Policy::Off)] };
    assert_nothing(&Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &off));
}

#[test]
fn for_a_text_with_nothing_to_fix_nothing_is_allocated() {
    let knowledge = emendo_core::rules::load_shipped();
    assert_nothing(&Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps::default()));
}

/// What people decided about other changes and whole rules costs nothing where nothing fires.
#[test]
fn with_decisions_that_are_about_no_document_nothing_is_allocated() {
    let knowledge = emendo_core::rules::load_shipped();
    let chain = Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps::default());
    let rule = chain.rules().by_id("typos/recurring/Isrfael").expect("it is shipped").digest();
    let everywhere = "{\"schema_version\":2,\"decision\":\"reject\",\"scope\":\"everywhere\",\"rule\":\"typos/recurring/Isrfael\",\"before\":\"Isrfael\",\"after\":\"Israel\",\"zones\":[\"none\"]}\n";
    let whole = format!(
        "{{\"schema_version\":2,\"decision\":\"reject\",\"scope\":\"rule\",\"rule\":\"typos/recurring/Isrfael\",\"rule_digest\":\"{rule}\"}}\n"
    );
    let of_0_1 = everywhere.replace("\"schema_version\":2", "\"schema_version\":1").replace("scope", "width").replace("reject", "accept");
    let decisions = Decisions::parse(&[everywhere, &whole, &of_0_1].concat()).expect("good lines");
    assert!(!decisions.is_empty() && !decisions.has_documents());
    let document = Document { lang: Some("en"), ..Document::new("a.txt", CLEAN) };
    assert_nothing_with(&chain, &decisions.bind(&document, chain.rules()));
    // They are not even looked at for a document, as long as none is about a whole rule.
    for decisions in [Decisions::default(), Decisions::parse(everywhere).expect("a good line")] {
        let bind = || drop(std::hint::black_box(decisions.bind(&document, chain.rules())));
        assert_eq!(allocations(bind), 0);
        assert_nothing_with(&chain, &decisions.bind(&document, chain.rules()));
        let cleaner = Cleaner::new(
            Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps::default()),
            Vec::new(),
            decisions,
            None,
        );
        let run = || assert!(cleaner.clean(&document).expect("no pass leaves its contract").changes.is_empty());
        run();
        assert_eq!(allocations(run), 0, "from the decisions to the text");
    }
}

#[test]
fn each_pass_allocates_nothing() {
    for only in PassName::ALL {
        let knowledge = emendo_core::rules::load_shipped();
        let others = PassName::ALL.into_iter().filter(|pass| *pass != only).map(|pass| (Some(pass), Policy::Off));
        assert_nothing(&Chain::new(
            Arc::new(knowledge.rules.in_style(Style::Straight)),
            &knowledge.chain,
            &Caps { caps: others.collect() },
        ));
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1_u8]))), 1);
}
