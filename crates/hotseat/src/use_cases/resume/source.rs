//! Where a résumé lies, how it is read, and how what is made from it is written: whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use resume::{Form, Mistake, Resume, SOURCE_BYTES_MAX, Source};

use crate::failure::Failure;

/// What a source is called when nobody says otherwise.
pub(crate) const EXAMPLE_FILE: &str = "resume.toml";
/// More mistakes than these are only counted.
const MISTAKES_TOLD: usize = 20;

/// A source as it was read, at one moment.
pub(crate) struct Opened {
    pub path: PathBuf,
    pub form: Form,
    pub text: String,
    pub source: Source,
}

/// The source in this folder.
pub(crate) fn here() -> Result<PathBuf, Failure> {
    let here = [EXAMPLE_FILE, "resume.json"].into_iter().map(PathBuf::from).find(|it| it.exists());
    here.ok_or_else(|| {
        Failure::usage("there is no resume.toml and no resume.json in this folder")
            .hint("begin with an example: hotseat resume init")
            .hint("or take a JSON Resume: hotseat resume import FILE.json")
    })
}

impl Opened {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Opened, Failure> {
        let text = read_text(path)?;
        Opened::of(path, text).map_err(|mistakes| told(path, &mistakes))
    }

    /// A text that is to lie there, saved or not. The name says whether it is TOML or JSON.
    pub(crate) fn of(path: &Path, text: String) -> Result<Opened, Vec<Mistake>> {
        let form = form_of(path);
        let source = Source::read(&text, form)?;
        Ok(Opened { path: path.to_path_buf(), form, text, source })
    }

    /// The whole of it, or what is for one variant: what has this tag, and what has none.
    pub(crate) fn variant(&self, tag: Option<&str>) -> Result<Resume<'_>, Failure> {
        Resume::of(&self.source, tag).map_err(|known| {
            let what = format!("nothing has the tag `{}`", tag.unwrap_or_default());
            let known = if known.is_empty() { "none".into() } else { known.join(", ") };
            Failure::usage(what).hint(format!("tags in this résumé: {known}"))
        })
    }
}

/// How a file is written, by its name.
pub(super) fn form_of(path: &Path) -> Form {
    match path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")) {
        true => Form::Json,
        false => Form::Toml,
    }
}

/// The file that `extension` names, beside the source; a variant's has its tag in its name.
pub(crate) fn beside(source: &Path, variant: Option<&str>, extension: &str) -> PathBuf {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let safe = |tag: &str| {
        let letters = tag.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' });
        format!("-{}", letters.collect::<String>())
    };
    source.with_file_name(format!("{stem}{}.{extension}", variant.map_or(String::new(), safe)))
}

/// A JSON Resume as `resume.toml`. What is written is what comes back, or it is not written.
pub(crate) fn take_in(path: &Path) -> Result<String, Failure> {
    take_text(path, &read_text(path)?)
}

/// The same of a text that came under this name.
pub(crate) fn take_text(path: &Path, text: &str) -> Result<String, Failure> {
    let source = Source::read(text, Form::Json).map_err(|mistakes| told(path, &mistakes))?;
    let toml = source.to_toml().map_err(Failure::bug)?;
    match Source::read(&toml, Form::Toml) {
        Ok(again) if again.value() == source.value() => Ok(toml),
        _ => Err(Failure::bug(format!("{} does not survive as TOML", path.display()))),
    }
}

/// A source's text, read once.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let io = |error: &std::io::Error| Failure::io(path, error);
    let about = fs::metadata(path).map_err(|e| io(&e))?;
    if !about.is_file() {
        return Err(Failure::usage(format!("{} is no file", path.display())));
    }
    if about.len() > SOURCE_BYTES_MAX as u64 {
        let what = format!("{}: a résumé has at most {SOURCE_BYTES_MAX} bytes", path.display());
        return Err(Failure::usage(what));
    }
    String::from_utf8(fs::read(path).map_err(|e| io(&e))?).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|it| **it == b'\n').count();
        Failure::usage(format!("{}:{line}: this is no UTF-8; save the file as UTF-8", path.display()))
    })
}

/// All mistakes of a source.
pub(super) fn told(path: &Path, mistakes: &[Mistake]) -> Failure {
    let line = |mistake: &Mistake| match mistake.field.as_str() {
        "" => format!("{}:{}: {}", path.display(), mistake.line, mistake.what),
        field => format!("{}:{}: {field}: {}", path.display(), mistake.line, mistake.what),
    };
    let mut all = mistakes.iter().map(line);
    let failure = Failure::usage(all.next().unwrap_or_default());
    let failure = all.by_ref().take(MISTAKES_TOLD).fold(failure, |it, also| it.hint(format!("also {also}")));
    match all.count() {
        0 => failure,
        more => failure.hint(format!("and {more} more")),
    }
}

/// Writes a file under another name first, so that the one before stays until the new one is whole. A link stays
/// one, and who may read the file stays as it was.
pub(crate) fn put(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let part = target.with_file_name(format!(".{name}.part-{}", std::process::id()));
    let written = fs::write(&part, content).and_then(|()| match fs::metadata(&target) {
        Ok(before) => fs::set_permissions(&part, before.permissions()),
        Err(_) => Ok(()),
    });
    written.and_then(|()| fs::rename(&part, &target)).map_err(|error| {
        let _ = fs::remove_file(&part);
        Failure::io(path, &error)
    })
}

/// Writes a file that must not be there yet.
pub(crate) fn put_new(path: &Path, content: &str) -> Result<(), Failure> {
    match fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(content.as_bytes()).map_err(|e| Failure::io(path, &e)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let what = format!("{} is there already, and is not overwritten", path.display());
            Err(Failure::usage(what).hint("rename it, or go to another folder"))
        }
        Err(error) => Err(Failure::io(path, &error)),
    }
}
