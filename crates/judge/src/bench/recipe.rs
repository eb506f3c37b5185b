//! How a program is built and run: the file `service.toml` of a workspace.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What service.toml says. Commands are for `sh -c`, in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// For people and for `doctor`: `python`, `go`, …
    pub language: Option<String>,
    /// What is downloaded before the build, once for the files that it depends on.
    pub install: Option<Install>,
    /// Builds the program, with the network and with caches that are kept.
    pub build: Option<String>,
    /// Runs it, in the sandbox.
    pub run: String,
    /// More of its environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// A step whose result is kept as long as the files that it depends on stay the same.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Install {
    /// The command.
    pub run: String,
    /// The files that it depends on.
    pub from: Vec<String>,
    /// The folders that it makes.
    pub makes: Vec<String>,
}

/// What is wrong with service.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipeError {
    /// From 1.
    pub line: Option<usize>,
    /// What, and what to write instead.
    pub what: String,
}

const HOW_TO_RUN: &str = "say how the program is started, such as run = \"python3 service.py\"";

impl Recipe {
    /// Reads service.toml.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(text: &str) -> Result<Recipe, RecipeError> {
        let recipe: Recipe = toml::from_str(text).map_err(|error| RecipeError {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            what: match error.message() {
                missing @ "missing field `run`" => format!("{missing}; {HOW_TO_RUN}"),
                other => other.to_string(),
            },
        })?;
        let wrong = |what: String| Err(RecipeError { line: None, what });
        if recipe.run.trim().is_empty() {
            return wrong(format!("`run` is empty; {HOW_TO_RUN}"));
        }
        let places = recipe.install.iter().flat_map(|install| install.from.iter().chain(&install.makes));
        for place in places {
            if place.is_empty() || place.starts_with('/') || place.split('/').any(|part| part == "..") {
                return wrong(format!("`{place}` does not lie in the workspace; name a path below it"));
            }
        }
        Ok(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_needs_no_more_than_a_command() {
        let recipe = Recipe::read("run = \"./service\"").expect("a recipe");
        assert_eq!((recipe.run.as_str(), recipe.build, recipe.install), ("./service", None, None));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let told = |text: &str| Recipe::read(text).expect_err("a mistake");
        assert!(told("build = \"make\"").what.starts_with("missing field `run`; say how"));
        assert_eq!(told("run = \"x\"\nbiuld = \"make\"").line, Some(2));
        assert!(told("run = \" \"").what.contains("`run` is empty"));
        let outside = "run = \"x\"\n[install]\nrun = \"y\"\nfrom = [\"../secret\"]\nmakes = []";
        assert!(told(outside).what.contains("`../secret` does not lie in the workspace"));
    }
}
