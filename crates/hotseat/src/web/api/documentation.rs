//! The API's documentation as a page, made from its description.

use askama::Template;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::web::page::{Frame, render};

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

/// `GET /api`
pub(crate) fn documentation(description: &OpenApi) -> Response {
    let document = serde_json::to_value(description).unwrap_or_default();
    let page = DocumentationPage {
        frame: Frame::new("API", "/data"),
        operations: operations(&document),
        shapes: shapes(&document),
    };
    render(&page).into_response()
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
        answers: answers
            .map(|(status, it)| (status.clone(), body(it).unwrap_or_else(|| text(&it["description"]))))
            .collect(),
    }
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
