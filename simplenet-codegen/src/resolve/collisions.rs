use std::collections::HashMap;

use super::lower::Lowered;
use crate::{
    Diagnostic,
    names::{GENERATED_NAMES, channel_name_to_tag, identifier, method_name},
    source::Name,
};

/// Names that the schema can have, but the Rust module cannot.
pub(super) fn check(lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) {
    for (name, _) in &lowered.declared {
        if let Some(refusal) = refusal(&name.text, &lowered.parts.name) {
            errors.push(refusal.diagnostic(name));
        }
    }
    let tag = channel_name_to_tag(&lowered.parts.name);
    if GENERATED_NAMES.contains(&tag.as_str()) || is_keyword(&tag) {
        let message = format!("a channel cannot be called `{}`", lowered.parts.name);
        let note = format!("its tag would be `{tag}`, and that name is taken");
        errors.push(Diagnostic::new(message, lowered.channel.name.place).note(note));
    }
    methods(lowered, errors);
}

/// Every message and request of a client has a method of its own in the trait `Service`.
fn methods(lowered: &Lowered<'_>, errors: &mut Vec<Diagnostic>) {
    let channel = lowered.channel;
    let requests = channel.client_requests.iter().map(|(name, _)| name);
    let mut methods: HashMap<String, &Name> = HashMap::new();
    for name in channel.client_messages.iter().chain(requests) {
        let method = method_name(&name.text);
        let handler = format!("it would be handled by a method `{method}` of the trait `Service`");
        if matches!(method.as_str(), "connected" | "disconnected") {
            let message = format!("`{}` cannot be sent by a client", name.text);
            let error = Diagnostic::new(message, name.place);
            let error = error.note(format!("{handler}, which tells of sessions"));
            errors.push(error.help(format!("choose another name, as `Client{}`", name.text)));
        } else if identifier(&name.text).is_some() && identifier(&method).is_none() {
            let message = format!("`{}` cannot be sent by a client", name.text);
            let error = Diagnostic::new(message, name.place);
            let error = error.note(format!("{handler}, which is a keyword of Rust"));
            errors.push(error.help(format!("choose another name, as `Client{}`", name.text)));
        } else if let Some(first) = methods.get(&method) {
            // The same name twice is told elsewhere.
            if first.text != name.text {
                let message = format!("`{}` is too much like `{}`", name.text, first.text);
                let error = Diagnostic::new(message, name.place).related(first.place, "");
                let error = error.note(handler).help("choose another name for one of them");
                errors.push(error);
            }
        } else {
            methods.insert(method, name);
        }
    }
}

/// Whether a type of this name can be generated.
pub(super) fn is_usable(type_name: &str, channel_name: &str) -> bool {
    refusal(type_name, channel_name).is_none()
}

/// Why a type cannot have a name that the schema allows.
enum Refusal {
    Generated,
    Tag,
    Keyword,
    Integer,
    LowerCase,
}

fn refusal(name: &str, channel_name: &str) -> Option<Refusal> {
    if GENERATED_NAMES.contains(&name) {
        Some(Refusal::Generated)
    } else if name == channel_name_to_tag(channel_name) {
        Some(Refusal::Tag)
    } else if is_keyword(name) {
        Some(Refusal::Keyword)
    } else if matches!(name, "usize" | "isize" | "str") {
        Some(Refusal::Integer)
    } else if name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && simplenet_schema::Primitive::from_name(name).is_none()
    {
        // Also what keeps a unit type from capturing a variable of the generated code.
        Some(Refusal::LowerCase)
    } else {
        None
    }
}

impl Refusal {
    fn diagnostic(&self, name: &Name) -> Diagnostic {
        let text = &name.text;
        let (message, help) = match self {
            Self::Generated => (
                format!("`{text}` is the name of something that is generated"),
                "choose another name".to_owned(),
            ),
            Self::Tag => (
                format!("`{text}` is the name of the channel's own tag type"),
                "rename the type, or the channel".to_owned(),
            ),
            Self::Keyword => {
                (format!("`{text}` is a keyword of Rust"), "choose another name".to_owned())
            }
            Self::Integer => (
                format!("`{text}` is the name of a type of Rust and cannot be declared"),
                "choose another name".to_owned(),
            ),
            Self::LowerCase => (
                format!("the type `{text}` does not start with an upper-case letter"),
                "names of types are written `LikeThis`".to_owned(),
            ),
        };
        Diagnostic::new(message, name.place).help(help)
    }
}

/// Whether it could be written as `r#name` alone.
fn is_keyword(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_err() && identifier(name).is_some()
}
