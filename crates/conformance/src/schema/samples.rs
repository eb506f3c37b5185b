//! Examples must fit the schemas that they illustrate.

use super::Compiled;
use crate::{
    reader::{Direction, Reader},
    words::explain,
};

/// An example is right if a request or an answer could look so.
pub(super) fn check(reader: &mut Reader<'_>, compiled: &Compiled) {
    for sample in std::mem::take(&mut reader.samples) {
        let validator = |direction| compiled.get(sample.schema, direction);
        let (Some(answer), Some(request)) = (validator(Direction::Answer), validator(Direction::Request))
        else {
            continue;
        };
        if !crate::words::is_shallow(sample.value, compiled.max_depth) || request.is_valid(sample.value) {
            continue;
        }
        let Some(error) = answer.iter_errors(sample.value).next() else { continue };
        let (expected, got) = explain(&error);
        let at = format!("{}{}", sample.pointer, error.instance_path().as_str());
        reader.defect("example", &at, format!("the schema wants {expected}, and the example has {got}"));
    }
}
