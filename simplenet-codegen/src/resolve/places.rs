use simplenet_schema::{
    Item, Location, MAX_ARRAY_LENGTH, MAX_DEPTH, MAX_TUPLE_LENGTH, SchemaError, Step, Violation,
};

use super::lower::Lowered;
use crate::{
    Diagnostic,
    source::{Place, WrittenFields, WrittenShape, WrittenType},
};

/// A broken rule where it stands in the source; none if it only follows from an error that is told already.
pub(super) fn diagnostic(error: &SchemaError, lowered: &Lowered<'_>) -> Option<Diagnostic> {
    let place = place(&error.location, lowered);
    let diagnostic = Diagnostic::new(error.violation.to_string(), place);
    Some(match &error.violation {
        Violation::ChannelName(_) => diagnostic
            .help("a name starts with a letter and goes on with letters, digits, `-` and `_`"),
        Violation::Name(_) => diagnostic.help(
            "names are short, made of ASCII letters, digits and `_`, do not start with a digit, \
             and are not `self`, `Self`, `super` or `crate`",
        ),
        Violation::ExternalPath(_) => {
            diagnostic.help("write the path from its crate on, as in `uuid::Uuid`")
        }
        Violation::Fingerprint => {
            diagnostic.help("a short text, to be changed whenever the type's form changes")
        }
        Violation::PrimitiveName(_) => diagnostic.help("choose another name"),
        Violation::Duplicate { first, .. } => {
            let first = self::place(first, lowered);
            diagnostic.related(first, "first here").label("again here")
        }
        Violation::MessageAndRequest { message, .. } => {
            let message = self::place(message, lowered);
            diagnostic
                .related(message, "a message here")
                .label("a request here")
                .help("declare a type for each")
        }
        Violation::Unknown(_) if lowered.scope.incomplete => return None,
        Violation::Unknown(name) => diagnostic
            .label("not declared here, and not included")
            .did_you_mean(name, lowered.scope.declared.keys().copied()),
        Violation::NoVariants(_) => diagnostic.help("give it a variant, or make it a unit"),
        Violation::TupleFields(0) => diagnostic.help("write `Unit`"),
        Violation::TupleFields(_) => diagnostic.help("write `Newtype(\"..\")`"),
        Violation::TupleLength(1) => diagnostic.help("leave out the parentheses"),
        Violation::TupleLength(_) => diagnostic
            .help(format!("at most {MAX_TUPLE_LENGTH} elements; a struct has names for them")),
        Violation::ArrayLength(_) => diagnostic.help(format!(
            "at most {MAX_ARRAY_LENGTH}, which is what serde can read; use `Vec<T>`"
        )),
        Violation::ZeroSized { .. } => diagnostic
            .note("a few bytes could claim any number of them")
            .help("send how many there are, as a `u32`"),
        Violation::NotAKey { because, .. } if because.starts_with('f') => {
            diagnostic.note(format!("`{because}` has no total order and no hash"))
        }
        Violation::NotAKey { because, .. } => diagnostic.note(format!(
            "`{because}` has no order and no hash; `BTree{}` has",
            because.trim_start_matches("Hash")
        )),
        Violation::Recursive { cycle } => recursive(diagnostic, cycle),
        Violation::TooDeep => {
            diagnostic.help(format!("at most {MAX_DEPTH} levels, declared types counted in"))
        }
        _ => diagnostic,
    })
}

fn recursive(diagnostic: Diagnostic, cycle: &[String]) -> Diagnostic {
    let node = cycle.last().map_or("Node", String::as_str);
    diagnostic
        .note("how deep such a value goes would be its sender's to choose")
        .help(format!(
            "keep the values flat, in a `Vec<{node}>`, and let them name each other by position, as a `u32`"
        ))
}

/// Where something stands in the source.
pub(super) fn place(location: &Location, lowered: &Lowered<'_>) -> Place {
    let channel = lowered.channel;
    let steps = location.steps.as_slice();
    let found = match location.item {
        Item::Name => None,
        Item::Connect => channel.connect.as_ref().map(|connect| within(connect, steps)),
        Item::ClientMessage(index) => channel.client_messages.get(index).map(|name| name.place),
        Item::ServerMessage(index) => channel.server_messages.get(index).map(|name| name.place),
        Item::ClientRequest(index) => {
            channel.client_requests.get(index).map(|(name, response)| match steps {
                [] => name.place,
                _ => within(response, steps),
            })
        }
        Item::External(index) => {
            lowered.externals.get(index).map(|(path, fingerprint)| match steps {
                [] => path.place,
                _ => fingerprint.place,
            })
        }
        Item::Declaration(index) => {
            lowered.declared.get(index).map(|(name, shape)| match (shape, steps) {
                (WrittenShape::Struct(fields), _) => of_field(fields, steps).unwrap_or(name.place),
                (WrittenShape::Enum(variants), [Step::Variant(variant), steps @ ..]) => {
                    variants.get(*variant).map_or(name.place, |(variant, fields)| {
                        of_field(fields, steps).unwrap_or(variant.place)
                    })
                }
                _ => name.place,
            })
        }
    };
    found.unwrap_or(channel.name.place)
}

fn of_field(fields: &WrittenFields, steps: &[Step]) -> Option<Place> {
    let [Step::Field(index), steps @ ..] = steps else { return None };
    match (fields, steps) {
        (WrittenFields::Named(fields), []) => fields.get(*index).map(|(name, _)| name.place),
        _ => fields.types().get(*index).map(|r#type| within(r#type, steps)),
    }
}

fn within(written: &WrittenType, steps: &[Step]) -> Place {
    let mut written = written;
    for step in steps {
        let Step::Argument(index) = step else { continue };
        let Some(argument) = written.arguments().get(*index) else { break };
        written = argument;
    }
    written.place
}
