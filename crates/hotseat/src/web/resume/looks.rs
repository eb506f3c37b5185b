//! How a résumé is to be looked at, as addresses and forms say it.

use serde::{Deserialize, Serialize};
use typeset::{Paper, Template};
use utoipa::{IntoParams, ToSchema};

use crate::use_cases::resume::Look;

/// The name of a template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::web) enum ResumeTemplate {
    #[default]
    Plain,
    Compact,
    Classic,
}

/// The name of a paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::web) enum ResumePaper {
    #[default]
    A4,
    Letter,
}

/// How a résumé is to be looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wish {
    /// What it looks like
    #[serde(default)]
    #[param(inline, required = false)]
    pub(in crate::web) template: ResumeTemplate,
    /// What it is printed on
    #[serde(default)]
    #[param(inline, required = false)]
    pub(in crate::web) paper: ResumePaper,
    /// What has this tag, and what has none; without one, all of it
    #[serde(default)]
    pub(in crate::web) variant: Option<String>,
}

impl Wish {
    pub(in crate::web) fn look(&self) -> Look {
        let template = match self.template {
            ResumeTemplate::Plain => Template::Plain,
            ResumeTemplate::Compact => Template::Compact,
            ResumeTemplate::Classic => Template::Classic,
        };
        let paper = match self.paper {
            ResumePaper::A4 => Paper::A4,
            ResumePaper::Letter => Paper::Letter,
        };
        Look { template, paper }
    }

    /// The tag, if there is one: a form sends an empty text for all.
    pub(in crate::web) fn variant(&self) -> Option<String> {
        self.variant.clone().filter(|tag| !tag.is_empty())
    }

    /// As the end of an address.
    pub(in crate::web) fn query(&self) -> String {
        let Look { template, paper } = self.look();
        let variant = self.variant().map_or_else(String::new, |tag| format!("&variant={}", encoded(&tag)));
        format!("template={template}&paper={paper}{variant}")
    }
}

/// A text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    let of = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(of).collect()
}
