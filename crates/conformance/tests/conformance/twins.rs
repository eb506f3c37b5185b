//! A document in 3.0 and its twin in 3.1 are judged alike.

use crate::fixture::{NEW, PAYMENT, PAYMENTS, PROBLEM, get, payments_30, post, read};

#[test]
fn twins_judge_exchanges_alike() {
    let (new, old) = (read(PAYMENTS), read(&payments_30()));
    let page = |next: &str| format!(r#"{{"data": [{PAYMENT}], "next": {next}}}"#);
    let noted = |note: &str| PAYMENT.replace("\"id\"", &format!("\"note\": {note}, \"id\""));
    for (exchange, fits) in [
        (post(NEW, 201, PAYMENT), true),
        (post(&NEW.replace("1250", "0"), 201, PAYMENT), false),
        (post(&NEW.replace("1250", "1"), 201, PAYMENT), true),
        (post(NEW, 201, &PAYMENT.replace("1250", "0")), false),
        (post(NEW, 422, PROBLEM), true),
        (get("/v1/payments", 200, &page("null")), true),
        (get("/v1/payments", 200, &page("\"c\"")), true),
        (get("/v1/payments", 200, &page("1")), false),
        (get("/v1/payments/p1", 200, &noted("null")), true),
        (get("/v1/payments/p1", 200, &noted("7")), false),
    ] {
        assert_eq!(new.examine(&exchange), old.examine(&exchange));
        assert_eq!(new.examine(&exchange).is_empty(), fits, "{exchange:?}");
    }
}

#[test]
fn twins_have_the_same_defects() {
    for (from, to) in [
        ("\"4XX\":", "\"4xx\":"),
        ("required: [type, title, status]", "required: [type, title, state]"),
        ("amount: 1250", "amount: 0"),
        ("enum: [captured, declined, pending]", "enum: []"),
        ("$ref: \"#/components/schemas/Payment\"", "$ref: \"#/components/schemas/Pay\""),
    ] {
        let new = read(&PAYMENTS.replacen(from, to, 1));
        let old = read(&payments_30().replacen(from, to, 1));
        let names = |document: &conformance::Document| -> Vec<_> {
            document
                .defects()
                .iter()
                .map(|defect| (defect.rule, defect.place.clone(), defect.what.clone()))
                .collect()
        };
        assert!(!new.defects().is_empty(), "{to}");
        assert_eq!(names(&new), names(&old), "{to}");
    }
}
