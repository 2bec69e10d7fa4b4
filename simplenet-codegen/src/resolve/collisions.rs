use std::collections::HashMap;

use super::lower::Lowered;
use crate::{
    diagnostics::Diagnostic,
    names::{GENERATED_NAMES, channel_name_to_tag, identifier, method_name},
    source::ast::Name,
};

/// Reports the names that a schema may have, but a Rust module may not.
pub(super) fn check(lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) {
    for (name, _) in &lowered.declared {
        if let Some(collision) = collision(&name.text, &lowered.raw.name) {
            errors.push(collision.diagnostic(name));
        }
    }
    let tag = channel_name_to_tag(&lowered.raw.name);
    if GENERATED_NAMES.contains(&tag.as_str()) || is_keyword(&tag) {
        let message = format!("`{}` cannot be the name of a channel", lowered.raw.name);
        let note = format!("its tag type would be `{tag}`, which is a reserved name");
        errors.push(
            Diagnostic::new(message, lowered.channel.name.range)
                .note(note)
                .help("choose another name"),
        );
    }
    methods(lowered, errors);
}

/// Reports messages and requests whose method in the trait `Service` cannot be generated.
fn methods(lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) {
    let channel = lowered.channel;
    let requests = channel.client_requests.iter().map(|(name, _)| name);
    let mut methods: HashMap<String, &Name> = HashMap::new();
    for name in channel.client_messages.iter().chain(requests) {
        let method = method_name(&name.text);
        let handler = format!("its handler would be the method `{method}` of the trait `Service`");
        if matches!(method.as_str(), "connected" | "disconnected") {
            let message = format!("`{}` cannot be a message or request of a client", name.text);
            let error = Diagnostic::new(message, name.range);
            let error = error.note(format!("{handler}, which handles the events of sessions"));
            errors.push(error.help(format!("choose another name, such as `Client{}`", name.text)));
        } else if identifier(&name.text).is_some() && identifier(&method).is_none() {
            let message = format!("`{}` cannot be a message or request of a client", name.text);
            let error = Diagnostic::new(message, name.range);
            let error = error.note(format!("{handler}, which is a Rust keyword"));
            errors.push(error.help(format!("choose another name, such as `Client{}`", name.text)));
        } else if let Some(first) = methods.get(&method) {
            // Equal names are reported elsewhere.
            if first.text != name.text {
                let message = format!("`{}` and `{}` have the same handler", first.text, name.text);
                let error = Diagnostic::new(message, name.range).related(first.range, "");
                let error = error.note(handler).help("choose another name for one of them");
                errors.push(error);
            }
        } else {
            methods.insert(method, name);
        }
    }
}

/// Whether a type can have this name.
pub(super) fn is_usable(type_name: &str, channel_name: &str) -> bool {
    collision(type_name, channel_name).is_none()
}

/// The reason why a type cannot have a name that is valid in a schema.
enum Collision {
    Generated,
    Tag,
    Keyword,
    RustType,
    LowerCase,
}

fn collision(name: &str, channel_name: &str) -> Option<Collision> {
    if GENERATED_NAMES.contains(&name) {
        Some(Collision::Generated)
    } else if name == channel_name_to_tag(channel_name) {
        Some(Collision::Tag)
    } else if is_keyword(name) {
        Some(Collision::Keyword)
    } else if matches!(name, "usize" | "isize" | "str") {
        Some(Collision::RustType)
    } else if name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && simplenet_schema::Primitive::from_name(name).is_none()
    {
        // A unit type with such a name would also capture variables of the generated code.
        Some(Collision::LowerCase)
    } else {
        None
    }
}

impl Collision {
    fn diagnostic(&self, name: &Name) -> Diagnostic {
        let text = &name.text;
        let (message, help) = match self {
            Self::Generated => (
                format!("`{text}` is the name of a generated item"),
                "choose another name".to_owned(),
            ),
            Self::Tag => (
                format!("`{text}` is the name of the channel's tag type"),
                "rename the type, or the channel".to_owned(),
            ),
            Self::Keyword => {
                (format!("`{text}` is a Rust keyword"), "choose another name".to_owned())
            }
            Self::RustType => (
                format!("`{text}` is the name of a Rust type and cannot be declared"),
                "choose another name".to_owned(),
            ),
            Self::LowerCase => (
                format!("the name of the type `{text}` does not start with an upper-case letter"),
                "write names of types in `UpperCamelCase`".to_owned(),
            ),
        };
        Diagnostic::new(message, name.range).help(help)
    }
}

/// Whether this is a keyword that Rust accepts as `r#name`.
fn is_keyword(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_err() && identifier(name).is_some()
}
