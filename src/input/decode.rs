//! From bytes to text, and back to the same bytes.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::ProblemKind;

/// What the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// Text: [`encode`] gives the same bytes again.
    Text(DecodedText<'a>),
    /// Something else, such as an image: to be skipped, no fault.
    NotText {
        /// How it was recognised, for people: one sentence with a period.
        why: String,
    },
    /// Bytes that would be text if they were well-formed: to be kept byte for byte.
    Problem {
        /// What is wrong, for programs.
        kind: ProblemKind,
        /// What is wrong, where, and the way out, for people: one sentence each, each with a period.
        reason: String,
        /// The place to look at, in bytes of the file.
        at: usize,
    },
}

/// The text of a file and how the file spelled it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedText<'a> {
    /// All of the file, a byte order mark included (as U+FEFF). UTF-8 is borrowed.
    pub text: Cow<'a, str>,
    /// The encoding of the file.
    pub encoding: Encoding,
    /// Whether the first code point is a byte order mark.
    pub bom: bool,
}

/// The encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first, with a byte order mark.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first, with a byte order mark.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

impl Encoding {
    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }
}

/// Reads the bytes of a file as text.
///
/// Byte order marks count first (Unicode 16.0, section 23.8), then signatures of other kinds of
/// file, then NUL bytes; what is left is UTF-8 or a problem. No encoding is guessed. Changes
/// nothing: a byte order mark stays in the text.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    match bytes {
        // UTF-32LE first: its mark begins with that of UTF-16LE.
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return utf32(),
        [0xFF, 0xFE, ..] => return utf16(bytes, Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return utf16(bytes, Encoding::Utf16Be),
        _ => {}
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Decoded::NotText { why: format!("It starts like {what}.") };
    }
    match memchr(0, bytes) {
        Some(nul) => with_nul(bytes, nul),
        None => utf8(bytes),
    }
}

/// Writes text in an encoding; for the text of [`decode`] these are the bytes of the file.
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

/// How files begin that are often found among texts. Sources: the specifications of the formats.
const SIGNATURES: [(&[u8], &str); 16] = [
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1A\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1F\x8B", "a gzip file"),
    (b"BZh91AY&SY", "a bzip2 file"),
    (b"\xFD7zXZ\0", "an xz file"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"),
    (b"\x7FELF", "a program"),
];

fn utf8(bytes: &[u8]) -> Decoded<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded::Text(DecodedText { text: Cow::Borrowed(text), encoding: Encoding::Utf8, bom: text.starts_with('\u{FEFF}') }),
        Err(error) => {
            let at = error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |len| at + len);
            let line = memchr_iter(b'\n', &bytes[..at]).count() + 1;
            let cut = if error.error_len().is_none() { ": the file ends inside a character" } else { "" };
            problem(
                ProblemKind::InvalidUtf8,
                at,
                format!(
                    "At byte {at} (line {line}) stands {}, which is not UTF-8{cut}. Save the file as UTF-8 and run again.",
                    hex(&bytes[at..end])
                ),
            )
        }
    }
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for character in char::decode_utf16(units(bytes, encoding)) {
        match character {
            Ok('\0') => return Decoded::NotText { why: format!("It has a NUL character at byte {at}.") },
            Ok(character) => {
                text.push(character);
                at += 2 * character.len_utf16();
            }
            Err(_) => {
                let pair = hex(&bytes[at..at + 2]);
                return problem(
                    ProblemKind::InvalidUtf16,
                    at,
                    format!("At byte {at} stands {pair}, half a surrogate pair of UTF-16. Save the file as UTF-8 and run again."),
                );
            }
        }
    }
    if at < bytes.len() {
        return problem(
            ProblemKind::InvalidUtf16,
            at,
            format!(
                "The UTF-16 ends in half a code unit, {}, at byte {at}. Get the whole file, or save it as UTF-8, and run again.",
                hex(&bytes[at..])
            ),
        );
    }
    Decoded::Text(DecodedText { text: Cow::Owned(text), encoding, bom: true })
}

