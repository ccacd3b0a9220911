//! `SHA256SUMS`, read.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The seal of a folder with these sums: their SHA-256, as 64 hexadecimal digits.
pub fn seal(sums: &[u8]) -> String {
    sha256(sums)
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte is one digit");
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The sums of a list as `sha256sum` writes it, by the names of the files.
pub(super) fn read_sums(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "The sums are not UTF-8.".to_owned())?;
    let mut sums = BTreeMap::new();
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let (sum, name) = read_sum(line).ok_or_else(|| format!("Line {number} is none that sha256sum writes."))?;
        // In order, so that nothing is named twice.
        if sums.last_key_value().is_some_and(|(last, _)| *last >= name) {
            return Err(format!("Line {number} is not in the order of the names."));
        }
        sums.insert(name, sum);
    }
    Ok(sums)
}

fn read_sum(line: &str) -> Option<(String, String)> {
    let line = line.strip_suffix('\n')?;
    let escaped = line.strip_prefix('\\');
    let (sum, name) = escaped.unwrap_or(line).split_once("  ")?;
    let is_sum = sum.len() == 64 && sum.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let name = if escaped.is_some() { unescaped(name)? } else { name.to_owned() };
    (is_sum && escaped.is_some() == name.contains(['\\', '\n', '\r'])).then(|| (sum.to_owned(), name))
}

fn unescaped(name: &str) -> Option<String> {
    let mut parts = name.chars();
    let mut plain = String::new();
    while let Some(part) = parts.next() {
        plain.push(match part {
            '\\' => match parts.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            part => part,
        });
    }
    Some(plain)
}
