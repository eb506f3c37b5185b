//! `percentile(x, p)` and `median(x)`, which SQLite lacks and an ORDER BY answers slowly.

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};

/// The most values of one percentile: 400 MB. A check cannot take the machine's memory.
const VALUES_MAX: usize = 50_000_000;

/// Adds both functions to a connection.
///
/// - `percentile(x, p)` with p from 0 to 1 is the nearest rank: the smallest x such that at least
///   the share p of all values is not greater. It is always one of the values.
/// - `median(x)` is the middle value, or the mean of the two in the middle, always as a float.
///
/// NULLs do not count; without any value the answer is NULL.
pub(super) fn add(db: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_aggregate_function("percentile", 2, flags, Percentile)?;
    db.create_aggregate_function("median", 1, flags, Median)
}

struct Percentile;
struct Median;

/// The values so far. Floats take half the room of a tagged number and sort faster.
struct Values {
    numbers: Vec<f64>,
    all_integers: bool,
    share: f64,
}

impl Values {
    fn new(share: f64) -> Values {
        Values { numbers: Vec::new(), all_integers: true, share }
    }

    fn add(&mut self, function: &str, value: ValueRef<'_>) -> rusqlite::Result<()> {
        let number = match value {
            ValueRef::Null => return Ok(()),
            // Ranks need order only, and that survives the rounding of huge integers.
            ValueRef::Integer(number) => number as f64,
            ValueRef::Real(number) => {
                self.all_integers = false;
                number
            }
            other => {
                return Err(wrong(format!("{function}(x) takes numbers, not {}", other.data_type())));
            }
        };
        if self.numbers.len() == VALUES_MAX {
            return Err(wrong(format!("{function}(x) takes at most {VALUES_MAX} values")));
        }
        self.numbers.push(number);
        Ok(())
    }

    /// The `rank`-th smallest, from 1. Reorders the values.
    fn ranked(&mut self, rank: usize) -> f64 {
        *self.numbers.select_nth_unstable_by(rank - 1, f64::total_cmp).1
    }
}

impl Aggregate<Values, Value> for Percentile {
    fn init(&self, ctx: &mut Context<'_>) -> rusqlite::Result<Values> {
        Ok(Values::new(share(ctx)?))
    }

    fn step(&self, ctx: &mut Context<'_>, values: &mut Values) -> rusqlite::Result<()> {
        if share(ctx)? != values.share {
            return Err(wrong("the p of percentile(x, p) must be the same in every row".into()));
        }
        values.add("percentile", ctx.get_raw(0))
    }

    fn finalize(&self, _: &mut Context<'_>, values: Option<Values>) -> rusqlite::Result<Value> {
        let Some(mut values) = values.filter(|it| !it.numbers.is_empty()) else {
            return Ok(Value::Null);
        };
        let rank = nearest_rank(values.share, values.numbers.len());
        let number = values.ranked(rank);
        // Integers beyond this are not all representable as floats.
        let exact = values.all_integers && number.abs() < 9_007_199_254_740_992.0;
        Ok(if exact { Value::Integer(number as i64) } else { Value::Real(number) })
    }
}

impl Aggregate<Values, Value> for Median {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Values> {
        Ok(Values::new(0.5))
    }

    fn step(&self, ctx: &mut Context<'_>, values: &mut Values) -> rusqlite::Result<()> {
        values.add("median", ctx.get_raw(0))
    }

    fn finalize(&self, _: &mut Context<'_>, values: Option<Values>) -> rusqlite::Result<Value> {
        let Some(mut values) = values.filter(|it| !it.numbers.is_empty()) else {
            return Ok(Value::Null);
        };
        let count = values.numbers.len();
        let upper = values.ranked(count / 2 + 1);
        if count % 2 == 1 {
            return Ok(Value::Real(upper));
        }
        let lower = values.ranked(count / 2);
        // Halved first, because the sum of two large floats may overflow.
        Ok(Value::Real(lower / 2.0 + upper / 2.0))
    }
}

/// The rank, from 1, of the share `p` among `count` values.
fn nearest_rank(share: f64, count: usize) -> usize {
    // 0.07 * 100 is a little more than 7, which must not make it the 8th.
    let rank = (share * count as f64 * (1.0 - 4.0 * f64::EPSILON)).ceil();
    (rank as usize).clamp(1, count)
}

fn share(ctx: &Context<'_>) -> rusqlite::Result<f64> {
    let share = match ctx.get_raw(1) {
        ValueRef::Real(share) => share,
        ValueRef::Integer(share) => share as f64,
        _ => f64::NAN,
    };
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(wrong("the p of percentile(x, p) is a number from 0 to 1, as in 0.99".into()))
    }
}

fn wrong(message: String) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(message.into())
}
