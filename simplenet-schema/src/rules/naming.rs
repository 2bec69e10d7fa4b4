use std::collections::HashMap;

use super::{MAX_NAME_LENGTH, Rules, positions};
use crate::{
    error::{Item, Location, Step, Violation},
    model::{Fields, Shape},
    names::{is_channel_name, is_external_path, is_name},
    type_expression::Primitive,
};

impl<'a> Rules<'a> {
    /// Checks that names are valid and unique.
    pub(super) fn check_names(&mut self) {
        let raw = self.raw;
        if !is_channel_name(&raw.name) {
            let violation = Violation::ChannelName(raw.name.clone());
            self.report(Location::of(Item::Name), violation);
        }
        let declared = raw.types.iter().map(|declared| declared.name.as_str());
        self.siblings(declared, |index| Location::of(Item::Declaration(index)));
        for (position, declaration) in raw.types.iter().enumerate() {
            let location = Location::of(Item::Declaration(position));
            if Primitive::from_name(&declaration.name).is_some() {
                let violation = Violation::PrimitiveName(declaration.name.clone());
                self.report(location.clone(), violation);
            }
            match &declaration.shape {
                Shape::Struct(fields) => self.fields(&location, fields),
                Shape::Enum(variants) => {
                    if variants.is_empty() {
                        let violation = Violation::NoVariants(declaration.name.clone());
                        self.report(location.clone(), violation);
                    }
                    let names = variants.iter().map(|variant| variant.name.as_str());
                    self.siblings(names, |index| location.then(Step::Variant(index)));
                    for (index, variant) in variants.iter().enumerate() {
                        self.fields(&location.then(Step::Variant(index)), &variant.fields);
                    }
                }
            }
        }
        self.externals();
    }

    fn externals(&mut self) {
        let raw = self.raw;
        let paths = raw.externals.iter().map(|external| external.path.as_str());
        self.unique(paths, |index| Location::of(Item::External(index)));
        for (index, external) in raw.externals.iter().enumerate() {
            let location = Location::of(Item::External(index));
            if !is_external_path(&external.path) {
                self.report(location.clone(), Violation::ExternalPath(external.path.clone()));
            }
            if external.fingerprint.is_empty() || external.fingerprint.len() > MAX_NAME_LENGTH {
                self.report(location.then(Step::Type), Violation::Fingerprint);
            }
        }
    }

    fn fields(&mut self, owner: &Location, fields: &'a Fields) {
        match fields {
            Fields::Unit | Fields::Newtype(_) => {}
            Fields::Tuple(elements) if elements.len() < 2 => {
                self.report(owner.clone(), Violation::TupleFields(elements.len()));
            }
            Fields::Tuple(_) => {}
            Fields::Named(fields) => {
                let names = fields.iter().map(|field| field.name.as_str());
                self.siblings(names, |index| owner.then(Step::Field(index)));
            }
        }
    }

    fn siblings(
        &mut self,
        names: impl Iterator<Item = &'a str> + Clone,
        locate: impl Fn(usize) -> Location,
    ) {
        for (index, name) in names.clone().enumerate() {
            if !is_name(name) {
                self.report(locate(index), Violation::Name(name.to_owned()));
            }
        }
        self.unique(names, locate);
    }

    fn unique(&mut self, names: impl Iterator<Item = &'a str>, locate: impl Fn(usize) -> Location) {
        let mut seen = HashMap::new();
        for (index, name) in names.enumerate() {
            if let Some(&first) = seen.get(name) {
                let first = locate(first);
                self.report(locate(index), Violation::Duplicate { name: name.to_owned(), first });
            } else {
                seen.insert(name, index);
            }
        }
    }

    /// Checks that messages and requests are declared types, each once per direction.
    pub(super) fn check_directions(&mut self) {
        let raw = self.raw;
        let client = raw.client_messages.iter().map(String::as_str);
        let requests = raw.client_requests.iter().map(|request| request.name.as_str());
        let server = raw.server_messages.iter().map(String::as_str);
        self.messages(client.clone(), |index| Location::of(Item::ClientMessage(index)));
        self.messages(requests.clone(), |index| Location::of(Item::ClientRequest(index)));
        self.messages(server, |index| Location::of(Item::ServerMessage(index)));

        let messages: HashMap<&str, usize> =
            client.enumerate().map(|(index, name)| (name, index)).collect();
        for (index, name) in requests.enumerate() {
            if let Some(&message) = messages.get(name) {
                let message = Location::of(Item::ClientMessage(message));
                let violation = Violation::MessageAndRequest { name: name.to_owned(), message };
                self.report(Location::of(Item::ClientRequest(index)), violation);
            }
        }
    }

    fn messages(
        &mut self,
        names: impl Iterator<Item = &'a str> + Clone,
        locate: impl Fn(usize) -> Location,
    ) {
        let positions = positions(self.raw);
        for (index, name) in names.clone().enumerate() {
            if !positions.contains_key(name) {
                self.report(locate(index), Violation::Unknown(name.to_owned()));
            }
        }
        self.unique(names, locate);
    }
}
