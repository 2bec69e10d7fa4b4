//! Errors in the sharing of types between channels.

#[simplenet::types(schema = "schemas/shared_older.ron")]
mod older {}

#[simplenet::types(schema = "schemas/shared.ron")]
mod shared {}

#[simplenet::channel(schema = "schemas/sharing.ron", include(shared = crate::older))]
mod outdated {}

#[simplenet::channel(schema = "schemas/sharing.ron", include(shard = crate::shared))]
mod misspelt {}

#[simplenet::channel(schema = "schemas/sharing_derives.ron", include(shared = crate::shared))]
mod derives {}

#[simplenet::types(name = "shared")]
mod without_schema {}

fn main() {}
