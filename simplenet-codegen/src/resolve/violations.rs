use simplenet_schema::{
    Item, Location, MAX_ARRAY_LENGTH, MAX_NAME_LENGTH, MAX_TUPLE_LENGTH, SchemaError, Step,
    Violation,
};

use super::lower::Lowered;
use crate::{
    diagnostics::Diagnostic,
    source::{ast, file::SourceRange},
};

/// Converts a violation to a diagnostic; `None` if the violation follows from an error that is
/// already reported.
pub(super) fn diagnostic(error: &SchemaError, lowered: &Lowered<'_>) -> Option<Diagnostic> {
    let range = range(&error.location, lowered);
    let diagnostic = Diagnostic::new(error.violation.to_string(), range);
    Some(match &error.violation {
        Violation::ChannelName(_) => diagnostic
            .help("a name starts with an ASCII letter, followed by letters, digits, `-` and `_`"),
        Violation::Name(_) => diagnostic.help(format!(
            "a name has at most {MAX_NAME_LENGTH} ASCII letters, digits and `_`, does not \
                 start with a digit, and is not `_`, `self`, `Self`, `super` or `crate`"
        )),
        Violation::ExternalPath(_) => diagnostic.help("write the full path, such as `uuid::Uuid`"),
        Violation::Fingerprint => {
            diagnostic.help("change the fingerprint whenever the encoding of the type changes")
        }
        Violation::PrimitiveName(_) => diagnostic.help("choose another name"),
        Violation::Duplicate { first, .. } => {
            let first = self::range(first, lowered);
            diagnostic.related(first, "first here").label("again here")
        }
        Violation::MessageAndRequest { message, .. } => {
            let message = self::range(message, lowered);
            diagnostic
                .related(message, "a message here")
                .label("a request here")
                .help("declare a type for each")
        }
        Violation::Unknown(_) if lowered.scope.incomplete => return None,
        Violation::Unknown(name) => diagnostic
            .label("not declared here, nor in an included file")
            .did_you_mean(name, lowered.scope.declared.keys().copied()),
        Violation::NoVariants(_) => diagnostic.help("add a variant, or write `Unit`"),
        Violation::TupleFields(0) => diagnostic.help("write `Unit`"),
        Violation::TupleFields(_) => diagnostic.help("write `Newtype(\"..\")`"),
        Violation::TupleLength(1) => diagnostic.help("remove the parentheses"),
        Violation::TupleLength(_) => {
            diagnostic.help(format!("use at most {MAX_TUPLE_LENGTH} elements, or a struct"))
        }
        Violation::ArrayLength(_) => diagnostic
            .help(format!("serde supports at most {MAX_ARRAY_LENGTH} elements: use `Vec<T>`")),
        Violation::ZeroSized { .. } => diagnostic
            .note("a message of a few bytes could claim any number of elements")
            .help("send the number of elements as a `u32`"),
        Violation::NotAKey { because, .. } if because.starts_with('f') => {
            diagnostic.note(format!("`{because}` implements neither `Ord` nor `Hash`"))
        }
        Violation::NotAKey { because, .. } => diagnostic.note(format!(
            "`{because}` implements neither `Ord` nor `Hash`: use `BTree{}`",
            because.trim_start_matches("Hash")
        )),
        Violation::Recursive { cycle } => recursive(diagnostic, cycle),
        Violation::TooDeep => diagnostic.note("a declared type counts as a level"),
        _ => diagnostic,
    })
}

fn recursive(diagnostic: Diagnostic, cycle: &[String]) -> Diagnostic {
    let node = cycle.last().map_or("Node", String::as_str);
    diagnostic.note("the sender could choose the depth of such a value").help(format!(
        "store the values in a `Vec<{node}>`, and refer to each by its index, a `u32`"
    ))
}

/// Returns the range of a schema location in the source.
pub(super) fn range(location: &Location, lowered: &Lowered<'_>) -> SourceRange {
    let channel = lowered.channel;
    let steps = location.steps.as_slice();
    let found = match location.item {
        Item::Name => None,
        Item::Connect => channel.connect.as_ref().map(|connect| within(connect, steps)),
        Item::ClientMessage(index) => channel.client_messages.get(index).map(|name| name.range),
        Item::ServerMessage(index) => channel.server_messages.get(index).map(|name| name.range),
        Item::ClientRequest(index) => {
            channel.client_requests.get(index).map(|(name, response)| match steps {
                [] => name.range,
                _ => within(response, steps),
            })
        }
        Item::External(index) => {
            lowered.externals.get(index).map(|(path, fingerprint)| match steps {
                [] => path.range,
                _ => fingerprint.range,
            })
        }
        Item::Declaration(index) => {
            lowered.declared.get(index).map(|(name, shape)| match (shape, steps) {
                (ast::Shape::Struct(fields), _) => of_field(fields, steps).unwrap_or(name.range),
                (ast::Shape::Enum(variants), [Step::Variant(variant), steps @ ..]) => {
                    variants.get(*variant).map_or(name.range, |(variant, fields)| {
                        of_field(fields, steps).unwrap_or(variant.range)
                    })
                }
                _ => name.range,
            })
        }
    };
    found.unwrap_or(channel.name.range)
}

fn of_field(fields: &ast::Fields, steps: &[Step]) -> Option<SourceRange> {
    let [Step::Field(index), steps @ ..] = steps else { return None };
    match (fields, steps) {
        (ast::Fields::Named(fields), []) => fields.get(*index).map(|(name, _)| name.range),
        _ => fields.types().get(*index).map(|r#type| within(r#type, steps)),
    }
}

fn within(expression: &ast::Type, steps: &[Step]) -> SourceRange {
    let mut expression = expression;
    for step in steps {
        let Step::Argument(index) = step else { continue };
        let Some(argument) = expression.arguments().get(*index) else { break };
        expression = argument;
    }
    expression.range
}
