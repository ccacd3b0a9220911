//! The time, for what is written about people's doings and lies outside of all digests.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

/// Now, in UTC, such as `2024-02-29T12:00:00Z`: by `SOURCE_DATE_EPOCH`, for runs that must give the same bytes, else by
/// the clock.
pub fn now() -> String {
    fixed().unwrap_or_else(|| format!("{:.0}", of_the_clock()))
}

/// Now, to the millisecond: no two decisions of a person are made in one.
pub fn now_in_milliseconds() -> String {
    fixed().unwrap_or_else(|| format!("{:.3}", of_the_clock()))
}

#[expect(clippy::disallowed_methods, reason = "no text depends on it")]
fn fixed() -> Option<String> {
    std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok().map(rfc3339)
}

#[expect(clippy::disallowed_methods, reason = "no text depends on it")]
fn of_the_clock() -> Timestamp {
    Timestamp::now()
}

/// A time of UTC, such as `2024-02-29T12:00:00Z`, from its seconds since 1970. The last one is the end of the year 9999,
/// because RFC 3339 cannot write a later year.
fn rfc3339(seconds: u64) -> String {
    // Not a `Timestamp`: the largest is a day earlier, so that it has a date in every time zone.
    const START_OF_1970: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    let since_1970 = SignedDuration::from_secs(seconds.try_into().unwrap_or(i64::MAX));
    format!("{:.0}Z", START_OF_1970.saturating_add(since_1970))
}

/// Reads a time of RFC 3339, or a date: its first moment in UTC.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let is_date = text.len() == "2024-02-29".len();
    let time = if is_date { format!("{text}T00:00:00Z") } else { text.to_owned() };
    // The parser also accepts a time without seconds, which RFC 3339 does not have.
    let has_seconds = time.as_bytes().get("2024-02-29T12:00".len()) == Some(&b':');
    time.parse().ok().filter(|_| has_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, time) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_210_096, "2024-02-29T12:34:56Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(seconds), time);
        }
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        for seconds in (0..40_000_u64).map(|step| step * 6_311_433).filter(|seconds| *seconds <= 253_402_300_799) {
            let read = instant(&rfc3339(seconds)).map(|time| time.as_second().cast_unsigned());
            assert_eq!(read, Some(seconds), "{}", rfc3339(seconds));
        }
        assert_eq!(instant("2024-02-29"), instant("2024-02-29T00:00:00Z"));
        assert_eq!(instant("2024-02-29t13:00:00.5+01:00"), instant("2024-02-29T12:00:00.500z"));
        assert_eq!(instant("2024-03-01T00:30:00+01:00"), instant("2024-02-29T23:30:00Z"));
        assert_eq!(instant("1969-12-31T23:59:59-00:00"), Some(Timestamp::constant(-1, 0)));
        assert!(instant("2024-02-29T12:00:00.123Z") < instant("2024-02-29T12:00:00.1231Z"));
        for wrong in [
            "",
            "2023-02-29",
            "2024-13-01",
            "24-01-01",
            "2024-1-1",
            "2024-01-01T12:00Z",
            "2024-01-01T24:00:00Z",
            "yesterday",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "+024-01-01",
            "2024-01-01T00:00:00+1:00",
        ] {
            assert_eq!(instant(wrong), None, "{wrong:?}");
        }
    }
}
