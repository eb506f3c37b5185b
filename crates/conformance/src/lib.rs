//! Holds what an HTTP service answered against the OpenAPI document that its author handed in, and says
//! whether that document promises anything.
//!
//! Nothing here reads files, opens connections or looks at a clock: text and exchanges in, findings out. A
//! document may be hostile. Its size, nesting, aliases and references are bounded before anything is
//! compiled, and nothing outside the document is ever read.
//!
//! Not examined: bodies that are no JSON, parameters in a style other than the usual one of their place,
//! `callbacks`, `webhooks`, `links`, and `servers` of single paths and operations. Formats (`date-time`,
//! `uuid`, …) count in answers, also in 3.1, where they are comments by default; an accepted request is not
//! held to them.
//!
//! ```
//! let yaml = "
//! openapi: 3.1.0
//! info: {title: Greetings, version: '1'}
//! paths:
//!   /hello:
//!     get:
//!       responses:
//!         '200':
//!           description: a greeting
//!           content:
//!             application/json:
//!               schema: {type: object, required: [text], properties: {text: {type: string, minLength: 1}}}
//! ";
//! let document = conformance::Document::read(yaml).expect("a document");
//! assert!(document.defects().is_empty() && document.vacuities().is_empty());
//! let exchange = conformance::Exchange {
//!     method: "GET".into(),
//!     target: "/hello".into(),
//!     status: 200,
//!     response_headers: vec![("Content-Type".into(), "application/json".into())],
//!     response_body: br#"{"text": 1}"#.to_vec(),
//!     ..Default::default()
//! };
//! assert_eq!(document.examine(&exchange)[0].rule, "body-schema");
//! ```

mod defect;
mod examine;
mod media;
mod model;
mod reader;
mod rules;
mod schema;
mod source;
mod template;
mod vacuity;
mod words;

pub use defect::Defect;
pub use examine::{Deviation, Exchange};
pub use rules::{About, RULES, Rule, rule};

/// An OpenAPI document, read and compiled.
#[derive(Debug)]
pub struct Document {
    model: model::Model,
    compiled: schema::Compiled,
    defects: Vec<Defect>,
    vacuities: Vec<Defect>,
}

impl Document {
    /// Reads an OpenAPI 3.0.x or 3.1.x document in YAML or JSON.
    ///
    /// # Errors
    ///
    /// The rules about [`About::Reading`], when the text is no such document or too large to be looked at.
    /// Whatever else is wrong leaves a document that can be examined; see [`Document::defects`].
    pub fn read(yaml: &str) -> Result<Self, Vec<Defect>> {
        let source = source::Source::read(yaml).map_err(|defect| vec![defect])?;
        let version = reader::version(&source).map_err(|defect| vec![defect])?;
        let mut reader = reader::Reader::new(&source, version);
        let model = reader.read();
        let (schemas, compiled) = schema::Schemas::compile(&mut reader);
        let mut defects = reader.defects;
        defects.sort_by_key(|defect| defect.line);
        if defects.iter().any(Defect::is_fatal) {
            return Err(defects);
        }
        let vacuities = vacuity::find(&schemas, &compiled, &model);
        Ok(Self { model, compiled, defects, vacuities })
    }

    /// What is wrong with the document, by lines: the rules about [`About::Document`]. At most 200.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// Where the document promises so little that every answer would fit: the rules about
    /// [`About::Promise`]. At most 200.
    pub fn vacuities(&self) -> &[Defect] {
        &self.vacuities
    }

    /// The operations, such as `POST /v1/payments`, as the templates name them.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.model.routes.iter().flat_map(|route| &route.operations).map(|operation| operation.name.as_str())
    }

    /// Holds one exchange against the document: the rules about [`About::Exchange`]. At most 20 deviations
    /// are given, those of the answer first.
    pub fn examine(&self, exchange: &Exchange) -> Vec<Deviation> {
        examine::examine(&self.model, &self.compiled, exchange)
    }
}
