use std::any::type_name;

use serde::{Serialize, de::DeserializeOwned};

use crate::wire;

/// Asserts that the values survive the wire. For the tests of types that a schema names as
/// `external`.
///
/// Each value is encoded, decoded and encoded again, as between a client and a server. Pass a value
/// of each variant, and one for each condition in the type's serde attributes. `docs/types.md` in
/// the repository lists the attributes that are safe.
///
/// # Panics
///
/// If a receiver would get another value or none. The text contains the place in the value and the
/// reason.
///
/// ```
/// #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// struct Color {
///     name: String,
///     rgb: [u8; 3],
/// }
///
/// simplenet::assert_wire_safe(&[Color { name: "red".into(), rgb: [255, 0, 0] }]);
/// ```
///
/// A type whose form depends on a name in the data is not safe, because names are not on the wire:
///
/// ```should_panic
/// #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// #[serde(tag = "kind")]
/// enum Order {
///     Attack { target: u32 },
/// }
///
/// simplenet::assert_wire_safe(&[Order::Attack { target: 7 }]);
/// ```
#[track_caller]
#[expect(clippy::panic, reason = "an assertion of the user's tests")]
pub fn assert_wire_safe<T>(values: &[T])
where
    T: Serialize + DeserializeOwned,
{
    for (index, value) in values.iter().enumerate() {
        if let Err(reason) = wire::round_trip(value) {
            panic!("value {index} of `{}` is not safe on the wire: {reason}", type_name::<T>());
        }
    }
}
