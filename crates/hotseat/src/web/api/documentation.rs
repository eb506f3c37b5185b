//! The API's documentation as a page, made from its description.

use std::sync::OnceLock;

use askama::Template;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::failure::Failure;
use crate::web::page::{Frame, Page};

/// An operation as the page shows it.
struct Operation {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<(String, String)>,
    takes: Option<String>,
    answers: Vec<(String, String)>,
}

/// A shape as the page shows it.
struct Shape {
    name: String,
    about: String,
    fields: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "documentation.html")]
struct DocumentationPage {
    frame: Frame,
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
}

/// The description and its page, which stay as they are as long as the app runs.
pub(in crate::web) struct Documentation {
    /// An OpenAPI document.
    document: Bytes,
    page: OnceLock<Bytes>,
}

impl Documentation {
    pub(super) fn of(description: &OpenApi) -> Documentation {
        let document = serde_json::to_vec(description).unwrap_or_default();
        Documentation { document: document.into(), page: OnceLock::new() }
    }

    /// `GET /api/v1/openapi.json`
    pub(super) fn document(&self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.document.clone()).into_response()
    }

    /// `GET /api`
    pub(in crate::web) fn page(&self) -> Page {
        if let Some(page) = self.page.get() {
            return Ok(Html(page.clone()).into_response());
        }
        let document: Value = serde_json::from_slice(&self.document).map_err(Failure::bug)?;
        let page = DocumentationPage {
            frame: Frame::new("API", "/data"),
            operations: operations(&document),
            shapes: shapes(&document),
        };
        let page = Bytes::from(page.render().map_err(Failure::bug)?);
        Ok(Html(self.page.get_or_init(|| page).clone()).into_response())
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let each = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().cloned().unwrap_or_default();
        let path = path.clone();
        methods.into_iter().map(move |(method, about)| operation(method.to_uppercase(), path.clone(), &about))
    };
    paths.flat_map(each).collect()
}

fn operation(method: String, path: String, about: &Value) -> Operation {
    let parameters = about["parameters"].as_array().into_iter().flatten();
    let answers = about["responses"].as_object().into_iter().flatten();
    Operation {
        method,
        path,
        summary: text(&about["summary"]),
        parameters: parameters.map(|it| (text(&it["name"]), text(&it["description"]))).collect(),
        takes: body(&about["requestBody"]),
        answers: together(
            answers
                .map(|(status, it)| (status.clone(), body(it).unwrap_or_else(|| text(&it["description"])))),
        ),
    }
}

/// Statuses with the same body share a line; they come in their order.
fn together(answers: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (status, about) in answers {
        match lines.iter_mut().find(|line| line.1 == about) {
            Some((statuses, _)) => statuses.extend([", ", &status]),
            None => lines.push((status, about)),
        }
    }
    lines
}

fn shapes(document: &Value) -> Vec<Shape> {
    let shapes = document["components"]["schemas"].as_object().into_iter().flatten();
    let each = |(name, about): (&String, &Value)| {
        let fields = about["properties"].as_object().into_iter().flatten();
        Shape {
            name: name.clone(),
            about: text(&about["description"]),
            fields: fields.map(|(name, it)| (name.clone(), kind(it), text(&it["description"]))).collect(),
        }
    };
    shapes.map(each).collect()
}

/// The shape in a body, if it has one.
fn body(it: &Value) -> Option<String> {
    let content = it["content"].as_object()?;
    let (media, about) = content.iter().next()?;
    let shape = kind(&about["schema"]);
    Some(if media == "application/json" { shape } else { format!("{shape} ({media})") })
}

/// A type in words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_string();
    }
    if let Some(of) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        return of.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => "any".into(),
    }
}

fn text(it: &Value) -> String {
    it.as_str().unwrap_or_default().to_string()
}
