//! Where everything that a person reads goes out.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::AtomicBool;

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use super::interrupt;
use emendo_corpus::batch::RunObserver;
use emendo_corpus::report::{Visible, escape_html, escape_json};
use emendo_corpus::shown;

/// Standard output and standard error, with colours only where they are wanted.
pub struct Console {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    progress: bool,
}

impl Console {
    /// The console of this process.
    pub fn new(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let progress = io::stderr().is_terminal() && color != Color::Never;
        Self { out: AutoStream::new(io::stdout(), choice), err: AutoStream::new(io::stderr(), choice), progress }
    }

    /// Writes to standard output. The compiler knows that the text is safe to show: see [`emendo_corpus::report::VisibleText`].
    pub fn out(&mut self, text: impl Visible) -> io::Result<()> {
        write!(self.out, "{text}")
    }

    /// Writes JSON to standard output, which may be a terminal all the same.
    pub fn json(&mut self, json: &str) -> io::Result<()> {
        self.out(escape_json(json))
    }

    /// Writes a page to standard output, which may be a terminal all the same.
    pub fn html(&mut self, page: &str) -> io::Result<()> {
        self.out(escape_html(page))
    }

    /// Writes to standard error, where nobody may be listening.
    pub fn err(&mut self, text: impl Visible) {
        drop(write!(self.err, "{text}"));
    }

    /// Writes bytes to standard output as they are: a cleaned text on its way through a pipe.
    pub fn raw(bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Whether standard output is a terminal, where a text must not be written as it is.
    pub fn out_is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// Whether standard output is to have colours.
    #[cfg(feature = "screen")]
    pub fn has_colours(&self) -> bool {
        self.out.current_choice() != ColorChoice::Never
    }

    /// Whether the terminal can show no more than lines.
    #[expect(clippy::disallowed_methods, reason = "it is what the terminal says of itself")]
    pub fn terminal_is_dumb() -> bool {
        std::env::var("TERM").is_ok_and(|terminal| terminal == "dumb")
    }

    /// Sends on what is still held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Progress is told on a terminal, and a signal stops a run.
impl RunObserver for Console {
    fn progress(&mut self, done: usize, of: usize) {
        if self.progress {
            self.err(shown!("\r\u{1b}[K{} of {} files", done, of));
        }
    }

    fn progress_done(&mut self) {
        if self.progress {
            self.err("\r\u{1b}[K");
        }
    }

    fn stop(&self) -> Option<&'static AtomicBool> {
        Some(interrupt::interrupted())
    }
}
