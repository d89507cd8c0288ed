//! What traders work out from closes: moving averages, strength, bands. For the eye alone; no rule acts on them.

/// The exponential moving average. It begins with the plain average of the first `period` values, and before that there
/// is none.
pub fn ema(values: &[f64], period: usize) -> Vec<Option<f64>> {
    let mut averages = Vec::with_capacity(values.len());
    let weight = 2.0 / (period as f64 + 1.0);
    let mut last = None;
    for (at, value) in values.iter().enumerate() {
        last = match last {
            Some(last) => Some((value - last) * weight + last),
            None if at + 1 == period => mean(&values[..=at]),
            None => None,
        };
        averages.push(last);
    }
    averages
}

/// Wilder's relative strength index, from 0 to 100; none before `period` changes are known.
pub fn rsi(values: &[f64], period: usize) -> Vec<Option<f64>> {
    let mut strengths = vec![None; values.len().min(period)];
    let changes: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some(first) = changes.get(..period).filter(|first| !first.is_empty()) else { return vec![None; values.len()] };
    let part = |changes: &[f64], sign: f64| changes.iter().map(|change| (change * sign).max(0.0)).sum::<f64>();
    let length = period as f64;
    let (mut gain, mut loss) = (part(first, 1.0) / length, part(first, -1.0) / length);
    strengths.push(Some(strength(gain, loss)));
    for change in &changes[period..] {
        gain = (gain * (length - 1.0) + change.max(0.0)) / length;
        loss = (loss * (length - 1.0) + (-change).max(0.0)) / length;
        strengths.push(Some(strength(gain, loss)));
    }
    strengths
}

/// A market that stands still is neither strong nor weak.
fn strength(gain: f64, loss: f64) -> f64 {
    if gain + loss == 0.0 { 50.0 } else { 100.0 * gain / (gain + loss) }
}

/// Bollinger's bands: the average of `period` values, and this many standard deviations (of the whole, not of a sample)
/// below and above it.
pub fn bollinger(values: &[f64], period: usize, widths: f64) -> Vec<Option<[f64; 3]>> {
    let band = |at: usize| {
        let window = values.get((at + 1).checked_sub(period)?..=at)?;
        let middle = mean(window)?;
        let variance = window.iter().map(|value| (value - middle).powi(2)).sum::<f64>() / period as f64;
        let width = widths * variance.sqrt();
        Some([middle - width, middle, middle + width])
    };
    (0..values.len()).map(band).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(values: &[Option<f64>]) -> Vec<f64> {
        values.iter().flatten().map(|value| (value * 100.0).round() / 100.0).collect()
    }

    /// The worked example of StockCharts' ChartSchool.
    #[test]
    fn a_ten_day_average_is_the_published_one() {
        let closes = [
            22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61, 23.36,
            24.05, 23.75, 23.83, 23.95, 23.63, 23.82, 23.87, 23.65, 23.19, 23.10, 23.33, 22.68, 23.10, 22.40, 22.17,
        ];
        let published = [
            22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.80, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.53, 23.47,
            23.40, 23.39, 23.26, 23.23, 23.08, 22.92,
        ];
        let averages = ema(&closes, 10);
        assert_eq!(averages[..9], [None; 9]);
        for (ours, theirs) in rounded(&averages).iter().zip(published) {
            assert!((ours - theirs).abs() < 0.011, "{ours} for {theirs}");
        }
        assert_eq!(averages.len(), closes.len());
    }

    /// The same, for the index over fourteen days.
    #[test]
    fn a_fourteen_day_strength_is_the_published_one() {
        let closes = [
            44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328,
            45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515,
            45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
        ];
        let published = [
            70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87,
            45.46, 37.30, 33.08, 37.77,
        ];
        let strengths = rsi(&closes, 14);
        assert_eq!(strengths[..14], [None; 14]);
        assert_eq!(rounded(&strengths), published);
    }

    #[test]
    fn strength_is_bounded_and_knows_a_market_that_stands_still() {
        let rising: Vec<f64> = (0..20).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        assert_eq!(rsi(&rising, 14).last(), Some(&Some(100.0)));
        assert_eq!(rsi(&falling, 14).last(), Some(&Some(0.0)));
        assert_eq!(rsi(&[7.0; 20], 14).last(), Some(&Some(50.0)));
    }

    #[test]
    fn bands_of_twenty_days_are_the_published_ones() {
        let closes = [
            86.16, 89.09, 88.78, 90.32, 89.07, 91.15, 89.44, 89.18, 86.93, 87.68, 86.96, 89.43, 89.32, 88.72, 87.45,
            87.26, 89.50, 87.90, 89.13, 90.70,
        ];
        let bands = bollinger(&closes, 20, 2.0);
        assert_eq!(bands[..19], [None; 19]);
        // They were published for closes with more decimals, so they agree to a cent.
        let published = [86.12, 88.71, 91.29];
        let last = bands[19].unwrap();
        assert!(last.iter().zip(published).all(|(ours, theirs)| (ours - theirs).abs() < 0.01), "{last:?}");
    }

    #[test]
    fn too_few_values_give_none_and_never_fail() {
        for length in 0..5 {
            let few = vec![1.0; length];
            assert!(ema(&few, 10).iter().chain(&rsi(&few, 14)).all(Option::is_none));
            assert_eq!(
                (ema(&few, 10).len(), rsi(&few, 14).len(), bollinger(&few, 20, 2.0).len()),
                (length, length, length)
            );
        }
    }
}
