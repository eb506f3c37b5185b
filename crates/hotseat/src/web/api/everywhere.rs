//! What any resource may answer, whatever it is: said in the description once for all.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, OpenApi, Ref, ResponseBuilder};

/// What can become of a request before a resource hears of it, or instead of its answer.
const EVERYWHERE: [(&str, &str); 3] = [
    ("421", "`Host` is not this app's address"),
    ("500", "A mistake in hotseat; the detail says what to report"),
    ("503", "The store or the disk cannot be used now"),
];
/// What besides can become of a request that changes something.
const CHANGING: [(&str, &str); 1] = [("403", "It comes from another site")];

/// Adds to each operation the answers that any may give, where it does not tell of them itself.
pub(super) fn describe(api: &mut OpenApi) {
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.get].into_iter().flatten() {
            add(operation, &EVERYWHERE);
        }
        for operation in [&mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            add(operation, &EVERYWHERE);
            add(operation, &CHANGING);
        }
    }
}

fn add(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, told) in answers {
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new().description(*told);
            response.content("application/problem+json", problem).build().into()
        });
    }
}
