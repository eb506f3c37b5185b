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
        match axum::Json::from_bytes(value.to_string().as_bytes()) {
            Ok(axum::Json(value)) => Ok(ApiJson(value)),
            Err(why) => Err(refused(why.status(), &why.body_text())),
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

fn refused(status: StatusCode, why: &str) -> ApiFailed {
    let failure = Failure::usage(why).hint("/api/v1/openapi.json says what is taken");
    ApiFailed(Failed::with(status, failure))
}
