//! Resolution: finds the meaning of every name in the source AST, validates the whole schema, and
//! collects all errors. The result is the intermediate representation.

mod collisions;
mod compiler;
mod derives;
mod docs;
mod erroneous;
mod load;
mod lower;
mod scope;
mod sharing;
mod spans;
mod unused;
mod violations;

use std::path::PathBuf;

use simplenet_schema::Schema;

pub use self::{compiler::Compiler, sharing::TypesModule};
use self::{lower::Lowered, sharing::Sharing};
use crate::{
    diagnostics::{Diagnostic, Report},
    ir::{Channel, Ir},
    source::file::Files,
};

/// The result of compiling a source.
#[derive(Clone, Debug)]
pub struct Compiled<T = Channel> {
    /// Every file that was read, the schema itself first. If one of these files changes, the source
    /// must be compiled again.
    pub files: Vec<PathBuf>,
    /// The channel, or its errors.
    pub outcome: Result<T, Failure>,
}

/// The errors of a source, and the part of the channel that is known despite them.
#[derive(Clone, Debug)]
pub struct Failure {
    /// All errors; at least one.
    pub errors: Vec<Report>,
    /// The known part of the channel. Each type with an error is replaced by
    /// [`Failure::ERRONEOUS`].
    pub(crate) ir: Option<Ir>,
    /// Names that the files seem to declare, but whose declarations cannot be read.
    pub(crate) names: Vec<String>,
}

impl Failure {
    /// The name of the type that replaces every type with an error.
    pub const ERRONEOUS: &str = "__Erroneous";

    /// Returns a failure with this error and without any known part of the channel.
    pub fn without_schema(error: Report) -> Self {
        Self { errors: vec![error], ir: None, names: Vec::new() }
    }
}

/// The known part of a channel with errors.
#[derive(Default)]
struct Known {
    ir: Option<Ir>,
    /// Names without a declaration.
    unknown: Vec<String>,
}

/// Validates the whole schema, then collects docs and derives.
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
    let schema = Schema::new(lowered.raw.clone());
    let mut erroneous = lowered.erroneous.clone();
    if let Err(violations) = &schema {
        for error in violations {
            erroneous.push(error.location.clone());
            errors.extend(violations::diagnostic(error, &lowered));
        }
    }
    let own = lowered.channel.types.types.len();
    match schema {
        Ok(schema) if errors.is_empty() => {
            let mut raw = unused::without_unused(lowered.raw, own);
            let shared = sharing.take_from(&mut raw, &hashes);
            Ok(Channel { schema, ir: Ir { raw, docs, derives, spans, shared } })
        }
        _ => {
            let mut raw = erroneous::without_errors(lowered.raw, &erroneous);
            let shared = sharing.take_from(&mut raw, &hashes);
            let ir = Some(Ir { raw, docs, derives, spans, shared });
            Err(Box::new(Known { ir, unknown: lowered.unknown }))
        }
    }
}
