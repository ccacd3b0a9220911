//! Scripted keys on a virtual screen.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color as Ink;

use super::draw::draw;
use super::state::{Flow, Mode, Screen};
use crate::args::{Cli, Color, Command};
use crate::console::Console;
use crate::review::{filter, order};
use emendo_core::prose::is_unseen;
use emendo_corpus::review::ReviewWorkspace;

const TEXTS: [(&str, &str); 3] = [
    ("news/a.txt", "Isrfael talks -- and the the end. He said: \"Isrfael is ready.\"\n\nIt went  on -- so it goes, said Isrfael.\n"),
    ("news/b.txt", "Isrfael and Isrfael -- it was the “end” of it.\n"),
    ("c.txt", "Nothing here.\u{200b} So  it is.\n"),
];

/// A project of its own, and a desk on it.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(texts: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in texts {
            let path = folder.path().join("corpus").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        Self { folder }
    }

    fn decisions(&self) -> PathBuf {
        self.folder.path().join("decisions.jsonl")
    }

    fn saved(&self) -> String {
        fs::read_to_string(self.decisions()).unwrap_or_default()
    }

    fn desk(&self, more: &[&str]) -> (ReviewWorkspace, Box<crate::args::ReviewArgs>) {
        let (corpus, decisions) = (self.folder.path().join("corpus"), self.decisions());
        let typed = ["emendo", "review", path(&corpus), "--isolated", "--by", "Ann", "--decisions", path(&decisions)];
        let cli = Cli::try_parse_from(typed.iter().chain(more)).expect("it is well typed");
        let Command::Review(args) = cli.command else { panic!("it is a review") };
        let desk = crate::review::open(&args, &mut Console::new(Color::Never))
            .map_err(|_| "refused")
            .expect("it opens")
            .expect("nobody interrupts");
        (desk, args)
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a name in UTF-8")
}

/// Keys as a script writes them: a name such as `Enter`, a text in quotation marks, or single characters.
fn keys(script: &str) -> Vec<(String, Vec<KeyEvent>)> {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let steps = script.split(' ').filter(|step| !step.is_empty());
    steps
        .map(|step| {
            let codes = match step {
                "Enter" => vec![plain(KeyCode::Enter)],
                "Esc" => vec![plain(KeyCode::Esc)],
                "Tab" => vec![plain(KeyCode::Tab)],
                "End" => vec![plain(KeyCode::End)],
                "PgDn" => vec![plain(KeyCode::PageDown)],
                "^U" => vec![KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)],
                text => text.replace('_', " ").chars().map(|c| plain(KeyCode::Char(c))).collect(),
            };
            (step.to_owned(), codes)
        })
        .collect()
}

fn picture(screen: &Screen<'_>, (width, height): (u16, u16)) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
    terminal.draw(|frame| draw(screen, frame)).expect("a screen in memory");
    terminal
}

fn lines(terminal: &Terminal<TestBackend>) -> String {
    let buffer = terminal.backend().buffer();
    let width = usize::from(buffer.area.width).max(1);
    let rows = buffer.content.chunks(width).map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
    rows.fold(String::new(), |all, row| all + row.trim_end() + "\n")
}

