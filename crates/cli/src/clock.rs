//! The time, for what is written about people's doings and lies outside of all digests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Now, in UTC, such as `2024-02-29T12:00:00Z`: by `SOURCE_DATE_EPOCH`, for runs that must give the same bytes, else by
/// the clock.
pub fn now() -> String {
    rfc3339(fixed().unwrap_or_else(|| since_1970().as_secs()))
}

/// Now, to the millisecond: no two decisions of a person are made in one.
pub fn now_in_milliseconds() -> String {
    let of_the_clock = || {
        let since = since_1970();
        format!("{}.{:03}Z", rfc3339(since.as_secs()).trim_end_matches('Z'), since.subsec_millis())
    };
    fixed().map_or_else(of_the_clock, rfc3339)
}

#[expect(clippy::disallowed_methods, reason = "no text depends on it")]
fn fixed() -> Option<u64> {
    std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "no text depends on it")]
fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// A time of UTC, such as `2024-02-29T12:00:00Z`, from its seconds since 1970.
///
/// The date is counted in years that begin in March, so that the leap day ends them (H. Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `civil_from_days`).
fn rfc3339(seconds: u64) -> String {
    // No later than the year 9999, which RFC 3339 cannot write.
    let seconds = seconds.min(253_402_300_799);
    let (days, of_day) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// A time, in seconds since 1970 in UTC and nanoseconds.
pub type Instant = (i64, u32);

/// Reads a time of RFC 3339, or a date: its first moment in UTC.
pub fn instant(text: &str) -> Option<Instant> {
    let text = text.trim().to_ascii_uppercase();
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, time),
        None => (text.as_str(), "00:00:00Z"),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let at = time.find(['Z', '+', '-'])?;
    let (of_day, offset) = time.split_at(at);
    let (of_day, fraction) = of_day.split_once('.').unwrap_or((of_day, "0"));
    let [hour, minute, second] = numbers(of_day, ':', [2, 2, 2])?;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok().filter(|_| is_fraction)?;
    let offset = if offset == "Z" {
        0
    } else {
        let [hours, minutes] = numbers(&offset[1..], ':', [2, 2])?;
        let offset = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
        if offset > 0 && time.as_bytes()[at] == b'-' { -offset } else { offset }
    };
    let is_time = hour < 24 && minute < 60 && second <= 60;
    (is_time && is_date(year, month, day))
        .then(|| (days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds))
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|digit| digit.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn is_date(year: i64, month: i64, day: i64) -> bool {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=length).contains(&day)
}

/// The days since 1970: the way back from [`rfc3339`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
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
            let read = instant(&rfc3339(seconds)).map(|(seconds, _)| seconds.cast_unsigned());
            assert_eq!(read, Some(seconds), "{}", rfc3339(seconds));
        }
        assert_eq!(instant("2024-02-29"), instant("2024-02-29T00:00:00Z"));
        assert_eq!(instant("2024-02-29t13:00:00.5+01:00"), instant("2024-02-29T12:00:00.500z"));
        assert_eq!(instant("2024-03-01T00:30:00+01:00"), instant("2024-02-29T23:30:00Z"));
        assert_eq!(instant("1969-12-31T23:59:59-00:00"), Some((-1, 0)));
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
