//! The memory of one card: the only place that knows the `fsrs` crate.

use std::sync::LazyLock;

use fsrs::{FSRS, FSRS6_DEFAULT_DECAY, FSRSItem, FSRSReview, MemoryState};
use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, RETENTION, Rating};

/// FSRS-6 with the parameters of its authors' many learners, which beat SM-2 for nine of ten people.
static MODEL: LazyLock<FSRS> = LazyLock::new(FSRS::default);
const DECAY: f64 = FSRS6_DEFAULT_DECAY as f64;
/// Makes the recall 0.9 when as many days have passed as the stability says.
static FACTOR: LazyLock<f64> = LazyLock::new(|| 0.9_f64.powf(-1.0 / DECAY) - 1.0);

/// How often learners rate a new card again, hard, good, easy: as the fsrs crate's own simulator has it.
pub(super) const FIRST_RATINGS: [f64; 4] = [0.24, 0.094, 0.495, 0.171];
/// How often they rate a card that they recalled hard, good, easy.
pub(super) const RECALLED_RATINGS: [f64; 3] = [0.224, 0.631, 0.145];

/// What FSRS knows of the memory of a card, as it was right after a review.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// After how many days the recall has sunk to 0.9.
    pub stability_days: f64,
    /// How hard the memory is to strengthen, from 1 to 10.
    pub difficulty: f64,
}

/// What a review with a certain rating makes of a memory.
pub(super) struct Outcome {
    pub(super) memory: Memory,
    /// After how many days it is due.
    pub(super) interval_days: f64,
}

impl Memory {
    /// Nothing if these are no figures that a memory can have, as in a store that was tampered with.
    pub(super) fn checked(self) -> Option<Memory> {
        let sound =
            self.stability_days.is_finite() && self.stability_days > 0.0 && self.difficulty.is_finite();
        sound.then(|| Memory {
            stability_days: self.stability_days.clamp(0.001, f64::from(DAYS_MAX)),
            difficulty: self.difficulty.clamp(1.0, 10.0),
        })
    }

    /// How likely it is to be recalled `days` after the review.
    pub(super) fn recall(self, days: f64) -> f64 {
        (1.0 + *FACTOR * days / self.stability_days).powf(-DECAY)
    }

    /// The memory that is recalled with this likelihood after so many days.
    fn with_recall(recall: f64, days: f64, difficulty: f64) -> Memory {
        let stability_days = *FACTOR * days / (recall.powf(-1.0 / DECAY) - 1.0);
        Memory { stability_days: stability_days.clamp(0.001, f64::from(DAYS_MAX)), difficulty }
    }

    fn state(self) -> MemoryState {
        MemoryState { stability: self.stability_days as f32, difficulty: self.difficulty as f32 }
    }

    fn of(state: MemoryState) -> Memory {
        Memory { stability_days: f64::from(state.stability), difficulty: f64::from(state.difficulty) }
    }
}

/// What a review with this `rating`, `days` after the last one, makes of a memory.
pub(super) fn rated(memory: Option<Memory>, days: u32, rating: Rating) -> Outcome {
    // One review of a history is a quarter of the work of `next_states`, which answers for every rating.
    let review = FSRSReview { rating: u32::from(u8::from(rating)), delta_t: days };
    let item = FSRSItem { reviews: vec![review] };
    let state = MODEL.memory_state(item, memory.map(Memory::state)).expect("a checked memory is finite");
    let interval = MODEL.next_interval(Some(state.stability), RETENTION, review.rating);
    Outcome { memory: Memory::of(state), interval_days: f64::from(interval) }
}

/// Each memory that a review may leave behind, with how likely it is.
pub(super) fn outcomes(memory: Option<Memory>, days: u32) -> [(f64, Memory); 4] {
    let likely = match memory {
        None => FIRST_RATINGS,
        Some(memory) => {
            let recall = memory.recall(f64::from(days));
            let [hard, good, easy] = RECALLED_RATINGS.map(|share| share * recall);
            [1.0 - recall, hard, good, easy]
        }
    };
    let mut likely = likely.into_iter();
    states(memory, days).map(|state| (likely.next().unwrap_or(0.0), Memory::of(state)))
}

/// The one memory that stands for all that a review may leave behind: recalled after `left_days` as often as
/// they are on average.
pub(super) fn expected(memory: Option<Memory>, days: u32, left_days: u32) -> Memory {
    let left_days = f64::from(left_days.max(1));
    let (mut recall, mut difficulty) = (0.0, 0.0);
    for (likely, memory) in outcomes(memory, days) {
        recall += likely * memory.recall(left_days);
        difficulty += likely * memory.difficulty;
    }
    Memory::with_recall(recall, left_days, difficulty)
}

fn states(memory: Option<Memory>, days: u32) -> [MemoryState; 4] {
    let memory = memory.map(Memory::state);
    let states = MODEL.next_states(memory, RETENTION, days).expect("a checked memory is finite");
    [states.again, states.hard, states.good, states.easy].map(|state| state.memory)
}
