//! Log-normal sizes, the same on every machine.

use fastrand::Rng;

/// Lengths whose logarithm is normally distributed.
#[derive(Clone, Copy)]
pub(super) struct LogNormal {
    /// Half of them are shorter.
    pub median: f64,
    /// The standard deviation of the natural logarithm.
    pub sigma: f64,
    /// None is longer.
    pub most: usize,
}

impl LogNormal {
    /// One length, at least 1.
    pub(super) fn draw(self, random: &mut Rng) -> usize {
        let length = self.median * exp(self.sigma * normal(random));
        (length as usize).clamp(1, self.most)
    }
}

/// Nearly a standard normal: the sum of twelve uniforms has variance 1; cut at ±6.
fn normal(random: &mut Rng) -> f64 {
    let mut sum = 0;
    for _ in 0..3 {
        let bits = random.u64(..);
        for shift in [0, 16, 32, 48] {
            sum += (bits >> shift) & 0xffff;
        }
    }
    sum as f64 / 65_536.0 - 6.0
}

/// e to the `x`, within 7 % for the |x| below 12 that occur. The one of the standard library may
/// differ in its last digit between platforms, and with it the history; multiplication may not.
fn exp(x: f64) -> f64 {
    let mut power = 1.0 + x / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for x in [-11.9, -5.0, -1.0, 0.0, 0.5, 1.0, 5.0, 11.9] {
            let ratio = exp(x) / x.exp();
            assert!((0.93..=1.0).contains(&ratio), "{x}: {ratio}");
        }
    }

    #[test]
    fn half_are_below_the_median_and_the_spread_is_sigma() {
        let sizes = LogNormal { median: 1000.0, sigma: 0.5, most: 1_000_000 };
        let mut random = Rng::with_seed(7);
        let drawn: Vec<f64> = (0..20_000).map(|_| sizes.draw(&mut random) as f64).collect();
        let below = drawn.iter().filter(|size| **size < 1000.0).count();
        assert!((9_700..10_300).contains(&below), "{below}");
        let logs: Vec<f64> = drawn.iter().map(|size| (size / 1000.0).ln()).collect();
        let variance = logs.iter().map(|log| log * log).sum::<f64>() / 20_000.0;
        assert!((0.48..0.52).contains(&variance.sqrt()), "{variance}");
    }

    #[test]
    fn no_size_is_outside_its_bounds() {
        let sizes = LogNormal { median: 2.0, sigma: 2.0, most: 9 };
        let mut random = Rng::with_seed(7);
        let drawn: Vec<usize> = (0..1000).map(|_| sizes.draw(&mut random)).collect();
        assert_eq!(drawn.iter().min(), Some(&1));
        assert_eq!(drawn.iter().max(), Some(&9));
    }
}
