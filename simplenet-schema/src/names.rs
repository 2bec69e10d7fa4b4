use crate::rules::MAX_NAME_LENGTH;

/// Whether this is a valid name of a type, field or variant. A keyword is valid if Rust accepts it
/// as `r#name`.
pub(crate) fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.len() <= MAX_NAME_LENGTH
        && !matches!(text, "_" | "self" | "Self" | "super" | "crate")
}

/// Whether this is a valid name of a channel.
pub(crate) fn is_channel_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && text.len() <= MAX_NAME_LENGTH
}

/// Whether this is a valid path of an external type: `uuid::Uuid`, `crate::ids::UserId`.
pub(crate) fn is_external_path(text: &str) -> bool {
    let mut segments = text.split("::");
    let first = segments.next().is_some_and(|root| root == "crate" || is_name(root));
    let mut rest = segments.peekable();
    first && rest.peek().is_some() && rest.all(is_name) && text.len() <= MAX_NAME_LENGTH
}
