//! From bytes to text, and back to the same bytes.

use std::borrow::Cow;
use std::str::Utf8Error;

use memchr::memchr;

use super::ProblemKind;
use super::detect::{self, Guess};
use crate::input::{Encoding, find_stray, stray};
use crate::prose::line;

/// What the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// Text: [`crate::input::encode`] gives the same bytes again.
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
    /// Whether the encoding is a guess, from the bytes alone.
    pub detected: bool,
}

/// Reads the bytes of a file as text.
///
/// Byte order marks count first (Unicode 16.0, section 23.8), then signatures of other kinds of
/// file, then NUL bytes. What is UTF-8 then is read so, whatever was declared: hardly any text of
/// another encoding is well-formed UTF-8 by chance (RFC 3629, section 1). Only what is left has the
/// declared encoding or, where nothing was declared, the one that it looks like. Changes nothing: a
/// byte order mark stays in the text, and what would not be written as the same bytes again is a
/// problem.
pub fn decode(bytes: &[u8], declared: Option<Encoding>) -> Decoded<'_> {
    match bytes {
        // UTF-32LE first: its mark begins with that of UTF-16LE.
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return utf32(),
        [0xFF, 0xFE, ..] => return utf16(bytes, Encoding::Utf16Le, true),
        [0xFE, 0xFF, ..] => return utf16(bytes, Encoding::Utf16Be, true),
        _ => {}
    }
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Decoded::NotText { why: format!("It starts like {what}.") };
    }
    match (memchr(0, bytes), declared) {
        (Some(_), Some(encoding @ (Encoding::Utf16Le | Encoding::Utf16Be))) => utf16(bytes, encoding, false),
        (Some(nul), _) => with_nul(bytes, nul),
        (None, _) => match std::str::from_utf8(bytes) {
            Ok(text) => Decoded::Text(DecodedText {
                text: Cow::Borrowed(text),
                encoding: Encoding::Utf8,
                bom: text.starts_with('\u{FEFF}'),
                detected: false,
            }),
            Err(error) => not_utf8(bytes, error, declared),
        },
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

fn not_utf8(bytes: &[u8], error: Utf8Error, declared: Option<Encoding>) -> Decoded<'_> {
    match declared {
        Some(Encoding::Utf8) => return invalid(bytes, error, "which is not UTF-8", "Save the file as UTF-8 and run again."),
        Some(Encoding::Legacy(encoding)) => {
            return legacy(bytes, encoding, false).unwrap_or_else(|| {
                let said =
                    format!("and the file is not the {} that was declared: some of its bytes stand for nothing there", encoding.name());
                invalid(bytes, error, &said, "Correct the declaration, or save the file as UTF-8, and run again.")
            });
        }
        // Without a letter or line end of ASCII there is no NUL.
        Some(encoding @ (Encoding::Utf16Le | Encoding::Utf16Be)) => return utf16(bytes, encoding, false),
        _ => {}
    }
    let guessed = match detect::guess(bytes) {
        Guess::Torn => None,
        Guess::Legacy(encoding) => legacy(bytes, encoding, true),
        Guess::Mixed(encoding) => mixed(bytes, encoding),
    };
    guessed.unwrap_or_else(|| {
        invalid(
            bytes,
            error,
            "which is not UTF-8",
            "Save the file as UTF-8, or declare its encoding (encodings in emendo.toml, or --encoding), and run again.",
        )
    })
}

/// Nothing where other bytes would come out again, or where a guess gives what no text has.
fn legacy<'a>(bytes: &'a [u8], encoding: &'static encoding_rs::Encoding, detected: bool) -> Option<Decoded<'a>> {
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let exact = !malformed && *encoding.encode(&text).0 == *bytes;
    let is_meant = exact && !(detected && text.contains(is_noise));
    is_meant.then_some(Decoded::Text(DecodedText { text, encoding: Encoding::Legacy(encoding), bom: false, detected }))
}

/// Characters that a wrong guess gives away. Form feeds and the like stand in real texts.
fn is_noise(c: char) -> bool {
    matches!(c, '\u{1}'..='\u{8}' | '\u{E}'..='\u{1A}' | '\u{1C}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}')
}

/// A text with characters of its own where the stray ones would stand cannot be told from one that has stray bytes there.
fn mixed<'a>(bytes: &[u8], looks_like: &'static encoding_rs::Encoding) -> Option<Decoded<'a>> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        if find_stray(chunk.valid()).is_some() {
            return None;
        }
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| stray(*byte)));
    }
    let bom = text.starts_with('\u{FEFF}');
    Some(Decoded::Text(DecodedText { text: Cow::Owned(text), encoding: Encoding::Mixed(looks_like), bom, detected: true }))
}

