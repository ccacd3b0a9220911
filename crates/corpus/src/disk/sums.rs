//! `SHA256SUMS`: what programs that know nothing of emendo prove an output folder by.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes.
pub(super) type Sum = [u8; 32];

pub(super) fn sum(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

/// SHA-256, as 64 hexadecimal digits.
pub(super) fn hex(sum: &Sum) -> String {
    sum.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes all that is written to it");
        hex
    })
}

/// One line for each file, in the order of their names, as GNU `sha256sum` writes them.
pub(super) fn to_text(sums: &BTreeMap<&str, Sum>) -> String {
    sums.iter().map(|(name, sum)| line(name, sum)).collect()
}

/// Whether the text could be the sums of a run: has one line for each of these names and no other. What the sums are is
/// not looked at, but for that of `known`.
pub(super) fn is_of(text: &[u8], names: &BTreeMap<&str, Sum>, known: &str) -> bool {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    lines.len() == names.len()
        && lines.iter().zip(names).all(|(found, (name, sum))| {
            let wanted = line(name, sum).into_bytes();
            let at = usize::from(wanted.starts_with(b"\\"));
            let is_alike = || found.len() == wanted.len() && found[..at] == wanted[..at] && found[at + 64..] == wanted[at + 64..];
            if *name == known { **found == *wanted } else { is_alike() }
        })
}

/// A name with a backslash or a line end in it is escaped, and a backslash before the line says so.
fn line(name: &str, sum: &Sum) -> String {
    let hex = hex(sum);
    if name.contains(['\\', '\n', '\r']) {
        let name = name.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r");
        format!("\\{hex}  {name}\n")
    } else {
        format!("{hex}  {name}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_sha256sum() {
        // FIPS 180-4: the digest of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let sums = BTreeMap::from([("b c", sum(b"abc")), ("a\\\n\r", sum(b"abc"))]);
        assert_eq!(to_text(&sums), format!("\\{abc}  a\\\\\\n\\r\n{abc}  b c\n"));
    }

    #[test]
    fn sums_of_a_run_are_known_by_their_names_and_one_sum() {
        let names = BTreeMap::from([("a", sum(b"1")), ("b\\", sum(b"2")), ("m", sum(b"3"))]);
        let text = to_text(&names);
        let others = BTreeMap::from([("a", sum(b"x")), ("b\\", sum(b"y")), ("m", sum(b"3"))]);
        assert!(is_of(text.as_bytes(), &names, "m") && is_of(text.as_bytes(), &others, "m"));
        assert!(!is_of(text.as_bytes(), &others, "a"));
        for other in [format!("{text}\n"), format!("{text}note\n"), text.replace("  m", "  n"), text[66..].to_owned(), String::new()] {
            assert!(!is_of(other.as_bytes(), &names, "m"), "{other}");
        }
    }
}
