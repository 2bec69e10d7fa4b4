//! The canonical forms and hashes in `docs/vectors.json`.

use serde_json::Value;
use simplenet_schema::{CODEC, Primitive, canonical, protocol_hash};

/// Returns the canonical form and the hash of each listed schema.
fn listed() -> Vec<(String, String)> {
    let all: Value = serde_json::from_str(include_str!("../../../docs/vectors.json")).unwrap();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let rows = all["schemas"].as_array().unwrap();
    rows.iter().map(|row| (text(row, "canonical"), text(row, "hash"))).collect()
}

#[test]
fn canonical_forms_of_the_vectors_are_read_and_hashed() {
    for (form, hash) in listed() {
        let schema = canonical::read(&form).unwrap();
        assert_eq!(canonical::write(&schema), form);
        assert_eq!(format!("{:032x}", protocol_hash(&form)), hash);
    }
}

#[test]
fn first_vector_is_the_example_of_the_specification() {
    let specification = include_str!("../../../docs/protocol.md");
    let (form, hash) = &listed()[0];
    assert!(
        specification.contains(&format!("```text\n{form}```\n\nIts protocol hash is `{hash}`."))
    );
    assert!(specification.contains(CODEC));
}

#[test]
fn vectors_contain_every_construct_of_the_grammar() {
    let forms: String = listed().into_iter().map(|(form, _)| form).collect();
    let constructs = [
        "connect tuple 0()\n",
        "connect @",
        "connect tuple 2(",
        "externals 2\n",
        "types 0\n",
        " unit\n",
        " newtype(",
        " tuple 2(",
        " struct 0()",
        " struct 1(",
        " enum ",
        " unit;",
        " newtype(@5:Point);",
        " tuple 2(String,String,);",
        " struct 1(5:until u64,);",
        "option(",
        "vec(",
        "box(",
        "hashset(",
        "btreeset(",
        "result(",
        "hashmap(",
        "btreemap(",
        "array 3(",
        "tuple 2(bool,tuple 0(),)",
        "^10:uuid::Uuid",
        "client messages 2\n",
        "client requests 2\n",
        "server messages 2\n",
    ];
    for construct in constructs {
        assert!(forms.contains(construct), "{construct}");
    }
    for primitive in Primitive::ALL {
        assert!(forms.contains(&format!("{},", primitive.name())), "{primitive:?}");
    }
    assert!(forms.contains("8:1 × u64"), "no text whose bytes differ from its characters");
}
