use std::fmt;

/// The type of a field, a response or a connect message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A primitive.
    Primitive(Primitive),
    /// A type that the schema declares, by name.
    Named(String),
    /// An external type, by its full path.
    External(String),
    /// `Option<T>`.
    Option(Box<Type>),
    /// `Vec<T>`.
    Vec(Box<Type>),
    /// `[T; N]`.
    Array(Box<Type>, usize),
    /// `(A, B)`, or `()` without elements.
    Tuple(Vec<Type>),
    /// `Result<T, E>`.
    Result(Box<Type>, Box<Type>),
    /// `Box<T>`.
    Boxed(Box<Type>),
    /// `HashMap<K, V>`.
    HashMap(Box<Type>, Box<Type>),
    /// `BTreeMap<K, V>`.
    BTreeMap(Box<Type>, Box<Type>),
    /// `HashSet<T>`.
    HashSet(Box<Type>),
    /// `BTreeSet<T>`.
    BTreeSet(Box<Type>),
}

impl Type {
    /// Returns `()`.
    pub fn unit() -> Self {
        Self::Tuple(Vec::new())
    }

    /// Returns the type arguments and elements of this type, from left to right.
    pub fn arguments(&self) -> Vec<&Type> {
        match self {
            Self::Primitive(_) | Self::Named(_) | Self::External(_) => Vec::new(),
            Self::Option(inner)
            | Self::Vec(inner)
            | Self::Array(inner, _)
            | Self::Boxed(inner)
            | Self::HashSet(inner)
            | Self::BTreeSet(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter().collect(),
            Self::Result(left, right)
            | Self::HashMap(left, right)
            | Self::BTreeMap(left, right) => vec![left, right],
        }
    }

    /// Returns the same types as [`Type::arguments`], mutably.
    pub fn arguments_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Primitive(_) | Self::Named(_) | Self::External(_) => Vec::new(),
            Self::Option(inner)
            | Self::Vec(inner)
            | Self::Array(inner, _)
            | Self::Boxed(inner)
            | Self::HashSet(inner)
            | Self::BTreeSet(inner) => vec![inner],
            Self::Tuple(elements) => elements.iter_mut().collect(),
            Self::Result(left, right)
            | Self::HashMap(left, right)
            | Self::BTreeMap(left, right) => vec![left, right],
        }
    }
}

/// The syntax of a schema, as in `Result<Vec<RoomId>, [u8; 4]>`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Primitive(primitive) => f.write_str(primitive.name()),
            Self::Named(name) | Self::External(name) => f.write_str(name),
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::Vec(inner) => write!(f, "Vec<{inner}>"),
            Self::Array(inner, length) => write!(f, "[{inner}; {length}]"),
            Self::Tuple(elements) => write_tuple(f, elements),
            Self::Result(value, error) => write!(f, "Result<{value}, {error}>"),
            Self::Boxed(inner) => write!(f, "Box<{inner}>"),
            Self::HashMap(key, value) => write!(f, "HashMap<{key}, {value}>"),
            Self::BTreeMap(key, value) => write!(f, "BTreeMap<{key}, {value}>"),
            Self::HashSet(inner) => write!(f, "HashSet<{inner}>"),
            Self::BTreeSet(inner) => write!(f, "BTreeSet<{inner}>"),
        }
    }
}

fn write_tuple(f: &mut fmt::Formatter<'_>, elements: &[Type]) -> fmt::Result {
    f.write_str("(")?;
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{element}")?;
    }
    f.write_str(")")
}

/// A primitive type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `bool`.
    Bool,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `u128`.
    U128,
    /// `i8`.
    I8,
    /// `i16`.
    I16,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `i128`.
    I128,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `char`.
    Char,
    /// `String`.
    String,
    /// `Bytes`.
    Bytes,
}

impl Primitive {
    /// Every primitive.
    pub const ALL: [Self; 16] = [
        Self::Bool,
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::U128,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::I128,
        Self::F32,
        Self::F64,
        Self::Char,
        Self::String,
        Self::Bytes,
    ];

    /// Returns the primitive with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|primitive| primitive.name() == name)
    }

    /// Returns the name of the primitive in a schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Char => "char",
            Self::String => "String",
            Self::Bytes => "Bytes",
        }
    }
}