fn utf32<'a>() -> Decoded<'a> {
    problem(
        ProblemKind::InvalidUtf8,
        0,
        "The file begins with the byte order mark of UTF-32, which is not read. Save it as UTF-8 and run again.".to_owned(),
    )
}

/// UTF-16 that lacks its byte order mark is somebody's text, and must not vanish among the images.
fn with_nul(bytes: &[u8], nul: usize) -> Decoded<'_> {
    for (encoding, name) in [(Encoding::Utf16Le, "UTF-16LE"), (Encoding::Utf16Be, "UTF-16BE")] {
        if reads_as_text(bytes, encoding) {
            return problem(
                ProblemKind::InvalidUtf16,
                nul,
                format!(
                    "The file looks like {name} without a byte order mark (byte {nul} is NUL). Add the mark, or save the file as UTF-8, and run again."
                ),
            );
        }
    }
    Decoded::NotText { why: format!("It has a NUL byte at byte {nul}.") }
}

/// Whether all is well-formed UTF-16 without control characters, and enough of it is ASCII.
///
/// Chinese too has a line break or a digit now and then, and in the wrong byte order it has not.
/// But where the bytes are UTF-8 with a NUL here and there, that NUL makes one false ASCII
/// character; UTF-16 that passes for such a text is ASCII itself.
fn reads_as_text(bytes: &[u8], encoding: Encoding) -> bool {
    let mut ascii = 0;
    let mut all = 0;
    for character in char::decode_utf16(units(bytes, encoding)) {
        match character {
            Ok(c) if is_plain(c) => {
                ascii += usize::from(c.is_ascii());
                all += 1;
            }
            _ => return false,
        }
    }
    let passes_for_utf8 = std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| c == '\0' || is_plain(c)));
    ascii * if passes_for_utf8 { 2 } else { 200 } > all
}

fn is_plain(c: char) -> bool {
    !c.is_control() || matches!(c, '\t' | '\n' | '\r')
}

/// The whole code units; an odd byte at the end is left out.
fn units(bytes: &[u8], encoding: Encoding) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(move |pair| {
        let pair = [pair[0], pair[1]];
        if encoding == Encoding::Utf16Be { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    })
}

