use simplenet_schema::MAX_DEPTH;

use super::{Place, WrittenKind, WrittenType};
use crate::Diagnostic;

/// Reads a type as a schema writes it, at the place where it stands.
///
/// What cannot be read comes back as [`WrittenKind::Unreadable`], beside the error that says why.
pub(crate) fn parse(text: &str, place: Place) -> (WrittenType, Option<Diagnostic>) {
    let mut parser = Parser { text, at: 0, place };
    let parsed = parser.r#type(1).and_then(|parsed| {
        parser.skip_spaces();
        if parser.rest().is_empty() { Ok(parsed) } else { Err(parser.wrong("the end of the type")) }
    });
    match parsed {
        Ok(parsed) => (parsed, None),
        Err(error) => (WrittenType { kind: WrittenKind::Unreadable, place }, Some(error)),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Of the whole text.
    place: Place,
}

impl<'a> Parser<'a> {
    fn r#type(&mut self, depth: usize) -> Result<WrittenType, Diagnostic> {
        self.skip_spaces();
        let start = self.at;
        if depth > MAX_DEPTH {
            let error = Diagnostic::new("types nest too deep here", self.here());
            return Err(error.help(format!("at most {MAX_DEPTH} levels")));
        }
        let kind = if self.take("[") {
            self.array(start, depth)?
        } else if self.take("(") {
            WrittenKind::Tuple(self.arguments(")", depth)?)
        } else {
            self.path(depth)?
        };
        Ok(WrittenType { kind, place: self.since(start) })
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<WrittenKind, Diagnostic> {
        let element = self.r#type(depth + 1)?;
        self.skip_spaces();
        if self.take("]") {
            let error = Diagnostic::new("a schema has no slices", self.since(start));
            return Err(error.help("use `Vec<T>`, or `[T; N]` with a length"));
        }
        self.expect(";", "`;` and the length of the array")?;
        self.skip_spaces();
        let digits = self.while_matches(|c| c.is_ascii_digit());
        let Ok(length) = digits.parse() else { return Err(self.wrong("the array's length")) };
        self.expect("]", "`]`")?;
        Ok(WrittenKind::Array(Box::new(element), length))
    }

    fn path(&mut self, depth: usize) -> Result<WrittenKind, Diagnostic> {
        let start = self.at;
        loop {
            if self.identifier().is_empty() {
                return Err(self.no_type());
            }
            if !self.take("::") {
                break;
            }
        }
        let path = self.text.get(start..self.at).unwrap_or_default().to_owned();
        self.skip_spaces();
        let arguments = if self.take("<") { self.arguments(">", depth)? } else { Vec::new() };
        Ok(WrittenKind::Path { path, arguments })
    }

    /// Types up to the closing character, separated by commas.
    fn arguments(&mut self, close: &str, depth: usize) -> Result<Vec<WrittenType>, Diagnostic> {
        let mut arguments = Vec::new();
        loop {
            self.skip_spaces();
            if self.take(close) {
                return Ok(arguments);
            }
            arguments.push(self.r#type(depth + 1)?);
            self.skip_spaces();
            if self.take(close) {
                return Ok(arguments);
            }
            self.expect(",", &format!("`,` or `{close}`"))?;
        }
    }

    /// No identifier where a type should begin: a reference and its kin deserve a word of their own.
    fn no_type(&self) -> Diagnostic {
        let next = self.rest().chars().next();
        let refused = match next {
            Some('&') => "a schema has no references",
            Some('*') => "a schema has no pointers",
            Some('\'') => "a schema has no lifetimes",
            _ => return self.wrong("a type"),
        };
        Diagnostic::new(refused, self.here()).help("name the type itself, as in `String`")
    }

    fn identifier(&mut self) -> &'a str {
        let starts = self.rest().starts_with(|c: char| c == '_' || c.is_alphabetic());
        if !starts {
            return "";
        }
        self.while_matches(|c| c == '_' || c.is_alphanumeric())
    }

    fn while_matches(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !matches(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.while_matches(char::is_whitespace);
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn expect(&mut self, expected: &str, name: &str) -> Result<(), Diagnostic> {
        self.skip_spaces();
        if self.take(expected) { Ok(()) } else { Err(self.wrong(name)) }
    }

    fn wrong(&self, expected: &str) -> Diagnostic {
        Diagnostic::new(format!("cannot read the type `{}`", self.text), self.here())
            .label(format!("expected {expected}"))
    }

    /// The next character, or the end of the text.
    fn here(&self) -> Place {
        let next = self.rest().chars().next().map_or(0, char::len_utf8);
        self.place_of(self.at, self.at + next)
    }

    fn since(&self, start: usize) -> Place {
        self.place_of(start, self.at)
    }

    fn place_of(&self, start: usize, end: usize) -> Place {
        Place { start: self.place.start + start, end: self.place.start + end, ..self.place }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
