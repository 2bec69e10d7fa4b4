//! The schemas in `docs/vectors.json`, from their text to the canonical form.

use std::path::Path;

use serde_json::Value;
use simplenet_schema::canonical;

use crate::files::{compiled, errors_of, from_disk};

#[test]
fn schemas_of_the_vectors_have_the_listed_canonical_forms() {
    let all: Value = serde_json::from_str(include_str!("../../../docs/vectors.json")).unwrap();
    for row in all["schemas"].as_array().unwrap() {
        let name = &row["name"];
        let compiled = match row["ron"].as_str() {
            Some(text) => compiled(text, &[]),
            None => {
                let path = row["path"].as_str().unwrap();
                from_disk().schema(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
            }
        };
        let channel = compiled.outcome.unwrap_or_else(|failure| panic!("{}", errors_of(&failure)));
        assert_eq!(
            canonical::write(channel.schema()),
            row["canonical"].as_str().unwrap(),
            "{name}"
        );
        assert_eq!(format!("{:032x}", channel.hash()), row["hash"].as_str().unwrap(), "{name}");
    }
}
