//! Media types and their ranges (RFC 9110 §8.3 and §12.5.1).

/// `application/json`, `text/*` or `*/*`; parameters are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaRange {
    kind: String,
    subtype: String,
}

impl MediaRange {
    /// None when the text is no media type.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim();
        let (kind, subtype) = essence.split_once('/')?;
        let token = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        };
        let wild = |text: &str| text.contains('*') && text != "*";
        if !token(kind) || !token(subtype) || wild(kind) || wild(subtype) || (kind == "*" && subtype != "*") {
            return None;
        }
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase() })
    }

    /// How exactly this range names `media`: 2 itself, 1 its type, 0 any; None when it does not.
    pub(crate) fn fit(&self, media: &Self) -> Option<u8> {
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(0),
            (kind, "*") => (kind == media.kind).then_some(1),
            _ => (self == media).then_some(2),
        }
    }

    /// JSON, or a format that is written in JSON (`+json`).
    pub(crate) fn is_json(&self) -> bool {
        self.subtype == "json" || self.subtype.ends_with("+json")
    }

    pub(crate) fn is_anything(&self) -> bool {
        self.subtype == "*"
    }
}

impl std::fmt::Display for MediaRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.subtype)
    }
}
