//! What a random sample says about all.

use std::fmt;

/// A sample that a reader checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedSample {
    /// So many were read.
    pub read: u64,
    /// So many of them were wrong.
    pub wrong: u64,
}

/// How sure the bound is.
const CONFIDENCE: f64 = 0.95;

impl CheckedSample {
    /// The share that is wrong at most, with a confidence of 95 %: the one-sided exact bound of Clopper and Pearson (“The use
    /// of confidence or fiducial limits illustrated in the case of the binomial”, Biometrika 26, 1934). 1 without a sample.
    pub fn most_wrong(self) -> f64 {
        if self.wrong >= self.read {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        // The chance to see so few wrong ones falls as the share of wrong ones grows: 60 halvings exhaust a float.
        for _ in 0..60 {
            let share = f64::midpoint(low, high);
            if self.chance(share) > 1.0 - CONFIDENCE { low = share } else { high = share }
        }
        high
    }

    /// The chance to see so few wrong ones or fewer, if this share of all is wrong.
    fn chance(self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody reads 2^53 changes")]
        let number = |count: u64| count as f64;
        let mut logarithm = number(self.read) * (-share).ln_1p();
        let mut sum = logarithm.exp();
        for wrong in 1..=self.wrong {
            logarithm += (number(self.read - wrong + 1) / number(wrong)).ln() + share.ln() - (-share).ln_1p();
            sum += logarithm.exp();
        }
        sum
    }
}

/// As it is kept in a note: `60 of 60 right: error below 4.9 % at 95 %`.
impl fmt::Display for CheckedSample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.most_wrong() * 100.0;
        // Up, never down.
        let percent = (percent * 10.0).ceil() / 10.0;
        write!(f, "{} of {} right: error below {percent:.1} % at 95 %", self.read.saturating_sub(self.wrong), self.read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Upper limits at 95 % as tables of exact binomial limits print them, in percent.
    #[test]
    fn the_bound_is_that_of_the_tables() {
        for (read, wrong, percent) in [
            (1, 0, 95.0),
            (10, 0, 25.887),
            (20, 0, 13.911),
            (30, 1, 14.860),
            (60, 0, 4.870),
            (100, 0, 2.951),
            (100, 1, 4.656),
            (100, 5, 10.225),
            (300, 0, 0.9936),
            (10, 9, 99.488),
        ] {
            let bound = CheckedSample { read, wrong }.most_wrong() * 100.0;
            assert!((bound - percent).abs() < 0.001, "{wrong} of {read} wrong: {bound}, not {percent}");
        }
        assert!(
            (CheckedSample { read: 0, wrong: 0 }.most_wrong() - 1.0).abs() < 1e-9
                && (CheckedSample { read: 5, wrong: 5 }.most_wrong() - 1.0).abs() < 1e-9
        );
    }

    #[test]
    fn the_bound_is_said_plainly() {
        assert_eq!(CheckedSample { read: 60, wrong: 0 }.to_string(), "60 of 60 right: error below 4.9 % at 95 %");
        assert_eq!(CheckedSample { read: 100, wrong: 1 }.to_string(), "99 of 100 right: error below 4.7 % at 95 %");
    }
}