fn invalid<'a>(bytes: &[u8], error: Utf8Error, what: &str, way_out: &str) -> Decoded<'a> {
    let at = error.valid_up_to();
    let end = error.error_len().map_or(bytes.len(), |len| at + len);
    let line = line::number_by_feeds(bytes, at);
    let cut = if error.error_len().is_none() && end - at > 1 { ": the file ends inside a character" } else { "" };
    problem(ProblemKind::InvalidUtf8, at, format!("At byte {at} (line {line}) stands {}, {what}{cut}. {way_out}", hex(&bytes[at..end])))
}

fn utf16(bytes: &[u8], encoding: Encoding, bom: bool) -> Decoded<'_> {
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
    Decoded::Text(DecodedText { text: Cow::Owned(text), encoding, bom, detected: false })
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
                    "The file looks like {name} without a byte order mark (byte {nul} is NUL). Add the mark, declare the encoding (--encoding {encoding}), or save the file as UTF-8, and run again."
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
    !c.is_control() || c == '\t' || line::is_ascii_end(c)
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
    use crate::input::encode;

    fn text(bytes: &[u8]) -> DecodedText<'_> {
        match decode(bytes, None) {
            Decoded::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    fn fault(bytes: &[u8]) -> (ProblemKind, usize, String) {
        match decode(bytes, None) {
            Decoded::Problem { kind, at, reason } => (kind, at, reason),
            other => panic!("{other:?}"),
        }
    }

    fn is_not_text(bytes: &[u8]) -> bool {
        matches!(decode(bytes, None), Decoded::NotText { .. })
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
            assert_eq!(text(&bytes), DecodedText { text: marked.into(), encoding, bom: true, detected: false });
        }
    }

    /// What a text in another encoding is read as.
    fn name_and_text(bytes: &[u8]) -> (String, String, bool) {
        let DecodedText { text, encoding, detected, .. } = text(bytes);
        (encoding.to_string(), text.into_owned(), detected)
    }

    #[test]
    fn a_legacy_encoding_is_detected() {
        let samples = [
            ("windows-1252", "Le procès s’est ouvert à Strasbourg ; l’accusé n’a rien dit."),
            ("windows-1251", "Переговоры в Каире продолжаются, сообщили источники."),
            ("iso-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
            ("macintosh", "Le procès s’est ouvert à Strasbourg ; l’accusé n’a rien dit, et l’été s’achève."),
            ("shift_jis", "東京で会談が続いています。首相は明日到着します。"),
            ("gbk", "会谈在开罗继续进行，双方都没有发表评论。"),
            ("euc-kr", "카이로에서 회담이 계속되고 있다."),
        ];
        for (label, sample) in samples {
            let Some(encoding) = Encoding::of_label(label) else { panic!("{label}") };
            assert_eq!(name_and_text(&encode(sample, encoding)), (label.to_owned(), sample.to_owned(), true));
        }
    }

    #[test]
    fn a_late_first_letter_is_found() {
        let bytes = [&b"All of this is ASCII.\n".repeat(10_000)[..], b"Le proc\xE8s est ouvert.\n"].concat();
        assert_eq!(name_and_text(&bytes).0, "windows-1252");
    }

    #[test]
    fn a_declaration_counts_where_the_bytes_say_nothing() {
        let declared = |bytes: &[u8], label| match decode(bytes, Encoding::of_label(label)) {
            Decoded::Text(text) => (text.text.into_owned(), text.encoding.to_string(), text.detected),
            other => panic!("{other:?}"),
        };
        assert_eq!(declared(b"caf\x8E", "macintosh"), ("café".into(), "macintosh".into(), false));
        assert_eq!(declared(b"a\0b\0", "utf-16le"), ("ab".into(), "utf-16le".into(), false));
        for label in ["macintosh", "utf-16le", "utf-16be"] {
            assert_eq!(declared("café".as_bytes(), label).1, "utf-8", "which it is");
        }
        assert_eq!(declared(b"\xA0\x52\x99\x6C", "utf-16le").0, "加沙", "without a NUL");
        assert_eq!(declared(b"\xFE\xFF\0a", "macintosh").1, "utf-16be", "which it says");
    }

    #[test]
    fn what_would_not_be_written_as_the_same_bytes_is_a_problem() {
        // The Encoding Standard reads both 87 90 and 81 E0 of Shift_JIS as U+2252, and writes 81 E0.
        let Decoded::Problem { at, reason, .. } = decode(b"\x93\x8C\x8B\x9E \x87\x90", Encoding::of_label("shift_jis")) else {
            panic!("it was read")
        };
        assert_eq!(at, 0);
        assert!(reason.contains("not the Shift_JIS that was declared") && reason.ends_with("run again."), "{reason}");
    }

    #[test]
    fn a_guess_that_gives_control_characters_is_none() {
        let (kind, at, reason) = fault(b"one\ntwo caf\xE9 \x01\x02");
        assert_eq!((kind, at), (ProblemKind::InvalidUtf8, 11));
        assert!(reason.starts_with("At byte 11 (line 2) stands E9, which is not UTF-8."), "{reason}");
        assert!(reason.ends_with("declare its encoding (encodings in emendo.toml, or --encoding), and run again."), "{reason}");
    }

    #[test]
    fn lines_of_another_encoding_keep_their_bytes() {
        let (name, text, detected) = name_and_text(b"\xC3\xA9t\xC3\xA9\nl\x92\xE9t\xE9\n\xE2\x80\x9Cc\xC3\xA0\xE2\x80\x9D");
        assert_eq!((name.as_str(), detected), ("utf-8+windows-1252", true));
        assert_eq!(text, "été\nl\u{EF92}\u{EFE9}t\u{EFE9}\n“cà”");
    }

    #[test]
    fn a_text_with_the_characters_of_stray_bytes_is_not_mixed() {
        assert_eq!(
            fault("été \u{EF92} été".as_bytes().iter().copied().chain([0xE9]).chain(*b" x").collect::<Vec<_>>().as_slice()).0,
            ProblemKind::InvalidUtf8
        );
    }

    #[test]
    fn a_character_cut_off_by_the_end_of_the_file_is_named() {
        let (_, at, reason) = fault(b"a \xE2\x80");
        assert_eq!(at, 2);
        assert!(reason.starts_with("At byte 2 (line 1) stands E2 80, which is not UTF-8: the file ends inside a character."), "{reason}");
        assert_eq!(fault("café et th\u{E9}".as_bytes().split_last().expect("bytes").1).0, ProblemKind::InvalidUtf8);
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

    const LABELS: [&str; 6] = ["windows-1252", "macintosh", "shift_jis", "gb18030", "big5", "utf-16le"];

    /// Bytes of all kinds, of which many are valid in one encoding or another.
    fn some_bytes() -> impl Strategy<Value = Vec<u8>> {
        let mark = prop::sample::select(vec![&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"]);
        let piece = prop_oneof![
            any::<Vec<u8>>(),
            "[a-z“é東 ]{0,8}".prop_map(String::into_bytes),
            prop::collection::vec(prop_oneof![Just(b' '), 0xA0..=0xFFu8], 0..6),
        ];
        (mark, prop::collection::vec(piece, 0..6)).prop_map(|(mark, pieces)| [mark, &pieces.concat()].concat())
    }

    proptest! {
        #[test]
        fn encoding_again_gives_the_same_bytes(bytes in some_bytes(), declared in prop::option::of(prop::sample::select(LABELS.to_vec()))) {
            if let Decoded::Text(decoded) = decode(&bytes, declared.and_then(Encoding::of_label)) {
                prop_assert_eq!(encode(&decoded.text, decoded.encoding), bytes);
            }
        }

        #[test]
        fn a_slice_of_a_text_is_a_slice_of_its_bytes(bytes in some_bytes(), declared in prop::sample::select(LABELS.to_vec()), at: prop::sample::Index) {
            if let Decoded::Text(decoded) = decode(&bytes, Encoding::of_label(declared)) {
                let cut = (0..=at.index(decoded.text.len() + 1)).rev().find(|at| decoded.text.is_char_boundary(*at)).expect("0 is one");
                let (head, tail) = decoded.text.split_at(cut);
                prop_assert_eq!([encode(head, decoded.encoding), encode(tail, decoded.encoding)].concat(), bytes);
            }
        }

        #[test]
        fn marked_text_is_always_read(text in "[^\0]*", encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be])) {
            let text = format!("\u{FEFF}{text}");
            let bytes = encode(&text, encoding);
            prop_assert_eq!(decode(&bytes, None), Decoded::Text(DecodedText { text: text.as_str().into(), encoding, bom: true, detected: false }));
        }

        #[test]
        fn the_place_of_a_problem_lies_in_the_file(bytes: Vec<u8>) {
            if let Decoded::Problem { at, .. } = decode(&bytes, None) {
                prop_assert!(at < bytes.len());
            }
        }
    }
}
