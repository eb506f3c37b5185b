//! Learners who prepare for an interview under different schedules.

use fsrs::{DEFAULT_PARAMETERS, FSRS, MemoryState};

use crate::schedule::memory::{FIRST_RATINGS, RECALLED_RATINGS};
use crate::schedule::*;

const QUESTIONS: usize = 40;
const DRILLS: usize = 3;
const CARDS: usize = QUESTIONS + DRILLS;
const LEARNERS: u64 = 30;
/// How often each learner lives through it, so that luck does not decide.
const LIVES: u64 = 3;
/// The standard deviation of the logarithms of a learner's parameters.
const NOISE: f64 = 0.15;
/// How much less than with another schedule a single learner may recall: what is left of luck.
const HAIR: f64 = 0.015;
const START: i64 = 1_790_000_000_000;

/// Someone whose memory follows FSRS, with parameters of their own that no schedule knows.
struct Learner {
    memory: FSRS,
    decay: f64,
    first: [f64; 4],
    recalled: [f64; 3],
    seed: u64,
}

impl Learner {
    fn new(seed: u64) -> Learner {
        let mut dice = Dice(seed.wrapping_mul(7919));
        let mut parameters = DEFAULT_PARAMETERS.map(|parameter| parameter * dice.factor(NOISE) as f32);
        parameters[20] = parameters[20].clamp(0.1, 0.8);
        let habits = |shares: &[f64], dice: &mut Dice| {
            let shares: Vec<f64> = shares.iter().map(|share| share * dice.factor(2.0 * NOISE)).collect();
            let sum: f64 = shares.iter().sum();
            shares.into_iter().map(|share| share / sum).collect::<Vec<_>>()
        };
        Learner {
            memory: FSRS::new(&parameters).expect("21 finite parameters"),
            decay: f64::from(parameters[20]),
            first: habits(&FIRST_RATINGS, &mut dice).try_into().expect("as many as before"),
            recalled: habits(&RECALLED_RATINGS, &mut dice).try_into().expect("as many as before"),
            seed,
        }
    }

    fn recall(&self, memory: MemoryState, days: i64) -> f64 {
        let factor = 0.9_f64.powf(-1.0 / self.decay) - 1.0;
        (1.0 + factor * days as f64 / f64::from(memory.stability)).powf(-self.decay)
    }

    /// How the learner does. The same learner has the same luck at the same review, whatever the schedule.
    fn answer(&self, memory: Option<MemoryState>, days: i64, mut dice: Dice) -> Rating {
        let (luck, ease) = (dice.roll(), dice.roll());
        let rating = match memory {
            None => pick(&self.first, luck),
            Some(memory) if luck < self.recall(memory, days) => 1 + pick(&self.recalled, ease),
            Some(_) => 0,
        };
        [Rating::Again, Rating::Hard, Rating::Good, Rating::Easy][rating]
    }

    fn after(&self, memory: Option<MemoryState>, days: i64, rating: Rating) -> MemoryState {
        let next = self.memory.next_states(memory, 0.9, days as u32).expect("a finite memory");
        [next.again, next.hard, next.good, next.easy][rating as usize - 1].memory
    }
}

fn pick(shares: &[f64], mut luck: f64) -> usize {
    for (place, share) in shares.iter().enumerate() {
        if luck < *share {
            return place;
        }
        luck -= share;
    }
    shares.len() - 1
}

/// SplitMix64: the same everywhere, for ever.
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Log-normal around 1.
    fn factor(&mut self, deviation: f64) -> f64 {
        let (radius, angle) = ((-2.0 * (1.0 - self.roll()).ln()).sqrt(), std::f64::consts::TAU * self.roll());
        (deviation * radius * angle.cos()).exp()
    }
}

/// Which cards to review on a day.
trait Policy {
    fn choose(&self, day: usize, cards: &[Candidate], now: i64) -> Vec<usize>;
}

/// Ours, with the prices of the first day kept, because that is quick.
impl Policy for Outlook {
    fn choose(&self, day: usize, cards: &[Candidate], now: i64) -> Vec<usize> {
        Outlook::choose(self, day, cards, now)
    }
}

/// Those with the least key first, as many as the day takes: no review is given away.
struct Order<F>(usize, F);

impl<F: Fn(&Card, i64) -> i64> Policy for Order<F> {
    fn choose(&self, _day: usize, cards: &[Candidate], now: i64) -> Vec<usize> {
        let mut places: Vec<usize> = (0..cards.len()).collect();
        places.sort_by_key(|&place| (self.1(&cards[place].card, now), place));
        places.truncate(self.0);
        places
    }
}

fn plain(card: &Card, _now: i64) -> i64 {
    card.due
}

fn every_four_days(card: &Card, _now: i64) -> i64 {
    card.last_review.map_or(START, |last| last + 4 * DAY_MS)
}

