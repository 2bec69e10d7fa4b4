use syn::{
    Expr, ExprLit, GenericArgument, Lit, PathArguments, PathSegment, Type, TypeArray, TypePath,
    spanned::Spanned,
};

use super::Reader;
use crate::source::{
    ast::{self, Name},
    file::SourceRange,
};

impl Reader<'_> {
    pub(super) fn r#type(&mut self, r#type: &Type) -> ast::Type {
        let range = self.range(r#type.span());
        let (message, help) = match r#type {
            // Macros wrap their arguments in invisible groups.
            Type::Group(group) => return self.r#type(&group.elem),
            Type::Paren(paren) => return self.r#type(&paren.elem),
            Type::Path(path) if path.qself.is_none() => return self.named(path, range),
            Type::Array(array) => return self.array(array, range),
            Type::Tuple(tuple) => {
                let elements = tuple.elems.iter().map(|element| self.r#type(element)).collect();
                return ast::Type { kind: ast::TypeKind::Tuple(elements), range };
            }
            Type::Reference(_) => {
                ("references are not supported in a channel", "use an owned type, such as `String`")
            }
            Type::Ptr(_) => {
                ("pointers are not supported in a channel", "use an owned type, such as `String`")
            }
            Type::Slice(_) => {
                ("slices are not supported in a channel", "use `Vec<T>`, or `[T; N]` with a length")
            }
            _ => (
                "this type is not supported in a channel",
                "use the structs and enums of the channel, primitives and containers",
            ),
        };
        self.refuse(r#type.span(), message, help);
        ast::Type { kind: ast::TypeKind::Unreadable, range }
    }

    fn named(&mut self, r#type: &TypePath, range: SourceRange) -> ast::Type {
        let Name { text: path, .. } = self.path(&r#type.path);
        if self.parameters.contains(&path) {
            return ast::Type { kind: ast::TypeKind::Unreadable, range };
        }
        let mut arguments = Vec::new();
        let last = r#type.path.segments.len().saturating_sub(1);
        for (index, segment) in r#type.path.segments.iter().enumerate() {
            match self.arguments(segment) {
                Some(found) if found.is_empty() || index == last => arguments = found,
                _ => {
                    let message = "this type is not supported in a channel";
                    let help = "write only type arguments, after the last segment of the path";
                    self.refuse(segment.span(), message, help);
                    return ast::Type { kind: ast::TypeKind::Unreadable, range };
                }
            }
        }
        ast::Type { kind: ast::TypeKind::Path { path, arguments }, range }
    }

    /// Returns the type arguments of a segment; `None` if it has arguments of another kind.
    fn arguments(&mut self, segment: &PathSegment) -> Option<Vec<ast::Type>> {
        match &segment.arguments {
            PathArguments::None => Some(Vec::new()),
            PathArguments::AngleBracketed(brackets) => {
                let types = brackets.args.iter().map(|argument| match argument {
                    GenericArgument::Type(r#type) => Some(r#type),
                    _ => None,
                });
                let types: Vec<_> = types.collect::<Option<_>>()?;
                Some(types.into_iter().map(|r#type| self.r#type(r#type)).collect())
            }
            PathArguments::Parenthesized(_) => None,
        }
    }

    fn array(&mut self, array: &TypeArray, range: SourceRange) -> ast::Type {
        let element = self.r#type(&array.elem);
        let kind = match length(&array.len) {
            Some(length) => ast::TypeKind::Array(Box::new(element), length),
            None => {
                let message = "the length of an array must be an integer literal";
                self.refuse(
                    array.len.span(),
                    message,
                    "write the number: the protocol hash depends on it",
                );
                ast::TypeKind::Unreadable
            }
        };
        ast::Type { kind, range }
    }
}

fn length(written: &Expr) -> Option<usize> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Group(group) => length(&group.expr),
        Expr::Paren(paren) => length(&paren.expr),
        _ => None,
    }
}
