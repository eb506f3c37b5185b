//! What holds for any values.

use proptest::prelude::*;

use super::*;

/// The definition, word for word: the smallest value with at least the share p at or below it.
fn by_definition(values: &[i64], hundredths: usize) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let enough = |value: &&i64| {
        sorted.iter().filter(|other| other <= value).count() * 100 >= hundredths * sorted.len()
    };
    *sorted.iter().find(enough).unwrap()
}

fn cell() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter("NaN is kept as text", |it| !it.is_nan()).prop_map(Value::Float),
        any::<String>().prop_map(Value::Text),
    ]
}

proptest! {
    #[test]
    fn a_percentile_is_the_nearest_rank(
        values in prop::collection::vec(-1000_i64..1000, 1..80),
        hundredths in 0_usize..=100,
    ) {
        let reading = Reading::empty(&[]).unwrap();
        let rows: Vec<String> = values.iter().map(|it| format!("({it})")).collect();
        let sql = format!(
            "WITH v(x) AS (VALUES {}, (NULL)) SELECT percentile(x, {hundredths} / 100.0), median(x) FROM v",
            rows.join(", ")
        );
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let (lower, upper) = (sorted[(values.len() - 1) / 2], sorted[values.len() / 2]);
        let median = Value::Float((lower + upper) as f64 / 2.0);
        prop_assert_eq!(asked(&reading, &sql), [[Value::Int(by_definition(&values, hundredths)), median]]);
    }

    #[test]
    fn rows_come_back_as_they_were_written(rows in prop::collection::vec((cell(), cell()), 0..20)) {
        // A column without a type of its own in the test: text is never converted.
        let typed = columns(&[("a", ColumnType::Text), ("b", ColumnType::Text)]);
        let text = |value: &Value| match value {
            Value::Text(_) | Value::Null => value.clone(),
            other => Value::Text(format!("{other:?}")),
        };
        let rows: Vec<Vec<Value>> = rows.iter().map(|(a, b)| vec![text(a), text(b)]).collect();
        let (_dir, path) = run(|it| { it.probe("p", &place(None), &typed, rows.clone()).unwrap(); });
        let reading = Reading::open(&path, None).unwrap();
        prop_assert_eq!(asked(&reading, "SELECT a, b FROM p ORDER BY row"), rows);
    }

    #[test]
    fn numbers_come_back_exactly(rows in prop::collection::vec((any::<i64>(), any::<f64>()), 0..20)) {
        let typed = columns(&[("a", ColumnType::Int), ("b", ColumnType::Float)]);
        let rows: Vec<Vec<Value>> = rows
            .iter()
            .filter(|(_, b)| !b.is_nan())
            .map(|(a, b)| vec![Value::Int(*a), Value::Float(*b)])
            .collect();
        let (_dir, path) = run(|it| { it.parameters("p", &typed, rows.clone()).unwrap(); });
        let reading = Reading::open(&path, None).unwrap();
        prop_assert_eq!(asked(&reading, "SELECT a, b FROM p ORDER BY no"), rows);
    }

    #[test]
    fn no_query_panics(sql in "(SELECT|WITH|VALUES)? ?[a-z0-9 (),*'\"=;:.-]{0,40}") {
        let _ = Reading::empty(&[]).unwrap().query(&sql);
    }
}
