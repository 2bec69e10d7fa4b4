use syn::{
    Expr, ExprLit, GenericArgument, Lit, PathArguments, PathSegment, Type, TypeArray, TypePath,
    spanned::Spanned,
};

use super::Reader;
use crate::source::{Name, Place, WrittenKind, WrittenType};

impl Reader<'_> {
    pub(super) fn r#type(&mut self, r#type: &Type) -> WrittenType {
        let place = self.place(r#type.span());
        let (message, help) = match r#type {
            // As macros put them around what they are given.
            Type::Group(group) => return self.r#type(&group.elem),
            Type::Paren(paren) => return self.r#type(&paren.elem),
            Type::Path(path) if path.qself.is_none() => return self.named(path, place),
            Type::Array(array) => return self.array(array, place),
            Type::Tuple(tuple) => {
                let elements = tuple.elems.iter().map(|element| self.r#type(element)).collect();
                return WrittenType { kind: WrittenKind::Tuple(elements), place };
            }
            Type::Reference(_) => {
                ("a channel has no references", "name the type itself, as in `String`")
            }
            Type::Ptr(_) => ("a channel has no pointers", "name the type itself, as in `String`"),
            Type::Slice(_) => {
                ("a channel has no slices", "use `Vec<T>`, or `[T; N]` with a length")
            }
            _ => (
                "this is no type of a channel",
                "use the channel's own structs and enums, primitives and containers",
            ),
        };
        self.refuse(r#type.span(), message, help);
        WrittenType { kind: WrittenKind::Unreadable, place }
    }

    fn named(&mut self, r#type: &TypePath, place: Place) -> WrittenType {
        let Name { text: path, .. } = self.path(&r#type.path);
        if self.parameters.contains(&path) {
            return WrittenType { kind: WrittenKind::Unreadable, place };
        }
        let mut arguments = Vec::new();
        let last = r#type.path.segments.len().saturating_sub(1);
        for (index, segment) in r#type.path.segments.iter().enumerate() {
            match self.arguments(segment) {
                Some(found) if found.is_empty() || index == last => arguments = found,
                _ => {
                    let message = "this is no type of a channel";
                    let help = "only types stand between the brackets, after the last name";
                    self.refuse(segment.span(), message, help);
                    return WrittenType { kind: WrittenKind::Unreadable, place };
                }
            }
        }
        WrittenType { kind: WrittenKind::Path { path, arguments }, place }
    }

    /// The types between the brackets, unless something else is there.
    fn arguments(&mut self, segment: &PathSegment) -> Option<Vec<WrittenType>> {
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

    fn array(&mut self, array: &TypeArray, place: Place) -> WrittenType {
        let element = self.r#type(&array.elem);
        let kind = match length(&array.len) {
            Some(length) => WrittenKind::Array(Box::new(element), length),
            None => {
                let message = "the length of an array is a number here";
                self.refuse(
                    array.len.span(),
                    message,
                    "write the digits: the protocol hash must know it",
                );
                WrittenKind::Unreadable
            }
        };
        WrittenType { kind, place }
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