/// The mean recall on the day of the interview, and how many reviews it took.
fn live(learner: &Learner, life: u64, days: usize, policy: &dyn Policy) -> (f64, usize) {
    let mut cards = new_cards();
    let mut memories = [None; CARDS];
    let mut reviews = [0_u64; CARDS];
    for day in 0..days {
        let now = START + day as i64 * DAY_MS;
        for place in policy.choose(day, &cards, now) {
            let card = &mut cards[place].card;
            let elapsed = card.last_review.map_or(0, |last| (now - last) / DAY_MS);
            let dice = Dice((learner.seed << 40) ^ (life << 32) ^ ((place as u64) << 16) ^ reviews[place]);
            let rating = learner.answer(memories[place], elapsed, dice);
            memories[place] = Some(learner.after(memories[place], elapsed, rating));
            *card = review(card.clone(), rating, now);
            reviews[place] += 1;
        }
    }
    let end = START + days as i64 * DAY_MS;
    let recall = cards.iter().zip(memories).map(|(card, memory)| match (memory, card.card.last_review) {
        (Some(memory), Some(last)) => learner.recall(memory, (end - last) / DAY_MS),
        _ => 0.0,
    });
    (recall.sum::<f64>() / CARDS as f64, reviews.iter().sum::<u64>() as usize)
}

/// For each learner, the mean recall over their lives; and the mean number of reviews.
fn lives(days: usize, policy: &dyn Policy) -> (Vec<f64>, f64) {
    let mut reviews = 0;
    let recalls = (1..=LEARNERS).map(|seed| {
        let learner = Learner::new(seed);
        let lives = (0..LIVES).map(|life| live(&learner, life, days, policy));
        let sum: f64 = lives.inspect(|(_, count)| reviews += count).map(|(recall, _)| recall).sum();
        sum / LIVES as f64
    });
    let recalls = recalls.collect();
    (recalls, reviews as f64 / (LEARNERS * LIVES) as f64)
}

struct Row {
    days: usize,
    budget: usize,
    ours: (Vec<f64>, f64),
    plain: (Vec<f64>, f64),
    fixed: (Vec<f64>, f64),
}

fn new_cards() -> Vec<Candidate> {
    let kind = |place| if place < QUESTIONS { CardKind::Question } else { CardKind::Drill };
    let card = |place| Card::new(kind(place), format!("card-{place}"), START);
    (0..CARDS).map(|place| Candidate { card: card(place), minutes: 1 }).collect()
}

fn row(days: usize, budget: usize) -> Row {
    let outlook = Outlook::new(&new_cards(), START, &vec![budget as u32; days]);
    Row {
        days,
        budget,
        ours: lives(days, &outlook),
        plain: lives(days, &Order(budget, plain)),
        fixed: lives(days, &Order(budget, every_four_days)),
    }
}

fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / figures.len() as f64
}

/// The learner for whom ours does worst beside theirs.
fn worst(ours: &[f64], theirs: &[f64]) -> f64 {
    ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs).fold(f64::MAX, f64::min)
}

/// `cargo test -p study simulation -- --nocapture` prints the table.
#[test]
fn more_is_recalled_on_the_day_than_with_plain_fsrs_or_a_fixed_interval() {
    let settings = [(10, [5, 8, 12]), (21, [3, 5, 8]), (60, [2, 3, 5])];
    let rows: Vec<Row> = std::thread::scope(|scope| {
        let started =
            settings.map(|(days, budgets)| scope.spawn(move || budgets.map(|budget| row(days, budget))));
        started.into_iter().flat_map(|rows| rows.join().expect("no panic")).collect()
    });
    println!(
        "| days | reviews a day | reviews | to the date | plain FSRS | every 4 days | least gain over either |"
    );
    println!("|---|---|---|---|---|---|---|");
    for Row { days, budget, ours, plain, fixed } in &rows {
        let [recall, plain_recall, fixed_recall] =
            [ours, plain, fixed].map(|(recalls, _)| 100.0 * mean(recalls));
        let least = 100.0 * worst(&ours.0, &plain.0).min(worst(&ours.0, &fixed.0));
        let reviews = ours.1;
        println!(
            "| {days} | {budget} | {reviews:.0} | **{recall:.1} %** | {plain_recall:.1} % | {fixed_recall:.1} % | {least:+.1} |"
        );
    }
    for Row { days, budget, ours, plain, fixed } in &rows {
        let at = format!("{days} days, {budget} reviews a day");
        for (theirs, name) in [(plain, "plain FSRS"), (fixed, "a fixed interval")] {
            assert!(ours.1 <= theirs.1, "{at}: more reviews than {name}");
            assert!(mean(&ours.0) > mean(&theirs.0) + 0.003, "{at}: no more recall than {name}");
            assert!(worst(&ours.0, &theirs.0) > -HAIR, "{at}: a learner did worse than with {name}");
        }
    }
}

/// Ours as the binary does it: priced anew each day.
struct Anew(usize, u32);

impl Policy for Anew {
    fn choose(&self, day: usize, cards: &[Candidate], now: i64) -> Vec<usize> {
        let today = jiff::civil::date(2026, 11, 24);
        let date = today.checked_add(jiff::Span::new().days((self.0 - day) as i64)).expect("a date");
        choose(cards, now, today, Some(date), self.1)
    }
}

#[test]
fn prices_found_anew_each_day_do_as_well() {
    let (days, budget) = (10, 8);
    let kept = Outlook::new(&new_cards(), START, &vec![budget; days]);
    let mean_of = |policy: &dyn Policy| {
        let recalls: Vec<f64> = (1..=10).map(|seed| live(&Learner::new(seed), 0, days, policy).0).collect();
        mean(&recalls)
    };
    let (anew, kept) = (mean_of(&Anew(days, budget)), mean_of(&kept));
    assert!(anew > kept - 0.003, "{anew} and {kept}");
}
