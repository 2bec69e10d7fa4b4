use proc_macro2::Span;
use syn::{Field, Fields, Generics, ItemEnum, ItemStruct, Visibility, spanned::Spanned};

use super::{Reader, attributes::Target};
use crate::source::ast::{self, Name};

impl Reader<'_> {
    pub(super) fn r#struct(
        &mut self,
        item: &ItemStruct,
        name: &Name,
        types: &mut ast::Types,
    ) -> ast::Shape {
        self.public(&item.vis, item.ident.span());
        self.not_generic(&item.generics);
        ast::Shape::Struct(self.fields(&item.fields, name, types))
    }

    pub(super) fn r#enum(
        &mut self,
        item: &ItemEnum,
        name: &Name,
        types: &mut ast::Types,
    ) -> ast::Shape {
        self.public(&item.vis, item.ident.span());
        self.not_generic(&item.generics);
        let mut variants = Vec::new();
        for variant in &item.variants {
            let own = self.name(&variant.ident);
            let path = Name { text: format!("{}.{}", name.text, own.text), range: own.range };
            let attributes = self.attributes(&variant.attrs, Target::Part);
            types.document(&path, attributes.docs);
            if let Some((_, value)) = &variant.discriminant {
                let message = "explicit discriminants are not supported in a channel";
                let help = "remove it: variants are encoded by their position, from 0";
                self.refuse(value.span(), message, help);
            }
            variants.push((own, self.fields(&variant.fields, &path, types)));
        }
        ast::Shape::Enum(variants)
    }

    /// Reads the fields of a type or a variant. Their docs are added to `types`.
    fn fields(&mut self, fields: &Fields, owner: &Name, types: &mut ast::Types) -> ast::Fields {
        let is_variant = owner.text.contains('.');
        let mut read = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let name = match &field.ident {
                Some(ident) => self.name(ident),
                None => Name { text: index.to_string(), range: self.range(field.ty.span()) },
            };
            if !is_variant {
                let span = field.ident.as_ref().map_or_else(|| field.ty.span(), |name| name.span());
                self.public(&field.vis, span);
            }
            let docs = self.field_docs(field);
            let path = Name { text: format!("{}.{}", owner.text, name.text), range: name.range };
            types.document(&path, docs);
            let r#type = self.r#type(&field.ty);
            read.push((name, r#type));
        }
        match fields {
            Fields::Unit => ast::Fields::Unit,
            Fields::Named(_) => ast::Fields::Named(read),
            Fields::Unnamed(fields) if read.is_empty() => {
                let message = "empty parentheses are not supported";
                self.refuse(fields.paren_token.span.join(), message, "remove the parentheses");
                ast::Fields::Unit
            }
            Fields::Unnamed(_) => {
                let mut types: Vec<_> = read.into_iter().map(|(_, r#type)| r#type).collect();
                match types.pop() {
                    Some(only) if types.is_empty() => ast::Fields::Newtype(only),
                    last => ast::Fields::Tuple(types.into_iter().chain(last).collect()),
                }
            }
        }
    }

    fn field_docs(&mut self, field: &Field) -> Option<String> {
        if let Some((_, value)) = &field.default {
            let message = "default values of fields are not supported in a channel";
            self.refuse(value.span(), message, "remove the default: every field is sent");
        }
        self.attributes(&field.attrs, Target::Part).docs
    }

    /// Reports an item that is not public, because all generated items are public.
    fn public(&mut self, visibility: &Visibility, span: Span) {
        let span = match visibility {
            Visibility::Public(_) => return,
            Visibility::Restricted(restricted) => restricted.pub_token.span,
            Visibility::Inherited => span,
        };
        let help = "write `pub`, and restrict the visibility of the module instead";
        self.refuse(span, "types of a channel and their fields must be public", help);
    }

    fn not_generic(&mut self, generics: &Generics) {
        let parameters = generics.type_params().map(|parameter| parameter.ident.to_string());
        self.parameters = parameters.collect();
        if !generics.params.is_empty() {
            let message = "types of a channel cannot be generic";
            self.refuse(generics.params.span(), message, "declare one type for each use");
        } else if let Some(clause) = &generics.where_clause {
            self.refuse(
                clause.span(),
                "types of a channel cannot be generic",
                "remove the `where` clause",
            );
        }
    }
}
