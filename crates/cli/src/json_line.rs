//! A line of JSON of which emendo reads and writes some members and passes on the others.

use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON object, its members in their order and spelled as they were.
#[derive(Debug, Default)]
pub struct JsonLine {
    members: Vec<(String, Box<RawValue>)>,
}

impl JsonLine {
    /// Reads a line.
    pub fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    /// A member, if it is there and not null; of several with that name the last.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, serde_json::Error> {
        let member = self.members.iter().rev().find(|(member, _)| member == name);
        member.map_or(Ok(None), |(_, value)| serde_json::from_str(value.get()))
    }

    /// Whether a member is not there, or null.
    pub fn lacks(&self, name: &str) -> bool {
        matches!(self.get::<IgnoredAny>(name), Ok(None))
    }

    /// Gives a member a value, in its place or at the end.
    pub fn set(&mut self, name: &str, value: &impl Serialize) {
        let value = serde_json::value::to_raw_value(value).expect("strings, numbers and lists become JSON");
        match self.members.iter_mut().rev().find(|(member, _)| member == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
    }
}

/// In one line, with its line feed.
impl fmt::Display for JsonLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        // Raw controls stand outside of strings only, where they are blanks.
        writeln!(f, "{}", line.replace(char::is_control, " "))
    }
}

impl Serialize for JsonLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for JsonLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = JsonLine;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonLine, A::Error> {
                let mut line = JsonLine::default();
                while let Some(member) = map.next_entry()? {
                    line.members.push(member);
                }
                Ok(line)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_as_they_were_written() {
        let text = r#"{"a":1.10,"b":123456789012345678901234567890,"c":{"x" :	[1, 2]},"span":[1,2],"é":"\u00e9\n"}"#;
        let mut line = JsonLine::parse(text.as_bytes()).expect("it is JSON");
        assert_eq!(line.get::<[usize; 2]>("span").expect("a span"), Some([1, 2]));
        assert_eq!(line.get::<String>("none").expect("nothing"), None);
        assert!(line.get::<usize>("a").is_err());
        line.set("span", &[3, 4]);
        line.set("widened", &true);
        let expected = r#"{"a":1.10,"b":123456789012345678901234567890,"c":{"x" : [1, 2]},"span":[3,4],"é":"\u00e9\n","widened":true}"#;
        assert_eq!(line.to_string(), format!("{expected}\n"));
    }

    #[test]
    fn only_an_object_is_a_line() {
        for text in ["", "1", "[1]", "null", "{", "{}{}", "{\"a\":\u{1}}"] {
            assert!(JsonLine::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
