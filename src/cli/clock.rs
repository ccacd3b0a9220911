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
}