/// Plays a script and compares each picture with the one that is kept.
fn play(name: &str, size: (u16, u16), script: &str) -> String {
    let project = Project::new(&TEXTS);
    let (mut desk, args) = project.desk(&[]);
    let mut screen = Screen::new(&mut desk, filter(&args), order(&args), false);
    let mut played = format!("size {} × {}\n{}", size.0, size.1, lines(&picture(&screen, size)));
    for (step, codes) in keys(script) {
        for code in codes {
            screen.press(code).map_err(|_| "refused").expect("it is saved");
        }
        let _ = write!(played, "\n{} {step}\n{}", "=".repeat(8), lines(&picture(&screen, size)));
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens").join(format!("{name}.txt"));
    if std::env::var_os("EMENDO_RENEW").is_some() {
        fs::create_dir_all(kept.parent().expect("a folder")).expect("made");
        fs::write(&kept, &played).expect("written");
        panic!("{} was written: read it, and run again without EMENDO_RENEW", kept.display());
    }
    let expected = fs::read_to_string(&kept).unwrap_or_default();
    assert!(played == expected, "{name} shows something else than tests/screens/{name}.txt:\n{played}");
    project.saved()
}

fn told(saved: &str, member: &str) -> Vec<String> {
    let value =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("a line")[member].as_str().unwrap_or_default().to_owned();
    saved.lines().map(value).collect()
}

#[test]
fn places_groups_and_edits_are_decided_by_single_keys() {
    let saved = play("decide", (80, 24), "Enter a r Esc j A A j e ^U Israel Enter u u U");
    assert_eq!(told(&saved, "decision"), ["accept", "reject", "accept", "replace", "withdraw", "withdraw", "accept"]);
    assert_eq!(told(&saved, "scope"), ["here", "here", "everywhere", "here", "here", "everywhere", "everywhere"]);
}

#[test]
fn groups_are_filtered_ordered_and_sampled() {
    let saved = play("find", (80, 24), "/ rule:typos_Isrfael Enter S a a Esc Esc Esc o / is:odd Enter ^U nowhere Enter Esc ?");
    assert_eq!(told(&saved, "decision"), ["accept", "accept"]);
}

/// The keys, pressed on a screen that opens with these options; the last message, and the groups that are shown.
fn pressed(project: &Project, options: &[&str], script: &str) -> (String, Vec<usize>) {
    let (mut desk, args) = project.desk(options);
    let mut screen = Screen::new(&mut desk, filter(&args), order(&args), false);
    for (_, codes) in keys(script) {
        for code in codes {
            screen.press(code).map_err(|_| "refused").expect("it is saved");
        }
    }
    (screen.message.to_string(), screen.rows.iter().map(|row| row.group).collect())
}

#[test]
fn what_was_decided_before_a_sample_is_not_part_of_it() {
    let project = Project::new(&TEXTS);
    let (message, _) = pressed(&project, &[], "/ rule:typos/recurring_zone:none Enter A A S a");
    assert!(message.starts_with("Saved"), "one of several was read, so that there is no bound yet: {message}");
    assert!(!project.saved().contains("at 95 %"));
    let (message, _) = pressed(&project, &["--decided"], "/ ^U rule:typos/recurring_zone:none_is:decided Enter S a u a a a a");
    assert!(message.starts_with("4 of 4 right"), "each was read: {message}");
}

#[test]
fn a_filter_stays_within_the_share_of_a_reader() {
    let project = Project::new(&TEXTS);
    let shown = |share: &str, script: &str| pressed(&project, &["--share", share], script).1;
    let (ann, bob) = (shown("1/2", ""), shown("2/2", ""));
    assert!(!ann.is_empty() && !bob.is_empty());
    for script in ["/ is:decided Enter", "/ nowhere Enter Esc"] {
        assert_eq!((shown("1/2", script), shown("2/2", script)), (ann.clone(), bob.clone()), "{script}");
    }
}

#[test]
fn a_wide_screen_shows_both_lists_side_by_side() {
    let saved = play("wide", (140, 30), "t t w R R w A n seen Enter Tab Enter");
    assert_eq!(saved, told_twice(&saved), "nothing is saved twice");
}

/// The lines, each once.
fn told_twice(saved: &str) -> String {
    let mut lines: Vec<&str> = saved.split_inclusive('\n').collect();
    lines.dedup();
    lines.concat()
}

#[test]
fn neither_escape_nor_a_paste_decides() {
    let project = Project::new(&TEXTS);
    let (mut desk, args) = project.desk(&[]);
    for before in ["", "A", "e", "/", "n", "?", "S", "Enter", "Enter Enter", "w a", "w w r", "w e x Enter"] {
        let mut screen = Screen::new(&mut desk, filter(&args), order(&args), true);
        for (_, codes) in keys(before) {
            for code in codes {
                assert_eq!(screen.press(code).map_err(|_| ()), Ok(Flow::On));
            }
        }
        screen.paste("aArRuU\ny");
        for _ in 0..5 {
            assert_eq!(screen.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)).map_err(|_| ()), Ok(Flow::On));
        }
        assert!(matches!(screen.mode, Mode::Reading), "{before}");
        assert_eq!(project.saved(), "", "{before}");
    }
}

#[test]
fn it_fits_into_any_window() {
    let project = Project::new(&TEXTS);
    let (mut desk, args) = project.desk(&[]);
    for script in ["", "A", "e", "/", "?", "Enter Enter", "S", "/ nowhere Enter"] {
        let mut screen = Screen::new(&mut desk, filter(&args), order(&args), true);
        keys(script).into_iter().flat_map(|(_, codes)| codes).for_each(|code| drop(screen.press(code)));
        for size in [(0, 0), (1, 1), (19, 7), (20, 8), (21, 9), (40, 10), (79, 24), (80, 24), (109, 8), (110, 8), (111, 60), (300, 100)] {
            picture(&screen, size);
        }
    }
}

