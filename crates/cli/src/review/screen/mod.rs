//! The screen of `emendo review`: shows what there is to decide and decides by single keys.

mod draw;
mod filter_line;
mod keys;
mod state;
#[cfg(test)]
mod tests;
mod texts;

use std::io::{self, Stdout, stdout};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyEventKind};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};

use self::state::{Flow, Screen};
use super::decide::new_questions;
use super::grouped;
use crate::args::ReviewArgs;
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::interrupt::is_interrupted;
use crate::outcome::ExitStatus;
use emendo_corpus::report::escape;
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::shown;

/// How long the screen waits for a key before it looks for signals and for what others have decided.
const WAIT: Duration = Duration::from_millis(250);

/// Shows the screen until the reader leaves it.
pub fn run(desk: &mut ReviewWorkspace, args: &ReviewArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    if desk.session.items().is_empty() {
        console.out("There is nothing to decide.\n")?;
        return Ok(ExitStatus::Done);
    }
    let mut screen = Screen::new(desk, super::filter(args), super::order(args), console.has_colours());
    let ended = show(&mut screen);
    let saved = screen.saved;
    // Also when the screen ended with an error: what was saved is saved.
    let (decided, asked) = desk.session.progress();
    console.out(shown!(
        "{} saved in {}; {} of {} decided\n",
        counted(saved, "decision"),
        escape(&desk.file()),
        grouped(decided),
        counted(asked, "question")
    ))?;
    let flow = ended?;
    let new = desk.new_questions()?;
    if new > 0 {
        console.out(new_questions(new))?;
    }
    Ok(if flow == Flow::Interrupted { ExitStatus::Interrupted } else { ExitStatus::Done })
}

fn show(screen: &mut Screen<'_>) -> Result<Flow, CommandError> {
    let mut terminal = OwnScreen::enter()?;
    // Several keys may have come at once: crossterm keeps those that it has not handed on, and the terminal has nothing then.
    let mut pause = Duration::ZERO;
    loop {
        terminal.terminal.draw(|frame| draw::draw(screen, frame))?;
        if is_interrupted() {
            return Ok(Flow::Interrupted);
        }
        if !wait(pause)? {
            return Ok(Flow::Interrupted);
        }
        if !event::poll(Duration::ZERO)? {
            screen.look_for_news()?;
            pause = WAIT;
            continue;
        }
        pause = Duration::ZERO;
        let flow = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => screen.press(key)?,
            Event::Paste(text) => {
                screen.paste(&text);
                Flow::On
            }
            _ => Flow::On,
        };
        match flow {
            Flow::On => {}
            Flow::Suspend => {
                drop(terminal);
                suspend();
                terminal = OwnScreen::enter()?;
            }
            Flow::Leave | Flow::Interrupted => return Ok(flow),
        }
    }
}

/// Waits for a key, a signal, or for so long, less than a second. Whether the terminal is still there: crossterm reads for ever from one that
/// went away.
#[cfg(unix)]
fn wait(pause: Duration) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let keys = io::stdin();
    let mut fds = [PollFd::new(&keys, PollFlags::IN)];
    let time = Timespec { tv_sec: 0, tv_nsec: pause.subsec_nanos().into() };
    match poll(&mut fds, Some(&time)) {
        Ok(_) => Ok(!fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)),
        Err(rustix::io::Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn wait(pause: Duration) -> io::Result<bool> {
    event::poll(pause).map(|_| true)
}

/// The terminal while the screen has it. It is given back however the screen ends.
struct OwnScreen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl OwnScreen {
    fn enter() -> io::Result<Self> {
        enable_raw_mode()?;
        let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste);
        let terminal = entered.and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        if terminal.is_err() {
            leave();
        }
        Ok(Self { terminal: terminal? })
    }
}

impl Drop for OwnScreen {
    fn drop(&mut self) {
        drop(self.terminal.show_cursor());
        leave();
    }
}

fn leave() {
    drop(execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen));
    drop(disable_raw_mode());
}

/// Stops, as Ctrl-Z does, until the shell goes on with it.
#[cfg(unix)]
fn suspend() {
    // Without it the key does nothing.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
}

#[cfg(not(unix))]
fn suspend() {}
