//! Encodings of one byte for each character, read backwards: which byte a character was.

/// An encoding of one byte for each character, the lower half of which is ASCII.
#[derive(Clone, Debug)]
pub struct CodePage {
    /// The characters beyond ASCII and their bytes, sorted.
    bytes: Vec<(char, u8)>,
}

impl CodePage {
    /// The code page of this name; nothing if it is not known or has more than one byte for some characters.
    pub fn named(name: &str) -> Option<Self> {
        let mut bytes: Vec<(char, u8)> = if name == "cp437" {
            CP437.chars().zip(0x80..=0xFF).collect()
        } else {
            let encoding = encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())?;
            if !encoding.is_single_byte() {
                return None;
            }
            let character =
                |byte| encoding.decode_without_bom_handling(&[byte]).0.chars().next().filter(|c| *c != char::REPLACEMENT_CHARACTER);
            (0x80..=0xFF).filter_map(|byte| Some((character(byte)?, byte))).collect()
        };
        // The two are often taken for one another, even within a text.
        if name == "windows-1252" {
            let latin1 = (0x80..=0x9F).map(|byte| (char::from(byte), byte));
            bytes.extend(latin1.filter(|(_, byte)| !LATIN1_TOO.contains(byte)));
        }
        bytes.sort_unstable();
        Some(Self { bytes })
    }

    /// The byte that a character beyond ASCII was.
    pub fn byte(&self, c: char) -> Option<u8> {
        self.bytes.binary_search_by_key(&c, |(c, _)| *c).ok().map(|at| self.bytes[at].1)
    }

    /// The characters beyond ASCII and their bytes.
    pub fn characters(&self) -> impl Iterator<Item = (char, u8)> + '_ {
        self.bytes.iter().copied()
    }
}

/// The bytes that are controls in windows-1252 as in Latin-1.
const LATIN1_TOO: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// The upper half of code page 437 of the IBM PC. Source: the Unicode Consortium's mapping table CP437.TXT.
const CP437: &str =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_has_the_byte_of_its_code_page() {
        let byte = |name, c| CodePage::named(name).expect("it is known").byte(c);
        assert_eq!(byte("windows-1252", '’'), Some(0x92));
        assert_eq!(byte("windows-1252", '\u{92}'), Some(0x92), "as Latin-1 has it");
        assert_eq!(byte("windows-1252", '\u{81}'), Some(0x81), "undefined, and passed through");
        assert_eq!(byte("macintosh", '√'), Some(0xC3));
        assert_eq!(byte("cp437", '├'), Some(0xC3));
        assert_eq!(byte("cp437", '\u{A0}'), Some(0xFF));
        assert_eq!(byte("windows-1251", 'é'), None);
        assert!(CodePage::named("shift_jis").or(CodePage::named("klingon")).is_none());
    }
}
