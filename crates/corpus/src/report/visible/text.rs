//! Text that may be shown, held by a type that only this folder can make of foreign text.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::{Add, Deref};
use std::slice::SliceIndex;

use anstyle::Style;
use emendo_core::edit::{ChangeId, Zone};
use emendo_core::prose::LineColumn;
use emendo_core::review::sampling::CheckedSample;
use emendo_core::review::session::DecisionEffect;
use emendo_core::rules::{PassName, Policy};
use serde::{Serialize, Serializer};

/// Text that a terminal, a page or a table may show as it is.
///
/// Foreign text becomes one by [`escape`](super::escape) and its kin, our own words by being written into the program. Pieces
/// are put together with [`shown!`](crate::shown), [`show!`](crate::show) and [`showln!`](crate::showln), which take what is
/// [`Visible`] and nothing else:
///
/// ```
/// use emendo_corpus::report::{VisibleText, escape};
/// use emendo_corpus::{shown, showln};
///
/// let name = String::from("a\u{1B}[2J");
/// let width = 30;
/// let mut text: VisibleText = shown!("{:<width$}|{:>3}", escape(&name), 7, width = width);
/// assert_eq!(text, "a⟦U+001B ESCAPE⟧[2J           |  7");
/// showln!(text, " {}", "ours");
/// text.push("and ours\n");
/// ```
///
/// A text that was not escaped does not compile:
///
/// ```compile_fail,E0597
/// let name = String::from("a\u{1B}[2J");
/// emendo_corpus::shown!("{}", name.as_str());
/// ```
///
/// ```compile_fail,E0277
/// let name = String::from("a\u{1B}[2J");
/// emendo_corpus::shown!("{}", name);
/// ```
///
/// ```compile_fail,E0277
/// emendo_corpus::shown!("{}", 'c');
/// ```
///
/// ```compile_fail
/// let name = "a";
/// emendo_corpus::shown!("{name}");
/// ```
///
/// ```compile_fail,E0521
/// fn told(name: &str) -> emendo_corpus::report::VisibleText {
///     name.into()
/// }
/// ```
///
/// ```compile_fail,E0423
/// let name = String::from("a\u{1B}[2J");
/// emendo_corpus::report::VisibleText(name.into());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisibleText(Cow<'static, str>);

impl VisibleText {
    /// What was just escaped.
    pub(super) fn of_shown(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// What [`shown!`](crate::shown) needs: it has looked at each argument.
    #[doc(hidden)]
    pub fn of_seen(seen: fmt::Arguments<'_>) -> Self {
        seen.as_str().map_or_else(|| Self(Cow::Owned(seen.to_string())), Self::from)
    }

    /// What [`show!`](crate::show) and [`showln!`](crate::showln) need: they have looked at each argument.
    #[doc(hidden)]
    pub fn append_seen(&mut self, seen: fmt::Arguments<'_>) {
        self.0.to_mut().write_fmt(seen).expect("a string takes all that is written to it");
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: impl Visible) {
        self.append_seen(format_args!("{piece}"));
    }

    /// Pieces with this between them.
    pub fn join(pieces: impl IntoIterator<Item: Visible>, between: &'static str) -> Self {
        let mut text = Self::default();
        for (piece, number) in pieces.into_iter().zip(0_usize..) {
            if number > 0 {
                text.push(between);
            }
            text.push(piece);
        }
        text
    }

    /// So many times the same.
    pub fn repeated(piece: &'static str, times: usize) -> Self {
        Self::of_shown(piece.repeat(times))
    }

    /// A part of the text.
    ///
    /// # Panics
    /// As slicing does: at a place that is not in the text, or inside a code point.
    pub fn part(&self, at: impl SliceIndex<str, Output = str>) -> Self {
        Self::of_shown(self.0[at].to_owned())
    }

    /// The parts between this character.
    pub fn parts(&self, between: char) -> impl DoubleEndedIterator<Item = Self> {
        self.0.split(between).map(|part| Self::of_shown(part.to_owned()))
    }

    /// The text without blanks at its end.
    pub fn trimmed_end(&self) -> Self {
        self.part(..self.0.trim_end().len())
    }

    /// The text with something of ours in the place of something else.
    pub fn replaced(&self, before: &str, after: &'static str) -> Self {
        Self::of_shown(self.0.replace(before, after))
    }

    /// The text in a style.
    pub fn painted(&self, style: Style) -> Self {
        crate::shown!("{}{}{:#}", style, self, style)
    }

    /// The text, for what is no screen: a record, a file.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for VisibleText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VisibleText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for VisibleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Words of ours: what stands in the program.
impl From<&'static str> for VisibleText {
    fn from(literal: &'static str) -> Self {
        Self(Cow::Borrowed(literal))
    }
}

impl<V: Visible> Add<V> for VisibleText {
    type Output = Self;

