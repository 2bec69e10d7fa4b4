//! From what is written to what it means: finds what every name stands for, holds the whole against the rules, and
//! collects all that is wrong.

mod collisions;
mod derives;
mod docs;
mod erroneous;
mod load;
mod lower;
mod places;
mod scope;
mod used;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use simplenet_schema::{Parts, Schema};

pub(crate) use self::derives::Derive;
use self::{derives::Derives, load::Loaded, lower::Lowered, scope::Scope};
use crate::{Diagnostic, source::Files};

/// A channel that keeps all rules.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(crate) schema: Schema,
    pub(crate) outline: Outline,
}

impl Channel {
    /// What travels, without docs and derives.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// What Rust code is generated from: the types in the order of their declaration, with docs and derives.
#[derive(Clone, Debug)]
pub struct Outline {
    pub(crate) parts: Parts,
    /// By path: `Hello`, `Hello.name`, `JoinError.Banned.until`.
    pub(crate) docs: HashMap<String, String>,
    pub(crate) derives: Derives,
}

/// What came of reading a schema file.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Every file that was read, the schema itself first: the result is as old as the newest of them.
    pub files: Vec<PathBuf>,
    /// The channel, or what is wrong with it.
    pub outcome: Result<Channel, Failure>,
}

/// Why there is no channel.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Every error with its place and an excerpt, ready to be shown. At least one.
    pub errors: Vec<String>,
    /// The channel as far as it is known. Types that are wrong stand there as [`Failure::ERRONEOUS`].
    pub(crate) outline: Option<Outline>,
    /// Names that the files seem to declare, where it cannot be known what they stand for.
    pub(crate) names: Vec<String>,
}

impl Failure {
    /// The name of the type that stands for every type with an error.
    pub const ERRONEOUS: &str = "__Erroneous";

    /// Of a channel that nothing is known of but this error.
    pub fn without_schema(error: String) -> Self {
        Self { errors: vec![error], outline: None, names: Vec::new() }
    }
}

/// Reads the schema at this path, with all that it includes.
///
/// Messages show paths relative to `shown_from`, where they lie in it.
pub fn compile(
    schema: &Path,
    shown_from: &Path,
    read: &mut dyn FnMut(&Path) -> io::Result<String>,
) -> Compiled {
    let mut files = Files::shown_from(shown_from);
    let Loaded { channel, included, mut errors, unreadable, missing } =
        load::load(schema, &mut files, read);
    let outcome = match &channel {
        Some(channel) => {
            let incomplete = missing || !unreadable.is_empty();
            let all: Vec<_> = std::iter::once(&channel.types).chain(&included).collect();
            let scope = Scope::new(&all, incomplete);
            let lowered = lower::lower(channel, &all, &scope, &mut errors);
            finish(lowered, &mut errors)
        }
        None => Err(Box::default()),
    };
    errors.sort_by_key(Diagnostic::order);
    let outcome = outcome.map_err(|known| Failure {
        errors: errors.iter().map(|error| error.render(&files)).collect(),
        outline: known.outline,
        names: unreadable
            .iter()
            .flat_map(|&file| load::names(files.text(file)))
            .chain(known.unknown)
            .collect(),
    });
    Compiled { files: files.paths(), outcome }
}

/// What is known of a channel with errors.
#[derive(Default)]
struct Known {
    outline: Option<Outline>,
    /// Names that stand for nothing.
    unknown: Vec<String>,
}

/// The rules that need the whole, then docs and derives.
fn finish(lowered: Lowered<'_>, errors: &mut Vec<Diagnostic>) -> Result<Channel, Box<Known>> {
    collisions::check(&lowered, errors);
    let docs = docs::collect(&lowered, errors);
    let derives = derives::collect(&lowered, errors);
    let schema = Schema::new(lowered.parts.clone());
    let mut erroneous = lowered.erroneous.clone();
    if let Err(broken) = &schema {
        for error in broken {
            erroneous.push(error.location.clone());
            errors.extend(places::diagnostic(error, &lowered));
        }
    }
    let own = lowered.channel.types.types.len();
    match schema {
        Ok(schema) if errors.is_empty() => {
            let parts = used::without_unused(lowered.parts, own);
            Ok(Channel { schema, outline: Outline { parts, docs, derives } })
        }
        _ => {
            let parts = erroneous::without_errors(lowered.parts, &erroneous);
            let outline = Some(Outline { parts, docs, derives });
            Err(Box::new(Known { outline, unknown: lowered.unknown }))
        }
    }
}
