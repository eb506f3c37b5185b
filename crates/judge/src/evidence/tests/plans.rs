//! Real plans, and what the views make of them.

use super::*;

/// What PostgreSQL 15 printed for a sort that spilled, over a join that filtered, cut down to the
/// keys that count; the root's workers must not be taken for nodes.
const SPILLED: &str = r#"[{"Plan": {"Node Type": "Sort", "Actual Rows": 3300, "Actual Loops": 1,
  "Shared Hit Blocks": 3635, "Shared Read Blocks": 18, "Temp Read Blocks": 10, "Temp Written Blocks": 14,
  "WAL Records": 2, "WAL FPI": 0, "WAL Bytes": 144,
  "Workers": [{"Worker Number": 0, "Actual Rows": 9, "Actual Loops": 1}],
  "Plans": [{"Node Type": "Nested Loop", "Actual Rows": 3300, "Actual Loops": 1,
    "Rows Removed by Join Filter": 4, "Shared Hit Blocks": 3635, "Shared Read Blocks": 18,
    "Plans": [
      {"Node Type": "Seq Scan", "Relation Name": "customer", "Alias": "c", "Actual Rows": 33,
       "Actual Loops": 1, "Rows Removed by Filter": 67, "Shared Hit Blocks": 1, "Shared Read Blocks": 0},
      {"Node Type": "Bitmap Heap Scan", "Relation Name": "orders", "Actual Rows": 100, "Actual Loops": 33,
       "Rows Removed by Index Recheck": 1, "Rows Removed by Filter": 100, "Shared Hit Blocks": 3634,
       "Shared Read Blocks": 18,
       "Plans": [{"Node Type": "Bitmap Index Scan", "Index Name": "orders_customer_id_idx",
         "Actual Rows": 200, "Actual Loops": 33, "Shared Hit Blocks": 64, "Shared Read Blocks": 18}]}]}]},
  "Planning": {"Shared Hit Blocks": 42}, "Triggers": [], "Execution Time": 7.358}]"#;

/// PostgreSQL 18 prints rows with decimals.
const FRACTIONAL: &str = r#"[{"Plan": {"Node Type": "Index Scan", "Actual Rows": 0.33, "Actual Loops": 3}}]"#;

#[test]
fn plans_are_counted_as_postgresql_prints_them() {
    let plan = |no, json: &str| PlanRecord {
        probe: "pages".into(),
        phase: 1,
        tick: 1,
        component: "full".into(),
        no: Some(no),
        mode: PlanMode::Generic,
        json: json.into(),
    };
    let (_dir, path) = run(|it| {
        it.plan(&plan(1, SPILLED)).unwrap();
        it.plan(&plan(2, FRACTIONAL)).unwrap();
        let error = it.plan(&plan(3, "Seq Scan on orders")).unwrap_err();
        assert!(error.to_string().contains("plan of `pages` is not JSON"), "{error}");
    });
    let reading = Reading::open(&path, Some(&path)).unwrap();
    let ints = |cells: &[i64]| cells.iter().map(|it| Value::Int(*it)).collect::<Vec<_>>();
    for schema in ["main", "par"] {
        let costs = "no, blocks, temp_blocks, wal_records, wal_bytes, rows_handled, rows_returned";
        let costs = asked(&reading, &format!("SELECT {costs} FROM {schema}.plan_costs"));
        let handled = 3300 + (3300 + 4) + (33 + 67) + (3300 + 33 + 3300) + 6600;
        assert_eq!(costs[0], ints(&[1, 3701, 24, 2, 144, handled, 3300]));
        assert_eq!(costs[1], ints(&[2, 0, 0, 0, 0, 1, 1]));
        let nodes =
            "concat_ws('|', no, mode, path, node, relation, index_name, rows, loops, removed, blocks)";
        let nodes = asked(&reading, &format!("SELECT {nodes} FROM {schema}.plan_nodes"));
        let expected = [
            "1|generic|0|Sort|3300|1|0|3701",
            "1|generic|0.0|Nested Loop|3300|1|4|3653",
            "1|generic|0.0.0|Seq Scan|customer|33|1|67|1",
            "1|generic|0.0.1|Bitmap Heap Scan|orders|3300|33|3333|3652",
            "1|generic|0.0.1.0|Bitmap Index Scan|orders_customer_id_idx|6600|33|0|82",
            "2|generic|0|Index Scan|1|3|0|0",
        ];
        assert_eq!(nodes.concat(), expected.map(|line| Value::Text(line.into())));
    }
}
