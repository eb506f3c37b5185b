//! The words of an answer that earned a point, as stretches that a page can mark.

use std::collections::BTreeSet;

/// A stretch of an answer in which the same points are earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) text: String,
    /// The points that its words earned, by number.
    pub(super) points: Vec<usize>,
    /// The points whose words end with it.
    pub(super) ends: Vec<usize>,
}

/// Cuts an answer where the words of a point begin or end. `quotes` are numbers of points and ranges of
/// characters, which may overlap; what lies outside the answer is left out. Characters that steer are shown
/// as U+FFFD.
pub(super) fn stretches(answer: &str, quotes: &[(usize, [usize; 2])]) -> Vec<Stretch> {
    let characters: Vec<char> = answer.chars().map(harmless).collect();
    let quotes = joined(quotes, characters.len());
    let mut cuts: BTreeSet<usize> = quotes.iter().flat_map(|(_, range)| *range).collect();
    cuts.extend([0, characters.len()]);
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let stretch = |cut: &[usize]| {
        let (from, to) = (cut[0], cut[1]);
        let inside = quotes.iter().filter(|(_, [start, end])| *start <= from && to <= *end);
        Stretch {
            text: characters[from..to].iter().collect(),
            points: inside.clone().map(|(point, _)| *point).collect(),
            ends: inside.filter(|(_, [_, end])| *end == to).map(|(point, _)| *point).collect(),
        }
    };
    cuts.windows(2).map(stretch).collect()
}

/// The ranges by point, those of one point that touch made one.
fn joined(quotes: &[(usize, [usize; 2])], length: usize) -> Vec<(usize, [usize; 2])> {
    let mut ranges: Vec<(usize, [usize; 2])> = quotes
        .iter()
        .map(|(point, [start, end])| (*point, [*start, (*end).min(length)]))
        .filter(|(_, [start, end])| start < end)
        .collect();
    ranges.sort_unstable();
    let mut joined: Vec<(usize, [usize; 2])> = Vec::new();
    for (point, [start, end]) in ranges {
        match joined.last_mut() {
            Some((last, range)) if *last == point && start <= range[1] => range[1] = range[1].max(end),
            _ => joined.push((point, [start, end])),
        }
    }
    joined
}

fn harmless(c: char) -> char {
    if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(answer: &str, quotes: &[(usize, [usize; 2])]) -> Vec<(String, Vec<usize>, Vec<usize>)> {
        stretches(answer, quotes).into_iter().map(|it| (it.text, it.points, it.ends)).collect()
    }

    #[test]
    fn overlapping_words_belong_to_both_points() {
        let text = |it: &str| it.to_string();
        assert_eq!(
            shown("an index first", &[(1, [3, 8]), (2, [6, 14])]),
            [
                (text("an "), vec![], vec![]),
                (text("ind"), vec![1], vec![]),
                (text("ex"), vec![1, 2], vec![1]),
                (text(" first"), vec![2], vec![2]),
            ]
        );
        assert_eq!(shown("", &[(1, [0, 3])]), []);
        assert_eq!(
            shown("🦀é\u{1b}", &[(1, [1, 9]), (1, [2, 3])]),
            [(text("🦀"), vec![], vec![]), (text("é\u{fffd}"), vec![1], vec![1]),]
        );
    }

    proptest! {
        #[test]
        fn every_character_is_there_once_and_belongs_to_the_points_whose_ranges_hold_it(
            answer in "[a-z \nאش🦀é]{0,60}",
            quotes in proptest::collection::vec((1..5_usize, [0..70_usize, 0..70_usize]), 0..12),
        ) {
            let stretches = stretches(&answer, &quotes);
            let whole: String = stretches.iter().map(|it| it.text.as_str()).collect();
            prop_assert_eq!(&whole, &answer);
            let mut at = 0;
            for stretch in &stretches {
                prop_assert!(!stretch.text.is_empty());
                for _ in stretch.text.chars() {
                    let due: BTreeSet<usize> =
                        quotes.iter().filter(|(_, [start, end])| (*start..*end).contains(&at)).map(|it| it.0).collect();
                    prop_assert_eq!(stretch.points.iter().copied().collect::<BTreeSet<_>>(), due);
                    at += 1;
                }
                prop_assert!(stretch.ends.iter().all(|point| stretch.points.contains(point)));
            }
            for pair in stretches.windows(2) {
                let gone = pair[0].points.iter().filter(|point| !pair[1].points.contains(point));
                prop_assert!(gone.eq(pair[0].ends.iter()), "a number stands where the words of its point end");
            }
        }
    }
}
