use super::lower::Lowered;
use crate::{
    Diagnostic,
    generate::{GENERATED_NAMES, channel_name_to_tag, identifier},
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
