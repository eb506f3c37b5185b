//! From a passed run to bullets in the source, and to the questions that an interviewer would ask about them.

use std::path::PathBuf;

use resume::story::{self, Draft, Proof};
use resume::{Form, Source};
use serde::Serialize;
use serde_json::{Value, json};
use study::store::OwnQuestion;
use utoipa::ToSchema;

use super::source::{Opened, put};
use crate::failure::Failure;
use crate::learner::{Learner, now_ms};

/// A story from a run, and where it went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoryAdded)]
pub(crate) struct Added {
    /// The version of this shape.
    pub schema: u32,
    /// The run's name.
    pub run: String,
    pub draft: Draft,
    /// The source that has it now; null where it is only shown.
    #[schema(value_type = Option<String>)]
    pub file: Option<PathBuf>,
    /// How many questions came into the review schedule.
    pub questions_added: u64,
}

/// What would be added.
pub(crate) fn draft(proof: &Proof) -> Added {
    Added { schema: 1, run: proof.run.clone(), draft: story::draft(proof), file: None, questions_added: 0 }
}

/// Puts the bullets into the source, and the questions that will come into the review schedule.
pub(crate) async fn add(proof: &Proof, opened: &Opened, learner: &Learner) -> Result<Added, Failure> {
    let drafted = draft(proof);
    put(&opened.path, with(opened, proof, &drafted.draft)?.as_bytes())?;
    let questions_added = schedule(learner, proof, &drafted.draft).await?;
    Ok(Added { file: Some(opened.path.clone()), questions_added, ..drafted })
}

/// How many of the questions were new.
async fn schedule(learner: &Learner, proof: &Proof, draft: &Draft) -> Result<u64, Failure> {
    let added_at_ms = now_ms();
    let own = (1..).zip(&draft.questions).map(|(number, prompt)| OwnQuestion {
        id: format!("own-{}-{number}", proof.run),
        prompt: prompt.clone(),
        run: proof.run.clone(),
        added_at_ms,
    });
    Ok(learner.store.add_own_questions(&own.collect::<Vec<_>>()).await?)
}

/// The source with the bullets in it: a project of their own, with the draft as its notes.
fn with(opened: &Opened, proof: &Proof, draft: &Draft) -> Result<String, Failure> {
    if opened.text.contains(&format!("\"{}\"", proof.run)) {
        let what = format!("{} has run `{}` already", opened.path.display(), proof.run);
        return Err(Failure::usage(what).hint("see the draft: hotseat resume add RUN --dry-run"));
    }
    let bullets: Vec<Value> =
        draft.bullets.iter().map(|text| json!({ "text": text, "evidence": { "run": proof.run } })).collect();
    let project = json!({
        "name": proof.title, "description": proof.summary, "keywords": proof.topics,
        "highlights": bullets, "hotseat": { "notes": story::notes(draft) }
    });
    let text = match opened.form {
        Form::Json => in_json(opened, project),
        Form::Toml => in_toml(opened, project, &proof.run)?,
    };
    Source::read(&text, opened.form).map_err(|_| {
        let path = opened.path.display();
        Failure::usage(format!("{path} cannot be added to: its projects are written in one line"))
            .hint("write each project as [[projects]], or copy the draft by hand: --dry-run")
    })?;
    Ok(text)
}

fn in_json(opened: &Opened, project: Value) -> String {
    let mut value = opened.source.value().clone();
    let projects = value.as_object_mut().map(|map| map.entry("projects").or_insert_with(|| json!([])));
    if let Some(Value::Array(list)) = projects {
        list.push(project);
    }
    resume::pretty(&value)
}

/// The owner's comments and order stay as they are.
fn in_toml(opened: &Opened, project: Value, run: &str) -> Result<String, Failure> {
    let alone = json!({ "basics": { "name": "-" }, "projects": [project] }).to_string();
    let alone = Source::read(&alone, Form::Json)
        .map_err(|mistakes| Failure::bug(format!("the draft is no résumé: {mistakes:?}")))?;
    let toml = alone.to_toml().map_err(Failure::bug)?;
    let start = toml.find("[[projects]]").ok_or_else(|| Failure::bug("the draft has no project"))?;
    Ok(format!("{}\n\n# from hotseat resume add {run}\n{}", opened.text.trim_end(), &toml[start..]))
}