#[test]
fn nothing_hostile_reaches_the_screen() {
    let hostile = "Isrfael \u{1b}]0;x\u{7}\u{1b}[2J \u{202e}Isrfael\u{2066} <script> -- e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} \u{9b}1m\u{7f}\u{e0041}  x -- y\u{ad} Isrfael\u{feff} z\n";
    let long = format!("{} Isrfael {}\n", "\u{202e}a ".repeat(200_000), "word ".repeat(1000));
    let project = Project::new(&[("\u{1b}[31m\u{202e}n.txt", hostile), ("long.txt", &long)]);
    let (mut desk, args) = project.desk(&[]);
    let mut screen = Screen::new(&mut desk, filter(&args), order(&args), true);
    let groups = screen.rows.len();
    assert!(groups > 3);
    for _ in 0..groups.min(6) {
        for (_, codes) in keys("Enter t Enter j Esc t t e Esc Esc j") {
            for code in codes {
                assert_eq!(screen.press(code).map_err(|_| ()), Ok(Flow::On));
            }
            for size in [(80, 24), (140, 40)] {
                for cell in &picture(&screen, size).backend().buffer().content {
                    let symbol = cell.symbol();
                    assert!(symbol.chars().all(|c| !is_unseen(c)), "{symbol:?}");
                }
            }
        }
    }
}

#[test]
fn without_colours_there_is_none() {
    let project = Project::new(&TEXTS);
    let (mut desk, args) = project.desk(&[]);
    for colour in [false, true] {
        let screen = Screen::new(&mut desk, filter(&args), order(&args), colour);
        let terminal = picture(&screen, (80, 24));
        let is_plain = terminal.backend().buffer().content.iter().all(|cell| cell.fg == Ink::Reset && cell.bg == Ink::Reset);
        assert_eq!(is_plain, !colour);
        assert!(lines(&terminal).contains("[-Isrfael-]{+Israel+}"), "colours are never the only sign");
    }
}

#[test]
fn what_cannot_be_seen_is_edited_by_its_name() {
    let project = Project::new(&[("a.txt", "So it is.\u{200b} Isrfael talks.\n")]);
    let (mut desk, args) = project.desk(&[]);
    let mut screen = Screen::new(&mut desk, filter(&args), order(&args), false);
    for (_, codes) in keys("/ rule:typos Enter e ^U a⟦U+00A0⟧b⏎ ⟦ Enter") {
        for code in codes {
            assert_eq!(screen.press(code).map_err(|_| ()), Ok(Flow::On));
        }
    }
    assert!(screen.message.contains('⟧') && matches!(screen.mode, Mode::Typing(..)), "{}", screen.message);
    assert!(lines(&picture(&screen, (80, 24))).contains("a⟦U+00A0⟧b⏎⟦"));
    for code in [KeyCode::Backspace, KeyCode::Enter] {
        assert_eq!(screen.press(KeyEvent::new(code, KeyModifiers::NONE)).map_err(|_| ()), Ok(Flow::On));
    }
    assert_eq!(told(&project.saved(), "with"), ["a\u{a0}b\n"]);
}

#[test]
fn a_document_is_cleaned_with_what_counts_alone() {
    let project = Project::new(&[("a.txt", "Isrfael talks.\n")]);
    let line = r#"{"schema_version":1,"decision":"accept","width":"everywhere","rule":"typos/recurring/Isrfael","before":"Isrfael","after":"Israel"}"#;
    fs::write(project.decisions(), format!("{line}\n")).expect("written");
    let cleaned = |more: &[&str]| {
        let (mut desk, _) = project.desk(more);
        let cleaned = desk.document(0).map_err(|_| "refused").expect("it is read").expect("it is there");
        let text = cleaned.documents().next().and_then(|document| document.text().map(str::to_owned));
        text.expect("it has a text")
    };
    assert_eq!(cleaned(&["--policy", "ask"]), "Israel talks.\n");
    assert_eq!(cleaned(&["--profile", "evidence"]), "Isrfael talks.\n", "nobody accepted it by name");
}
