//! From what is written to what it means: finds what every name stands for, holds the whole against the rules, and
//! collects all that is wrong.

mod collisions;
mod compiler;
mod derives;
mod docs;
mod erroneous;
mod load;
mod lower;
mod places;
mod scope;
mod sharing;
mod spans;
mod used;

use std::{collections::HashMap, path::PathBuf};

use proc_macro2::Span;
use simplenet_schema::{Parts, Schema, canonical, protocol_hash};

pub use self::{compiler::Compiler, sharing::TypesModule};
pub(crate) use self::{derives::Derive, load::TYPES_CHANNEL, sharing::SharedUse};
use self::{derives::Derives, lower::Lowered, sharing::Sharing};
use crate::{Diagnostic, Report, source::Files};

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

    /// The protocol hash.
    pub fn hash(&self) -> u128 {
        protocol_hash(&canonical::write(&self.schema))
    }
}

/// Types that channels share: a file that keeps all rules, with all that it includes.
#[derive(Clone, Debug)]
pub struct SharedTypes {
    /// Of a channel in which the server sends every one of the types.
    pub(crate) schema: Schema,
    pub(crate) outline: Outline,
}

/// What Rust code is generated from: the types in the order of their declaration, with docs and derives.
#[derive(Clone, Debug)]
pub struct Outline {
    pub(crate) parts: Parts,
    /// By path: `Hello`, `Hello.name`, `JoinError.Banned.until`.
    pub(crate) docs: HashMap<String, String>,
    pub(crate) derives: Derives,
    /// Where a module says the names that `docs` has paths for, so that whoever looks for a type finds it there.
    pub(crate) spans: HashMap<String, Span>,
    /// The types that are generated elsewhere; they are not among the parts.
    pub(crate) shared: Vec<SharedUse>,
}

/// What came of reading a source.
#[derive(Clone, Debug)]
pub struct Compiled<T = Channel> {
    /// Every file that was read, the schema itself first: the result is as old as the newest of them.
    pub files: Vec<PathBuf>,
    /// The channel, or what is wrong with it.
    pub outcome: Result<T, Failure>,
}

/// Why there is no channel.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Every error. At least one.
    pub errors: Vec<Report>,
    /// The channel as far as it is known. Types that are wrong stand there as [`Failure::ERRONEOUS`].
    pub(crate) outline: Option<Outline>,
    /// Names that the files seem to declare, where it cannot be known what they stand for.
    pub(crate) names: Vec<String>,
}

impl Failure {
    /// The name of the type that stands for every type with an error.
    pub const ERRONEOUS: &str = "__Erroneous";

    /// Of a channel that nothing is known of but this error.
    pub fn without_schema(error: Report) -> Self {
        Self { errors: vec![error], outline: None, names: Vec::new() }
    }
}

/// What is known of a channel with errors.
#[derive(Default)]
struct Known {
    outline: Option<Outline>,
    /// Names that stand for nothing.
    unknown: Vec<String>,
}

/// The rules that need the whole, then docs and derives.
fn finish(
    lowered: Lowered<'_>,
    sharing: &Sharing<'_>,
    files: &Files,
    errors: &mut Vec<Diagnostic>,
) -> Result<Channel, Box<Known>> {
    collisions::check(&lowered, errors);
    let docs = docs::collect(&lowered, errors);
    let derives = derives::collect(&lowered, sharing, errors);
    let spans = spans::collect(&lowered, files);
    let hashes = sharing.hashes(&lowered, errors);
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
            let mut parts = used::without_unused(lowered.parts, own);
            let shared = sharing.take_from(&mut parts, &hashes);
            Ok(Channel { schema, outline: Outline { parts, docs, derives, spans, shared } })
        }
        _ => {
            let mut parts = erroneous::without_errors(lowered.parts, &erroneous);
            let shared = sharing.take_from(&mut parts, &hashes);
            let outline = Some(Outline { parts, docs, derives, spans, shared });
            Err(Box::new(Known { outline, unknown: lowered.unknown }))
        }
    }
}
