//! An answer as a Markdown file: a TOML header between lines of `+++`, an empty line, and the answer
//! as it was given, byte for byte.

use serde::{Deserialize, Serialize};

use crate::store::error::StoreError;
use crate::store::ids::AnswerId;
use crate::store::json::Json;
use crate::store::moment::{from_rfc3339, to_rfc3339};
use crate::store::records::{Answer, Scored};

const OPENS: &str = "+++\n";
const CLOSES: &str = "+++\n\n";
/// So much of a question's id names its folder.
const FOLDER_CHARS_MAX: usize = 60;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    id: AnswerId,
    question: String,
    given_at: String,
    seconds: Option<u32>,
    estimate: Option<u8>,
    score: u8,
    gated: Option<String>,
    level: Option<String>,
}

/// Where an answer lies in an export.
pub(in crate::store) fn path(answer: &Answer) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let folder: String = answer.question.chars().map(plain).take(FOLDER_CHARS_MAX).collect();
    let date = &to_rfc3339(answer.given_at_ms)[..10];
    format!("answers/{folder}/{date}-{}.md", answer.id)
}

/// The file.
pub(in crate::store) fn write(answer: &Answer) -> Result<String, StoreError> {
    let header = Header {
        id: answer.id.clone(),
        question: answer.question.clone(),
        given_at: to_rfc3339(answer.given_at_ms),
        seconds: answer.seconds,
        estimate: answer.estimate,
        score: answer.feedback.score,
        gated: answer.feedback.gated.clone(),
        level: answer.feedback.level.clone(),
    };
    let header = toml::to_string(&header)
        .map_err(|problem| StoreError::Invalid { what: "the answer's header", why: problem.to_string() })?;
    Ok(format!("{OPENS}{header}{CLOSES}{}", answer.text))
}

/// Reads what [`write`] wrote; `feedback` gives the whole feedback, which lies elsewhere. The error
/// says what is wrong.
pub(in crate::store) fn read(
    file: &str,
    feedback: impl FnOnce(&AnswerId) -> Option<Json>,
) -> Result<Answer, String> {
    let inside = file.strip_prefix(OPENS).ok_or("it does not begin with a line `+++`")?;
    let (header, text) =
        inside.split_once(&format!("\n{CLOSES}")).ok_or("its header does not end with a line `+++`")?;
    let header: Header = toml::from_str(header).map_err(|problem| problem.message().to_string())?;
    let given_at_ms = from_rfc3339(&header.given_at).ok_or_else(|| {
        format!("`given_at` is {:?}, and not a time such as 2026-11-24T14:41:54.123Z", header.given_at)
    })?;
    let body = feedback(&header.id).ok_or_else(|| format!("there is no feedback on answer {}", header.id))?;
    Ok(Answer {
        id: header.id,
        question: header.question,
        given_at_ms,
        seconds: header.seconds,
        estimate: header.estimate,
        feedback: Scored { score: header.score, gated: header.gated, level: header.level, body },
        text: text.into(),
    })
}