    fn add(mut self, piece: V) -> Self {
        self.push(piece);
        self
    }
}

impl<V: Visible> FromIterator<V> for VisibleText {
    fn from_iter<I: IntoIterator<Item = V>>(pieces: I) -> Self {
        Self::join(pieces, "")
    }
}

impl PartialEq<str> for VisibleText {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for VisibleText {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

/// What shows nothing but what we wrote or escaped: a [`VisibleText`], a literal, a number.
///
/// A `&'static str` is a literal: no text that was read lives so long. A `char` is none of these: it may be any.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` may hold what a terminal obeys, hides or leaves blank",
    label = "not known to be visible",
    note = "`escape`, `escape_lines` and `visible_pair` make visible text of foreign text"
)]
pub trait Visible: fmt::Display + sealed::Sealed {}

mod sealed {
    /// Nobody else says what is visible.
    pub trait Sealed {}
}

impl<V: Visible + ?Sized> Visible for &V {}
impl<V: Visible + ?Sized> sealed::Sealed for &V {}

macro_rules! visible {
    ($($type:ty),* $(,)?) => {
        $(impl Visible for $type {}
        impl sealed::Sealed for $type {})*
    };
}

visible!(VisibleText, &'static str, bool, f32, f64);
visible!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
// Escape sequences of ours.
visible!(Style);
// They write digits and words of the program.
visible!(ChangeId, CheckedSample, DecisionEffect, LineColumn, PassName, Policy, Zone);

/// Lets through what is [`Visible`]: the macros ask it for each argument.
#[doc(hidden)]
pub fn visible<V: Visible + ?Sized>(piece: &V) -> &V {
    piece
}

/// Makes a [`VisibleText`](crate::report::VisibleText), as `format!` makes a `String`.
///
/// Each argument is [`Visible`](crate::report::Visible). It stands behind the format, never in it: `{name}` needs
/// `name = name`.
#[macro_export]
macro_rules! shown {
    ($format:literal $(, $($arguments:tt)*)?) => {
        $crate::with_seen!([$crate::report::VisibleText::of_seen] [concat!($format)] [] $($($arguments)*)?)
    };
}

/// Appends to a [`VisibleText`](crate::report::VisibleText), as `write!` does to a `String`. See [`shown!`](crate::shown).
#[macro_export]
macro_rules! show {
    ($text:expr, $format:literal $(, $($arguments:tt)*)?) => {
        $crate::with_seen!([$text.append_seen] [concat!($format)] [] $($($arguments)*)?)
    };
}

/// Appends a line to a [`VisibleText`](crate::report::VisibleText), as `writeln!` does to a `String`. See [`shown!`](crate::shown).
#[macro_export]
macro_rules! showln {
    ($text:expr, $format:literal $(, $($arguments:tt)*)?) => {
        $crate::with_seen!([$text.append_seen] [concat!($format, "\n")] [] $($($arguments)*)?)
    };
}

/// Puts [`visible`] before each argument. A format that comes out of `concat!` captures no variables.
#[doc(hidden)]
#[macro_export]
macro_rules! with_seen {
    ([$($make:tt)*] [$format:expr] [$($seen:tt)*]) => {
        $($make)*(format_args!($format $($seen)*))
    };
    ([$($make:tt)*] [$format:expr] [$($seen:tt)*] $name:ident = $argument:expr $(, $($rest:tt)*)?) => {
        $crate::with_seen!([$($make)*] [$format] [$($seen)*, $name = *$crate::report::visible(&$argument)] $($($rest)*)?)
    };
    ([$($make:tt)*] [$format:expr] [$($seen:tt)*] $argument:expr $(, $($rest:tt)*)?) => {
        $crate::with_seen!([$($make)*] [$format] [$($seen)*, *$crate::report::visible(&$argument)] $($($rest)*)?)
    };
}