fn problem<'a>(kind: ProblemKind, at: usize, reason: String) -> Decoded<'a> {
    Decoded::Problem { kind, reason, at }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> DecodedText<'_> {
        match decode(bytes) {
            Decoded::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    fn fault(bytes: &[u8]) -> (ProblemKind, usize, String) {
        match decode(bytes) {
            Decoded::Problem { kind, at, reason } => (kind, at, reason),
            other => panic!("{other:?}"),
        }
    }

    fn is_not_text(bytes: &[u8]) -> bool {
        matches!(decode(bytes), Decoded::NotText { .. })
    }

    #[test]
    fn utf8_is_borrowed() {
        let decoded = text("naïve “text”".as_bytes());
        assert!(matches!(decoded.text, Cow::Borrowed(_)));
        assert_eq!((decoded.encoding, decoded.bom), (Encoding::Utf8, false));
    }

    #[test]
    fn an_empty_file_is_an_empty_text() {
        assert_eq!(text(b"").text, "");
    }

    #[test]
    fn a_byte_order_mark_stays_in_the_text() {
        let marked = "\u{FEFF}Gaza";
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encode(marked, encoding);
            assert_eq!(text(&bytes), DecodedText { text: marked.into(), encoding, bom: true });
        }
    }

    #[test]
    fn invalid_utf8_is_named_by_byte_line_and_value() {
        let (kind, at, reason) = fault(b"one\ntwo caf\xE9 three");
        assert_eq!((kind, at), (ProblemKind::InvalidUtf8, 11));
        assert!(reason.starts_with("At byte 11 (line 2) stands E9, which is not UTF-8."), "{reason}");
        assert!(reason.ends_with("Save the file as UTF-8 and run again."), "{reason}");
    }

    #[test]
    fn a_character_cut_off_by_the_end_of_the_file_is_named() {
        let (_, at, reason) = fault(b"a \xE2\x80");
        assert_eq!(at, 2);
        assert!(reason.starts_with("At byte 2 (line 1) stands E2 80, which is not UTF-8: the file ends inside a character."), "{reason}");
    }

    #[test]
    fn surrogates_encoded_as_utf8_are_invalid() {
        assert_eq!(fault(b"a\xED\xA0\x80").0, ProblemKind::InvalidUtf8);
    }

    #[test]
    fn malformed_utf16_is_named_by_byte() {
        let (kind, at, reason) = fault(b"\xFF\xFEa\0\x3D\xD8b\0");
        assert_eq!((kind, at), (ProblemKind::InvalidUtf16, 4));
        assert!(reason.contains("At byte 4 stands 3D D8"), "{reason}");
        let (kind, at, reason) = fault(b"\xFE\xFF\0a\0");
        assert_eq!((kind, at), (ProblemKind::InvalidUtf16, 4));
        assert!(reason.contains("half a code unit, 00, at byte 4"), "{reason}");
    }

    #[test]
    fn utf16_without_its_mark_is_a_problem_in_both_orders_and_when_cut() {
        for (encoding, name, nul) in [(Encoding::Utf16Le, "UTF-16LE", 1), (Encoding::Utf16Be, "UTF-16BE", 0)] {
            for sample in ["Talks go on in Cairo.", "غزة: محادثات مستمرة\n", "加沙停火\n谈判继续进行"] {
                let bytes = encode(sample, encoding);
                assert_eq!(fault(&bytes).0, ProblemKind::InvalidUtf16, "{sample}");
                assert!(fault(&bytes).2.contains(name), "{sample}");
                assert_eq!(fault(&bytes[..bytes.len() - usize::from(encoding == Encoding::Utf16Be)]).0, ProblemKind::InvalidUtf16);
            }
            assert_eq!(fault(&encode("Talks", encoding)).1, nul);
        }
    }

    #[test]
    fn utf32_is_a_problem_and_not_utf16() {
        assert!(fault(b"\xFF\xFE\0\0a\0\0\0").2.contains("UTF-32"));
        assert!(fault(b"\0\0\xFE\xFF\0\0\0a").2.contains("UTF-32"));
    }

    #[test]
    fn other_kinds_of_file_are_not_text() {
        assert!(is_not_text(b"%PDF-1.7\n"));
        assert!(is_not_text(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"));
        assert!(is_not_text(b"\xFF\xD8\xFF\xE0\0\x10JFIF"));
        assert!(is_not_text(b"PK\x03\x04\x14\0"));
        assert!(is_not_text(b"\x1F\x8B\x08"));
    }

    #[test]
    fn a_text_with_a_nul_is_not_text() {
        assert!(is_not_text(b"text and \0 a NUL"));
        assert!(is_not_text(b"\0"));
        assert!(is_not_text(b"\0\x01\0\x02\x03\0"));
        assert!(is_not_text(b"\xFF\xFEa\0\0\0"), "in UTF-16 too");
    }

    #[test]
    fn prose_about_signatures_is_text() {
        assert_eq!(text(b"PK said on Monday").text, "PK said on Monday");
        assert_eq!(text(b"A %PDF- header").text, "A %PDF- header");
    }

    proptest! {
        #[test]
        fn encoding_again_gives_the_same_bytes(bytes: Vec<u8>, mark in prop::sample::select(vec![&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"])) {
            let bytes = [mark, &bytes].concat();
            if let Decoded::Text(decoded) = decode(&bytes) {
                prop_assert_eq!(encode(&decoded.text, decoded.encoding), bytes);
            }
        }

        #[test]
        fn marked_text_is_always_read(text in "[^\0]*", encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be])) {
            let text = format!("\u{FEFF}{text}");
            let bytes = encode(&text, encoding);
            prop_assert_eq!(decode(&bytes), Decoded::Text(DecodedText { text: text.as_str().into(), encoding, bom: true }));
        }

        #[test]
        fn the_place_of_a_problem_lies_in_the_file(bytes: Vec<u8>) {
            if let Decoded::Problem { at, .. } = decode(&bytes) {
                prop_assert!(at < bytes.len());
            }
        }
    }
}
