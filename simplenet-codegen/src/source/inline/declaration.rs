use proc_macro2::Span;
use syn::{Field, Fields, Generics, ItemEnum, ItemStruct, Visibility, spanned::Spanned};

use super::{Reader, attributes::Target};
use crate::source::{Name, WrittenFields, WrittenShape, WrittenTypes};

impl Reader<'_> {
    pub(super) fn r#struct(
        &mut self,
        item: &ItemStruct,
        name: &Name,
        types: &mut WrittenTypes,
    ) -> WrittenShape {
        self.public(&item.vis, item.ident.span());
        self.not_generic(&item.generics);
        WrittenShape::Struct(self.fields(&item.fields, name, types))
    }

    pub(super) fn r#enum(
        &mut self,
        item: &ItemEnum,
        name: &Name,
        types: &mut WrittenTypes,
    ) -> WrittenShape {
        self.public(&item.vis, item.ident.span());
        self.not_generic(&item.generics);
        let mut variants = Vec::new();
        for variant in &item.variants {
            let own = self.name(&variant.ident);
            let path = Name { text: format!("{}.{}", name.text, own.text), place: own.place };
            let attributes = self.attributes(&variant.attrs, Target::Part);
            types.document(&path, attributes.docs);
            if let Some((_, value)) = &variant.discriminant {
                let message = "variants of a channel have no numbers of their own";
                let help = "on the wire they are numbered in their order, from 0";
                self.refuse(value.span(), message, help);
            }
            variants.push((own, self.fields(&variant.fields, &path, types)));
        }
        WrittenShape::Enum(variants)
    }

    /// The fields of a type or a variant; their docs go to `types`.
    fn fields(&mut self, fields: &Fields, owner: &Name, types: &mut WrittenTypes) -> WrittenFields {
        let is_variant = owner.text.contains('.');
        let mut read = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let name = match &field.ident {
                Some(ident) => self.name(ident),
                None => Name { text: index.to_string(), place: self.place(field.ty.span()) },
            };
            if !is_variant {
                let span = field.ident.as_ref().map_or_else(|| field.ty.span(), |name| name.span());
                self.public(&field.vis, span);
            }
            let docs = self.field_docs(field);
            let path = Name { text: format!("{}.{}", owner.text, name.text), place: name.place };
            types.document(&path, docs);
            let r#type = self.r#type(&field.ty);
            read.push((name, r#type));
        }
        match fields {
            Fields::Unit => WrittenFields::Unit,
            Fields::Named(_) => WrittenFields::Named(read),
            Fields::Unnamed(fields) if read.is_empty() => {
                let message = "empty parentheses say nothing";
                self.refuse(fields.paren_token.span.join(), message, "leave them out");
                WrittenFields::Unit
            }
            Fields::Unnamed(_) => {
                let mut types: Vec<_> = read.into_iter().map(|(_, r#type)| r#type).collect();
                match types.pop() {
                    Some(only) if types.is_empty() => WrittenFields::Newtype(only),
                    last => WrittenFields::Tuple(types.into_iter().chain(last).collect()),
                }
            }
        }
    }

    fn field_docs(&mut self, field: &Field) -> Option<String> {
        if let Some((_, value)) = &field.default {
            let message = "a field of a channel has no default";
            self.refuse(value.span(), message, "every field travels, with the value it has");
        }
        self.attributes(&field.attrs, Target::Part).docs
    }

    /// What the module shows is what is generated, and that is public.
    fn public(&mut self, visibility: &Visibility, span: Span) {
        let span = match visibility {
            Visibility::Public(_) => return,
            Visibility::Restricted(restricted) => restricted.pub_token.span,
            Visibility::Inherited => span,
        };
        let help = "write `pub`; how far the channel is seen is said by its module";
        self.refuse(span, "types of a channel and their fields are public", help);
    }

    fn not_generic(&mut self, generics: &Generics) {
        let parameters = generics.type_params().map(|parameter| parameter.ident.to_string());
        self.parameters = parameters.collect();
        if !generics.params.is_empty() {
            let message = "types of a channel are not generic";
            self.refuse(generics.params.span(), message, "declare a type for each use");
        } else if let Some(clause) = &generics.where_clause {
            self.refuse(clause.span(), "types of a channel are not generic", "leave it out");
        }
    }
}
