//! JSON pointers (RFC 6901), and how they are shown to people.

use std::fmt::Write;

/// A name as a segment of a JSON pointer.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// `pointer` one step further.
pub(crate) fn join(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape(name))
}

/// Appends a step to `pointer` and gives the length it had, for `truncate`.
pub(crate) fn push(pointer: &mut String, name: &str) -> usize {
    let length = pointer.len();
    let _ = write!(pointer, "/{}", escape(name));
    length
}

/// A pointer as people read it: `paths./v1/payments.post`.
pub(crate) fn place(pointer: &str) -> String {
    let names: Vec<String> =
        pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    if names.is_empty() { "the document".to_owned() } else { names.join(".") }
}

/// The JSON pointer in a `$ref` into the same document; why not, if it leads elsewhere.
pub(crate) fn target(reference: &str) -> Result<String, (&'static str, String)> {
    if reference == "#" {
        return Err(("ref", "`#` is the whole document, which is no part of an API".to_owned()));
    }
    let Some(fragment) = reference.strip_prefix('#') else {
        let what = format!(
            "`{}` leads out of this document. Nothing is fetched and no other file is read: move what it \
             names under `components` and write `#/components/…`",
            crate::words::clip(reference)
        );
        return Err(("ref-remote", what));
    };
    if !fragment.starts_with('/') {
        let what = format!(
            "`{}` is no path from the root; write `#/components/schemas/NAME`",
            crate::words::clip(reference)
        );
        return Err(("ref", what));
    }
    Ok(crate::words::percent_decoded(fragment))
}
