//! The encodings that are read, and text written in them again.

use std::fmt;

use memchr::memchr;

/// An encoding. Where an encoding of the Encoding Standard is meant, its name is the Standard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// An encoding from before Unicode, such as windows-1252 or `Shift_JIS`.
    Legacy(&'static encoding_rs::Encoding),
    /// UTF-8 with bytes that are not: each is decoded as its [`stray`] character. They look like this encoding.
    Mixed(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of this label, such as `latin1` or `windows-1252`, in any case.
    ///
    /// ISO-2022-JP is not among them: it has states, so that a slice of a text cannot be written alone.
    pub fn of_label(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
        if encoding == encoding_rs::UTF_8 {
            Some(Self::Utf8)
        } else if encoding == encoding_rs::UTF_16LE {
            Some(Self::Utf16Le)
        } else if encoding == encoding_rs::UTF_16BE {
            Some(Self::Utf16Be)
        } else {
            (encoding != encoding_rs::ISO_2022_JP).then_some(Self::Legacy(encoding))
        }
    }
}

/// The name in records: `utf-8`, `utf-16le`, `windows-1252`, `utf-8+windows-1252` and so on.
impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Encoding::Utf8 => f.write_str("utf-8"),
            Encoding::Utf16Le => f.write_str("utf-16le"),
            Encoding::Utf16Be => f.write_str("utf-16be"),
            Encoding::Legacy(encoding) => f.write_str(&encoding.name().to_ascii_lowercase()),
            Encoding::Mixed(encoding) => write!(f, "utf-8+{}", encoding.name().to_ascii_lowercase()),
        }
    }
}

/// Writes text in an encoding; for a text as it was decoded these are the bytes of the file.
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Legacy(encoding) => encoding.encode(text).0.into_owned(),
        Encoding::Mixed(_) => with_stray_bytes(text),
    }
}

/// The private-use character that stands for a byte that is no UTF-8: 92 is U+EF92.
///
/// # Panics
/// For an ASCII byte, which is always UTF-8.
pub fn stray(byte: u8) -> char {
    assert!(!byte.is_ascii());
    char::from_u32(0xEF00 + u32::from(byte)).expect("U+EF80 to U+EFFF are characters")
}

/// The byte that a character stands for, if it is a [`stray`] one.
pub fn stray_byte(c: char) -> Option<u8> {
    u32::from(c).checked_sub(0xEF00).and_then(|byte| u8::try_from(byte).ok()).filter(|byte| !byte.is_ascii())
}

/// The first stray character of a text: its place, in bytes.
pub fn find_stray(text: &str) -> Option<usize> {
    // All of them begin with this byte, and hardly anything else does.
    let first = memchr(0xEE, text.as_bytes())?;
    text[first..].find(|c| stray_byte(c).is_some()).map(|at| first + at)
}

fn with_stray_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match stray_byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_may_be_any_of_the_standard() {
        let name = |label| Encoding::of_label(label).map(|encoding| encoding.to_string());
        assert_eq!(name("Latin1").as_deref(), Some("windows-1252"), "as the Encoding Standard has it");
        assert_eq!(name("utf8").as_deref(), Some("utf-8"));
        assert_eq!(name("UTF-16LE").as_deref(), Some("utf-16le"));
        assert_eq!(name("shift_jis").as_deref(), Some("shift_jis"));
        assert_eq!(name("iso-2022-jp"), None);
        assert_eq!(name("klingon"), None);
    }

    #[test]
    fn each_byte_beyond_ascii_has_its_character() {
        for byte in 0x80..=0xFF {
            assert_eq!(stray_byte(stray(byte)), Some(byte));
            assert_eq!(find_stray(&format!("“a”{}", stray(byte))), Some(7));
        }
        assert_eq!(stray_byte('\u{EF7F}').or(stray_byte('\u{F000}')), None);
        assert_eq!(find_stray("\u{F000} \u{FEFF} \u{E000}"), None);
    }
}
