//! Every rule by name, in one place, for the documentation and for messages.

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The document cannot be read; nothing else is said about it.
    Reading,
    /// The document must be right ([`crate::Document::defects`]).
    Document,
    /// The document must promise something ([`crate::Document::vacuities`]).
    Promise,
    /// An exchange must fit the document ([`crate::Document::examine`]).
    Exchange,
}

/// A rule that documents or exchanges are held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The name that defects and deviations carry.
    pub name: &'static str,
    /// What the rule is about.
    pub about: About,
    /// The rule in a sentence.
    pub what: &'static str,
}

const fn reading(name: &'static str, what: &'static str) -> Rule {
    Rule { name, about: About::Reading, what }
}

const fn document(name: &'static str, what: &'static str) -> Rule {
    Rule { name, about: About::Document, what }
}

const fn promise(name: &'static str, what: &'static str) -> Rule {
    Rule { name, about: About::Promise, what }
}

const fn exchange(name: &'static str, what: &'static str) -> Rule {
    Rule { name, about: About::Exchange, what }
}

/// All rules.
pub const RULES: &[Rule] = &[
    reading(
        "size",
        "The document keeps within limits: bytes, values, names, with aliases and references written out.",
    ),
    reading("syntax", "The document is one YAML 1.2 or JSON text."),
    reading("duplicate-key", "No name stands twice in one object."),
    reading("aliases", "No YAML alias stands inside the value that it repeats."),
    reading("openapi", "`openapi` names a version 3.0.x or 3.1.x."),
    reading("nesting", "Values and schemas are nested to a bounded depth."),
    document("structure", "Objects, lists and booleans stand where OpenAPI has them."),
    document("info", "`info` has a title and a version, both text."),
    document("paths", "`paths` is there."),
    document("ref", "Each `$ref` leads to a part of this document that fits there."),
    document("ref-remote", "No `$ref` leads to another file or address."),
    document("ref-cycle", "No `$ref` leads only back to itself."),
    document(
        "path-template",
        "Each path begins with a slash, has no query, and its braces hold names that differ.",
    ),
    document("path-duplicate", "No two paths differ only in the names of their variables."),
    document("path-ambiguous", "Of two templates that fit the same path, one is closer."),
    document("path-parameter-missing", "Each variable of a path is declared with `in: path`."),
    document("path-parameter-unused", "Each parameter with `in: path` stands in the path."),
    document("path-parameter-optional", "A path parameter has `required: true`."),
    document("parameter", "A parameter has a name, a place and either a schema or one content."),
    document("parameter-duplicate", "No parameter is declared twice for one operation."),
    document("operation-id", "An `operationId` names one operation."),
    document("request-body", "A request body has at least one media type."),
    document("body-on-get", "GET, HEAD and TRACE have no request body."),
    document("responses", "Each operation has responses."),
    document("response-description", "Each response has a description."),
    document("status-key", "Keys of `responses` are statuses, ranges such as 4XX, or default."),
    document("status-without-body", "Statuses for which HTTP allows no body describe none."),
    document("error-schema", "Each 4xx and 5xx answer has a body with a schema."),
    document("media-type", "Keys of `content` are media types or ranges of them."),
    document("security-scheme", "Each security scheme that is asked for is described."),
    document("schema", "Each schema is a valid schema of its version of OpenAPI."),
    document("pattern", "Each pattern is a regular expression that can be compiled."),
    document("version-keyword", "No schema uses a keyword that its version of OpenAPI ignores."),
    document("required-property", "Each required name is one of the properties."),
    document("enum", "An enum has values, and each is of the schema's type."),
    document("type-format", "A format belongs to the type beside it."),
    document("limits", "No lower limit is above its upper limit."),
    document("array-items", "A list describes its items."),
    document("example", "Examples and defaults fit their schemas."),
    promise("no-operations", "The document describes at least one operation."),
    promise(
        "only-default",
        "An operation describes at least one status by itself, not only ranges and `default`.",
    ),
    promise("success-no-schema", "A successful JSON answer has a schema."),
    promise("content-any", "Bodies name their media type instead of a range."),
    promise("body-any", "The schema of a body refuses something."),
    promise("body-bare-object", "An object as a body describes its members."),
    promise("body-catch-all", "A body does not invite members of any name and kind."),
    promise("body-no-required", "A body with members requires at least one."),
    promise("body-hollow", "At least one member of a body is described by more than its name."),
    promise(
        "request-unconstrained",
        "At least one member of a request has limits, a pattern, a format or an enum.",
    ),
    exchange("path-unknown", "The path fits a template, or the answer is 404."),
    exchange("method-unknown", "The method is described for the path, or the answer is 405."),
    exchange("status-unknown", "The status is described for the operation."),
    exchange("content-type-unknown", "The media type is described for the status."),
    exchange("content-type-missing", "An answer with a body has a Content-Type."),
    exchange("body-missing", "An answer has the body that is described for it."),
    exchange("body-unexpected", "An answer to HEAD, and one with 1xx, 204, 205 or 304, has no body."),
    exchange("body-not-json", "A body is JSON when its media type says so."),
    exchange("body-schema", "A body fits its schema."),
    exchange("header-missing", "Required headers of an answer are there."),
    exchange("header-schema", "Headers of an answer fit their schemas."),
    exchange("accepted", "A request that does not fit the document is not answered with success."),
];

/// The rule of a name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

pub(crate) fn known(name: &str) -> bool {
    rule(name).is_some()
}
