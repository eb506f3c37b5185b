//! What the API reads from a request; what is wrong with it is told as `application/problem+json`.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;
use crate::web::failed::{ApiFailed, Failed};

/// A body of JSON, an object.
#[derive(Debug)]
pub(crate) struct ApiJson<T>(pub(crate) T);

/// The parameters in a path.
#[derive(Debug)]
pub(crate) struct ApiPath<T>(pub(crate) T);

/// The parameters behind the question mark.
#[derive(Debug)]
pub(crate) struct ApiQuery<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiFailed;

    async fn from_request(request: Request, state: &S) -> Result<ApiJson<T>, ApiFailed> {
        let value = match axum::Json::<Value>::from_request(request, state).await {
            Ok(axum::Json(value)) => value,
            Err(why) => return Err(refused(why.status(), &why.body_text())),
        };
        // serde would take a list as the fields of a shape, in their order.
        if !value.is_object() {
            return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, "the body is JSON, but no object"));
        }
        // Read as text once more, because then what is wrong is told with its place.
        let text = serde_json::to_vec(&whole_numbers(value)).unwrap_or_default();
        match axum::Json::<T>::from_bytes(&text) {
            Ok(axum::Json(fits)) => Ok(ApiJson(fits)),
            Err(why) => {
                let why = format!("the body does not fit: {}", why.body_text());
                Err(refused(StatusCode::UNPROCESSABLE_ENTITY, &why))
            }
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiFailed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ApiPath<T>, ApiFailed> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(ApiPath(value)),
            Err(why) => Err(refused(why.status(), &why.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiFailed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ApiQuery<T>, ApiFailed> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(ApiQuery(value)),
            Err(why) => Err(refused(why.status(), &why.body_text())),
        }
    }
}

/// In JSON Schema `87.0` is an integer, and in some languages no number is written otherwise.
fn whole_numbers(value: Value) -> Value {
    /// Up to here a float holds every whole number.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT_MAX => {
                Value::from(float as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(values) => values.into_iter().map(whole_numbers).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, whole_numbers(value))).collect()
        }
        other => other,
    }
}

fn refused(status: StatusCode, why: &str) -> ApiFailed {
    let failure = Failure::usage(why).hint("/api/v1/openapi.json says what is taken");
    ApiFailed(Failed::with(status, failure))
}
