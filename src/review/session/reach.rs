//! What a decision would do.

use std::collections::BTreeMap;
use std::fmt;

/// What a decision would do, to be said before it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// So many places now.
    pub places: usize,
    /// Whether later ones as well.
    pub is_lasting: bool,
    /// So many like them, by kind of place, that it leaves as they are.
    pub elsewhere: BTreeMap<&'static str, usize>,
}

/// As a sentence without its full stop: "8,204 places now, and later ones; 31 in quotations stay as they are".
impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", grouped(self.places), if self.places == 1 { "place" } else { "places" })?;
        if self.is_lasting {
            f.write_str(" now, and later ones")?;
        }
        for (zone, count) in &self.elsewhere {
            let stay = if *count == 1 { "stays as it is" } else { "stay as they are" };
            write!(f, "; {} {} {stay}", grouped(*count), inside(zone))?;
        }
        Ok(())
    }
}

/// Where, in words.
fn inside(zone: &str) -> String {
    match zone {
        "none" => "in running text".to_owned(),
        "field" => "in titles and other fields".to_owned(),
        zone => format!("in {zone}s"),
    }
}

/// A number with a comma between its thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_is_told_in_a_sentence() {
        let told = |places, is_lasting, elsewhere: &[(&'static str, usize)]| {
            Reach { places, is_lasting, elsewhere: elsewhere.iter().copied().collect() }.to_string()
        };
        assert_eq!(told(8204, true, &[("quotation", 31)]), "8,204 places now, and later ones; 31 in quotations stay as they are");
        assert_eq!(told(1, false, &[]), "1 place");
        assert_eq!(told(1_000_000, true, &[("none", 1)]), "1,000,000 places now, and later ones; 1 in running text stays as it is");
    }
}
