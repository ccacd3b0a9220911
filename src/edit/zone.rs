//! The names of special places in a text. `prose` finds them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// Somebody's words: between quotation marks.
    Quotation,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// An account name: `@name`.
    Handle,
    /// A topic: `#name`.
    Hashtag,
    /// Code: between backticks, or where the syntax of the text says so.
    Code,
    /// What programs read in a text of a known syntax: tags, link targets, character references, front matter.
    Markup,
    /// A word that its author marked as meant: `[sic]` follows.
    Sic,
    /// A field of the envelope, such as the title.
    Field,
}

impl Zone {
    /// All of them, in the order of the declaration.
    pub const ALL: [Zone; 9] =
        [Zone::Quotation, Zone::Url, Zone::Email, Zone::Handle, Zone::Hashtag, Zone::Code, Zone::Markup, Zone::Sic, Zone::Field];

    /// Whether no rule may change anything here, whatever anybody decides.
    pub fn is_protected(self) -> bool {
        matches!(self, Zone::Url | Zone::Email | Zone::Handle | Zone::Hashtag | Zone::Code | Zone::Markup | Zone::Sic)
    }

    /// The name in rule files and records.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Quotation => "quotation",
            Zone::Url => "url",
            Zone::Email => "email",
            Zone::Handle => "handle",
            Zone::Hashtag => "hashtag",
            Zone::Code => "code",
            Zone::Markup => "markup",
            Zone::Sic => "sic",
            Zone::Field => "field",
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
