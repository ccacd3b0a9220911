//! The screen of `emendo review` in a real terminal, killed between a key and its picture: what the screen called saved is
//! in the file, and the file can be read and added to.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use emendo_core::review::Decisions;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// How often it is killed; `EMENDO_KILLS` asks for more.
const KILLS: usize = 12;
/// How long a picture may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A review in a terminal of its own.
struct Terminal {
    child: Child,
    keys: File,
    pictures: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn start(project: &Path) -> Self {
        let (child, keys) = start(project);
        let mut reading = keys.try_clone().expect("a handle");
        let (send, pictures) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Ends with an error once the other side is closed.
            while let Ok(count @ 1..) = reading.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, pictures, seen: String::new() }
    }
    /// Waits until the screen has shown this.
    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let bytes = self.pictures.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{text:?} in {:?}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it listens");
    }

    /// Kills it. Gives all that it has ever shown.
    fn kill(mut self) -> String {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it runs");
        while let Ok(bytes) = self.pictures.recv_timeout(Duration::from_millis(20)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        self.seen
    }
}

/// A review in a terminal of its own, and that terminal.
fn start(project: &Path) -> (Child, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
    let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size).expect("a size");
    let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("a name in UTF-8");
    let other_side = || Stdio::from(File::options().read(true).write(true).open(&name).expect("the other side"));
    // As its controlling terminal, which tells by a signal that it goes away.
    let mut command = Command::new("setsid");
    command
        .args(["--ctty", env!("CARGO_BIN_EXE_emendo"), "review", "in", "--by", "Ann"])
        .current_dir(project)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR");
    let child = command.stdin(other_side()).stdout(other_side()).stderr(other_side()).spawn().expect("it starts");
    (child, File::from(master))
}

fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("in")).expect("made");
    fs::write(folder.path().join("emendo.toml"), "").expect("written");
    fs::write(folder.path().join("in/a.txt"), text).expect("written");
    folder
}

#[test]
fn nothing_that_was_called_saved_is_lost_to_a_kill() {
    let wanted = std::env::var_os("EMENDO_KILLS").and_then(|kills| kills.to_str()?.parse().ok());
    let kills = wanted.unwrap_or(KILLS);
    let folder = project(&"It was so -- and so it was.\n\n".repeat(kills + 8));
    let file = folder.path().join("decisions.jsonl");
    let (mut before, mut told) = (0, 0);
    for kill in 0..kills {
        let mut terminal = Terminal::start(folder.path());
        terminal.wait_for("decided");
        terminal.press("a");
        std::thread::sleep(Duration::from_micros(u64::try_from(kill * 7919 % 6000).expect("a short time")));
        let seen = terminal.kill();
        let text = fs::read_to_string(&file).unwrap_or_default();
        let decisions = Decisions::parse(&text).unwrap_or_else(|bad| panic!("{bad:?} in {text}"));
        let was_told = seen.contains("Saved: accept");
        told += usize::from(was_told);
        assert!(decisions.len() >= before + usize::from(was_told), "{} lines after {before}: {seen:?}", decisions.len());
        assert!(decisions.len() <= before + 1);
        before = decisions.len();
    }
    assert!(before > 0, "no key was ever in time");
    assert!(told > 0 || kills < 50, "no picture was ever in time");
    let last = fs::read_to_string(&file).expect("it is there");
    // A torn line goes with the next one that is added.
    let mut terminal = Terminal::start(folder.path());
    terminal.wait_for("decided");
    terminal.press("a");
    terminal.wait_for("Saved: accept");
    terminal.kill();
    let text = fs::read_to_string(&file).expect("it is there");
    let whole = &last[..last.rfind('\n').map_or(0, |end| end + 1)];
    assert!(text.starts_with(whole) && text.ends_with('\n') && text.lines().count() == whole.lines().count() + 1);
}

#[test]
fn the_terminal_is_given_back() {
    let folder = project("It was so -- and so it was.\n");
    for (keys, code) in [("q", 0), ("\u{3}", 0)] {
        let mut terminal = Terminal::start(folder.path());
        terminal.wait_for("decided");
        terminal.press(keys);
        terminal.wait_for("\u{1b}[?1049l");
        terminal.wait_for("0 decisions saved in decisions.jsonl; 0 of 1 question decided");
        assert_eq!(terminal.child.wait().expect("it ends").code(), Some(code));
    }
    let mut terminal = Terminal::start(folder.path());
    terminal.wait_for("decided");
    let id = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
    terminal.wait_for("\u{1b}[?1049l");
    assert_eq!(terminal.child.wait().expect("it ends").code(), Some(130));
    // A file that cannot be written ends the screen, and says why behind it.
    fs::create_dir(folder.path().join("decisions.jsonl")).expect("made");
    let mut refused = Command::new(env!("CARGO_BIN_EXE_emendo"));
    let refused = refused.args(["review", "in"]).current_dir(folder.path()).stdin(Stdio::null()).output().expect("it starts");
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn it_ends_when_the_terminal_goes_away() {
    let folder = project("It was so -- and so it was.\n");
    let (mut child, mut terminal) = start(folder.path());
    let mut seen = String::new();
    while !seen.contains("decided") {
        let mut bytes = [0; 4096];
        let count = terminal.read(&mut bytes).expect("it draws");
        seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    drop(terminal);
    for _ in 0..600 {
        if let Some(status) = child.try_wait().expect("it is a child") {
            assert_ne!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().expect("it runs");
    panic!("it goes on without a terminal");
}
