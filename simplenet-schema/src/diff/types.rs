//! The rules for two types in the same place.

use super::{class::Classes, compare::Comparison};
use crate::type_expression::{Primitive, Type};

impl Comparison<'_> {
    /// Returns the classes of a change of the type; `None` for equal types.
    ///
    /// A declared type that both schemas have counts as the same type: its own changes are separate
    /// changes.
    pub(super) fn type_change(&self, old: &Type, new: &Type) -> Option<Classes> {
        (old != new).then(|| self.convert(old, new))
    }

    /// Returns the classes of a list of types whose elements are encoded one after the other.
    pub(super) fn convert_all(&self, old: &[&Type], new: &[&Type]) -> Classes {
        if old.len() != new.len() {
            return Classes::IMPOSSIBLE;
        }
        let pairs = old.iter().zip(new).map(|(old, new)| self.convert(old, new));
        pairs.fold(Classes::SAME, Classes::and)
    }

    fn convert(&self, old: &Type, new: &Type) -> Classes {
        let (old, new) = (without_box(old), without_box(new));
        let alike = match (old, new) {
            _ if old == new => return Classes::SAME,
            (Type::Primitive(old), Type::Primitive(new)) => return primitives(*old, *new),
            (Type::Named(old), Type::Named(new)) => self.renamed(old, new),
            (Type::External(_), _) | (_, Type::External(_)) => false,
            (Type::Array(_, old), Type::Array(_, new)) => old == new,
            (Type::HashMap(..), Type::BTreeMap(..)) | (Type::BTreeMap(..), Type::HashMap(..)) => {
                true
            }
            (Type::HashSet(_), Type::BTreeSet(_)) | (Type::BTreeSet(_), Type::HashSet(_)) => true,
            _ => std::mem::discriminant(old) == std::mem::discriminant(new),
        };
        if alike {
            self.convert_all(&old.arguments(), &new.arguments())
        } else {
            Classes::IMPOSSIBLE
        }
    }
}

/// Returns the classes of two different primitives.
///
/// The bytes of an integer depend on its value, not on its type, if both types are signed or both
/// are unsigned. `u8` and `i8` are exceptions, because they are always one byte.
fn primitives(old: Primitive, new: Primitive) -> Classes {
    match (variable_integer(old), variable_integer(new)) {
        (Some((old_signed, old)), Some((new_signed, new))) if old_signed == new_signed => {
            if old < new { Classes::WIDENED } else { Classes::NARROWED }
        }
        _ => Classes::IMPOSSIBLE,
    }
}

/// Returns whether an integer of variable length is signed, and its width in bits; `None` for other
/// primitives.
fn variable_integer(primitive: Primitive) -> Option<(bool, u32)> {
    Some(match primitive {
        Primitive::U16 => (false, 16),
        Primitive::U32 => (false, 32),
        Primitive::U64 => (false, 64),
        Primitive::U128 => (false, 128),
        Primitive::I16 => (true, 16),
        Primitive::I32 => (true, 32),
        Primitive::I64 => (true, 64),
        Primitive::I128 => (true, 128),
        _ => return None,
    })
}

fn without_box(mut r#type: &Type) -> &Type {
    while let Type::Boxed(inner) = r#type {
        r#type = inner;
    }
    r#type
}
