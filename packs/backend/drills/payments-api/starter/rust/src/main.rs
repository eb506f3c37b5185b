//! A payments service: POST /v1/payments charges a card, GET reads payments back.

use std::collections::HashMap;
use std::env::var;
use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::{NoTls, Row};

#[derive(Deserialize, Serialize)]
struct Order {
    amount: i32,
    currency: String,
    card: String,
    reference: String,
}

struct Service {
    database: String,
    gateway: String,
    http: Client<HttpConnector, Body>,
}

// The lock is for two instances that start at once.
const TABLES: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(1);
    CREATE TABLE IF NOT EXISTS payments (
        id serial PRIMARY KEY,
        idempotency_key text,
        amount integer NOT NULL,
        currency text NOT NULL,
        card text NOT NULL,
        reference text NOT NULL,
        status text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    );
    COMMIT;";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service {
        database: var("DATABASE_URL")?,
        gateway: var("GATEWAY_URL")?,
        http: Client::builder(TokioExecutor::new()).build_http(),
    };
    service.connect().await?.batch_execute(TABLES).await?;

    let app = Router::new()
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/v1/payments", get(list).post(create))
        .route("/v1/payments/{id}", get(one))
        .fallback(|| async { fail(StatusCode::NOT_FOUND, "not found") })
        .with_state(Arc::new(service));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", var("PORT")?)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn create(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Failure> {
    let Ok(order) = serde_json::from_str::<Order>(&body) else {
        return Ok(fail(
            StatusCode::BAD_REQUEST,
            "amount, currency, card and reference are required",
        ));
    };
    if order.amount == 0 || order.currency.is_empty() || order.card.is_empty() {
        return Ok(fail(
            StatusCode::BAD_REQUEST,
            "amount, currency and card must not be empty",
        ));
    }

    let db = service.connect().await?;
    let key = headers
        .get("Idempotency-Key")
        .and_then(|value| value.to_str().ok());
    if key.is_some() {
        let statement = "SELECT * FROM payments WHERE idempotency_key = $1";
        if let Some(row) = db.query_opt(statement, &[&key]).await? {
            return Ok(Json(to_json(&row)).into_response());
        }
    }
    let status = service.charge(&order).await?;
    let row = db
        .query_one(
            "INSERT INTO payments (idempotency_key, amount, currency, card, reference, status)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING *",
            &[
                &key,
                &order.amount,
                &order.currency,
                &order.card,
                &order.reference,
                &status,
            ],
        )
        .await?;
    if status == "declined" {
        return Ok(fail(StatusCode::PAYMENT_REQUIRED, "the card was declined"));
    }
    Ok(Json(to_json(&row)).into_response())
}

impl Service {
    async fn connect(&self) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.database, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Charges the card; tries three times.
    async fn charge(&self, order: &Order) -> Result<&'static str, Box<dyn Error + Send + Sync>> {
        for _ in 0..3 {
            let request = Request::post(format!("{}/charges", self.gateway))
                .header("Content-Type", "application/json")
                .body(Body::from(serde_json::to_vec(order)?))?;
            match self.http.request(request).await {
                Ok(response) if response.status() == StatusCode::OK => return Ok("captured"),
                Ok(response) if response.status() == StatusCode::PAYMENT_REQUIRED => {
                    return Ok("declined");
                }
                _ => continue,
            }
        }
        Err("the gateway does not answer".into())
    }
}

async fn one(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let Ok(id) = id.parse::<i32>() else {
        return Ok(fail(StatusCode::NOT_FOUND, "not found"));
    };
    let db = service.connect().await?;
    match db
        .query_opt("SELECT * FROM payments WHERE id = $1", &[&id])
        .await?
    {
        Some(row) => Ok(Json(to_json(&row)).into_response()),
        None => Ok(fail(StatusCode::NOT_FOUND, "not found")),
    }
}

async fn list(
    State(service): State<Arc<Service>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let number =
        |name: &str, default: i64| query.get(name).map_or(Ok(default), |text| text.parse());
    let (limit, offset) = (number("limit", 20)?, number("cursor", 0)?);
    let db = service.connect().await?;
    let rows = db
        .query(
            "SELECT * FROM payments ORDER BY id DESC LIMIT $1 OFFSET $2",
            &[&limit, &offset],
        )
        .await?;
    let next = (rows.len() as i64 == limit).then(|| (offset + limit).to_string());
    let data: Vec<Value> = rows.iter().map(to_json).collect();
    Ok(Json(json!({"data": data, "next": next})).into_response())
}

fn to_json(row: &Row) -> Value {
    json!({
        "id": row.get::<_, i32>("id").to_string(),
        "amount": row.get::<_, i32>("amount"),
        "currency": row.get::<_, &str>("currency"),
        "reference": row.get::<_, &str>("reference"),
        "status": row.get::<_, &str>("status"),
        "created_at": row.get::<_, DateTime<Utc>>("created_at"),
    })
}

fn fail(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

/// Whatever a handler did not expect.
struct Failure(Box<dyn Error + Send + Sync>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        fail(StatusCode::INTERNAL_SERVER_ERROR, &self.0.to_string())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.into())
    }
}
