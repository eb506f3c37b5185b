//! A source as it is edited: read whatever it says, and saved unless the file has changed meanwhile.

use std::fs;
use std::path::{Path, PathBuf};

use resume::{Form, SOURCE_BYTES_MAX, Source};

use super::known::remember;
use super::source::{EXAMPLE_FILE, Opened, put, put_new, read_text, take_text, told};
use crate::failure::Failure;
use crate::home::Home;

/// In the data directory, where a résumé begins that lies nowhere else.
const FOLDER: &str = "resume";
/// Names that are tried for a new file there.
const NEW_MAX: usize = 50;
/// The tag of a file that is not there.
const GONE: &str = "gone";

/// What lies on disk at one moment.
pub(crate) struct Disk {
    /// Nothing if the file is gone.
    pub text: Option<String>,
    /// Another text has another tag.
    pub tag: String,
}

/// Why a text was not saved.
pub(crate) enum Refused {
    /// The file is not what it was when it was loaded; this lies there now.
    Changed(Disk),
    Failed(Failure),
}

impl Disk {
    fn of(text: Option<String>) -> Disk {
        let tag = text.as_deref().map_or_else(|| GONE.into(), |text| judge::hash(&["source", text]));
        Disk { text, tag }
    }
}

/// The text of a file, with mistakes or without.
pub(crate) fn disk(path: &Path) -> Result<Disk, Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Disk::of(None)),
        _ => Ok(Disk::of(Some(read_text(path)?))),
    }
}

/// Writes a text over the one that had this tag. It may have mistakes: they are its owner's to mend.
pub(crate) fn save(home: &Home, path: &Path, text: &str, tag: &str) -> Result<Disk, Refused> {
    if text.len() > SOURCE_BYTES_MAX {
        let what = format!("a résumé has at most {SOURCE_BYTES_MAX} bytes, and this has {}", text.len());
        return Err(Refused::Failed(Failure::usage(what)));
    }
    let mut changed = None;
    let saved = home.alone("resumes", || {
        let there = disk(path)?;
        if there.tag != tag {
            changed = Some(there);
            return Ok(Disk::of(None));
        }
        let text = with_its_line_ends(text, there.text.as_deref());
        if there.text.as_deref() != Some(&*text) {
            put(path, text.as_bytes())?;
        }
        Ok(Disk::of(Some(text)))
    });
    match (saved, changed) {
        (Ok(_), Some(there)) => Err(Refused::Changed(there)),
        (Ok(saved), None) => {
            // The text is safe; that the path is remembered as the newest is less.
            let _ = remember(home, path);
            Ok(saved)
        }
        (Err(failure), _) => Err(Refused::Failed(failure)),
    }
}

/// Forms end lines in a way of their own; the file keeps its way.
fn with_its_line_ends(text: &str, before: Option<&str>) -> String {
    let plain = text.replace("\r\n", "\n");
    if before.is_some_and(|before| before.contains("\r\n")) { plain.replace('\n', "\r\n") } else { plain }
}

/// A new source in the data directory: the example, or what came under a name (a JSON Resume becomes TOML).
pub(crate) fn begin(home: &Home, came: Option<(&str, &str)>) -> Result<(String, PathBuf), Failure> {
    let text = match came {
        None => resume::EXAMPLE.to_string(),
        Some((name, text)) => taken(name, text)?,
    };
    let folder = home.dir.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|e| Failure::io(&folder, &e))?;
    let numbered = (2..=NEW_MAX).map(|number| format!("resume-{number}.toml"));
    let names = std::iter::once(EXAMPLE_FILE.to_string()).chain(numbered);
    let free = names.map(|name| folder.join(name)).find(|path| fs::symlink_metadata(path).is_err());
    let path = free.ok_or_else(|| {
        Failure::usage(format!("{} holds {NEW_MAX} résumés already", folder.display()))
            .hint("move some of them elsewhere")
    })?;
    put_new(&path, &text)?;
    Ok((remember(home, &path)?, path))
}

/// A text is JSON if its name or its first sign says so.
fn taken(name: &str, text: &str) -> Result<String, Failure> {
    let short: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    let path = PathBuf::from(if short.is_empty() { EXAMPLE_FILE.to_string() } else { short });
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if json || path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")) {
        return take_text(&path, text);
    }
    Source::read(text, Form::Toml).map_err(|mistakes| told(&path, &mistakes))?;
    Ok(text.replace("\r\n", "\n"))
}

impl Opened {
    /// The tags and named variants that it has.
    pub(crate) fn tags(&self) -> Vec<String> {
        // No tag has this name, and an unknown one is answered with all that there are.
        resume::Resume::of(&self.source, Some("\0")).err().unwrap_or_default()
    }
}
