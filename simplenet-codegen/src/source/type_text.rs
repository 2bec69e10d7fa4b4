use simplenet_schema::MAX_DEPTH;

use super::{ast, file::SourceRange};
use crate::diagnostics::Diagnostic;

/// Parses the text of a type. The text is at this range of the source.
///
/// Returns a type with a syntax error as [`ast::TypeKind::Unreadable`], together with the error.
pub(crate) fn parse(text: &str, range: SourceRange) -> (ast::Type, Option<Diagnostic>) {
    let mut parser = Parser { text, at: 0, range };
    let parsed = parser.r#type(1).and_then(|parsed| {
        parser.skip_spaces();
        if parser.rest().is_empty() {
            Ok(parsed)
        } else {
            Err(parser.expected("the end of the type"))
        }
    });
    match parsed {
        Ok(parsed) => (parsed, None),
        Err(error) => (ast::Type { kind: ast::TypeKind::Unreadable, range }, Some(error)),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The range of the whole text.
    range: SourceRange,
}

impl<'a> Parser<'a> {
    fn r#type(&mut self, depth: usize) -> Result<ast::Type, Diagnostic> {
        self.skip_spaces();
        let start = self.at;
        if depth > MAX_DEPTH {
            let message = format!("types nest more than {MAX_DEPTH} levels deep");
            return Err(Diagnostic::new(message, self.here()));
        }
        let kind = if self.take("[") {
            self.array(start, depth)?
        } else if self.take("(") {
            ast::TypeKind::Tuple(self.arguments(")", depth)?)
        } else {
            self.path(depth)?
        };
        Ok(ast::Type { kind, range: self.since(start) })
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<ast::TypeKind, Diagnostic> {
        let element = self.r#type(depth + 1)?;
        self.skip_spaces();
        if self.take("]") {
            let error = Diagnostic::new("slices are not supported in a schema", self.since(start));
            return Err(error.help("use `Vec<T>`, or `[T; N]` with a length"));
        }
        self.expect(";", "`;` and the length of the array")?;
        self.skip_spaces();
        let digits = self.while_matches(|c| c.is_ascii_digit());
        let Ok(length) = digits.parse() else {
            return Err(self.expected("the length of the array"));
        };
        self.expect("]", "`]`")?;
        Ok(ast::TypeKind::Array(Box::new(element), length))
    }

    fn path(&mut self, depth: usize) -> Result<ast::TypeKind, Diagnostic> {
        let start = self.at;
        loop {
            if self.identifier().is_empty() {
                return Err(self.missing_type());
            }
            if !self.take("::") {
                break;
            }
        }
        let path = self.text.get(start..self.at).unwrap_or_default().to_owned();
        self.skip_spaces();
        let arguments = if self.take("<") { self.arguments(">", depth)? } else { Vec::new() };
        Ok(ast::TypeKind::Path { path, arguments })
    }

    /// Parses types up to the closing character, separated by commas.
    fn arguments(&mut self, close: &str, depth: usize) -> Result<Vec<ast::Type>, Diagnostic> {
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

    /// Returns the error for a type that does not begin with an identifier.
    fn missing_type(&self) -> Diagnostic {
        let next = self.rest().chars().next();
        let refused = match next {
            Some('&') => "references are not supported in a schema",
            Some('*') => "pointers are not supported in a schema",
            Some('\'') => "lifetimes are not supported in a schema",
            _ => return self.expected("a type"),
        };
        Diagnostic::new(refused, self.here()).help("use an owned type, such as `String`")
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
        if self.take(expected) { Ok(()) } else { Err(self.expected(name)) }
    }

    /// Returns a syntax error at the current position.
    fn expected(&self, expected: &str) -> Diagnostic {
        Diagnostic::new(format!("cannot read the type `{}`", self.text), self.here())
            .label(format!("expected {expected}"))
    }

    /// Returns the range of the next character, or of the end of the text.
    fn here(&self) -> SourceRange {
        let next = self.rest().chars().next().map_or(0, char::len_utf8);
        self.range_of(self.at, self.at + next)
    }

    fn since(&self, start: usize) -> SourceRange {
        self.range_of(start, self.at)
    }

    fn range_of(&self, start: usize, end: usize) -> SourceRange {
        SourceRange { start: self.range.start + start, end: self.range.start + end, ..self.range }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
