//! Readers of schema files and of modules. Both return the source AST.

pub(crate) mod ast;
pub(crate) mod file;
pub(crate) mod inline;
pub(crate) mod ron;
mod type_text;
