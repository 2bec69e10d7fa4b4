//! Types that several channels share.

use std::{
    io::{Error, Result},
    path::Path,
};

use expect_test::expect;
use proc_macro2::Span;
use simplenet_codegen::{Channel, Compiled, TypesModule, format_code, generate_types};

use crate::files::{compiler, errors_of, expanded};

const COMMON: &str = r#"Types(
    include: ["base-types.ron"],
    types: {
        "RoomId": Newtype("u32"),
        "Place": Struct({ "x": "f32", "room": "RoomId" }),
        "Tag": Tuple(["uuid::Uuid", "Level"]),
    },
    external: { "uuid::Uuid": "1" },
    derive: { "RoomId": ["Copy"] },
)"#;
const BASE: &str =
    r#"Types(types: { "Level": Enum({ "Low": Unit, "High": Unit }), "Unused": Unit })"#;
const CHANNEL: &str = r#"Channel(
    name: "chat",
    include: ["common.ron"],
    server: (messages: ["Posted", "Level"]),
    types: { "Posted": Struct({ "rooms": "HashMap<RoomId, Place>" }) },
)"#;

fn module(file: &str, path: &str) -> TypesModule {
    let path = syn::parse_str(path).expect("a path");
    TypesModule { file: file.to_owned(), span: Span::call_site(), path }
}

fn read(channel: &str, common: &str, path: &Path) -> Result<String> {
    let text = match path.to_str() {
        Some("/work/main.ron") => channel,
        Some("/work/common.ron") => common,
        Some("/work/base-types.ron") => BASE,
        _ => return Err(Error::other("no such file")),
    };
    Ok(text.to_owned())
}

fn channel(channel: &str, shared: &[TypesModule]) -> Compiled<Channel> {
    compiler(shared, &mut |path| read(channel, COMMON, path)).schema(Path::new("/work/main.ron"))
}

fn types(common: &str) -> String {
    let mut read = |path: &Path| read("", common, path);
    let types = compiler(&[], &mut read).types(Path::new("/work/common.ron"));
    let types = types.outcome.expect("the types are valid");
    format_code(&generate_types(&types, &syn::parse_quote!(::simplenet)))
}

/// Returns the hash of the types of a module.
fn types_hash(code: &str) -> &str {
    let (_, rest) = code.split_once("0x").expect("a hash");
    &rest[..32]
}

#[test]
fn module_contains_the_types_of_its_file_and_includes() {
    let code = types(COMMON);
    for name in ["RoomId", "Place", "Tag", "Level", "Unused"] {
        assert!(code.contains(&format!("/// The type `{name}`.")), "{name} in {code}");
    }
    let derives = |name: &str| {
        let (before, _) = code.split_once(&format!("pub {name}")).expect("the type");
        before.rsplit_once("#[derive(").expect("its derives").1.contains("::core::hash::Hash")
    };
    assert!(derives("struct RoomId") && derives("enum Level"), "{code}");
    assert!(!derives("struct Place") && !derives("struct Tag"), "{code}");
    assert!(!code.contains("ChannelPack") && !code.contains("ServerMsg"), "{code}");
}

#[test]
fn channel_with_shared_types_has_the_same_protocol() {
    let own = channel(CHANNEL, &[]).outcome.unwrap();
    let shared = channel(CHANNEL, &[module("common", "crate::common")]).outcome.unwrap();
    assert_eq!(own.hash(), shared.hash());
    let code = expanded(&shared);
    assert!(code.contains("pub use crate::common::{RoomId, Place, Level};"), "{code}");
    assert!(code.contains("pub struct Posted") && !code.contains("pub struct RoomId"), "{code}");
    let (_, check) = code.split_once("__TYPES").expect("a check");
    assert_eq!(types_hash(check), types_hash(&types(COMMON)));
    for other in ["u16", "u64"] {
        let older = COMMON.replace("u32", other);
        assert_ne!(types_hash(check), types_hash(&types(&older)));
    }
}

#[test]
fn included_file_has_its_own_module() {
    let modules = [module("common", "crate::common"), module("base_types", "other::base")];
    let code = expanded(&channel(CHANNEL, &modules).outcome.unwrap());
    assert!(code.contains("pub use crate::common::{RoomId, Place};"), "{code}");
    assert!(code.contains("pub use other::base::Level;"), "{code}");
}

#[test]
fn unusable_module_of_types_is_reported() {
    let errors_with = |text: &str, modules: &[TypesModule]| {
        errors_of(&channel(text, modules).outcome.expect_err("an error")) + "\n"
    };
    let derives = CHANNEL.replace("types:", "derive: { \"RoomId\": [\"Default\"] }, types:");
    expect![[r#"
        `RoomId` is generated in `a::b`
         --> main.ron:5:16
          |
        5 |     derive: { "RoomId": ["Default"] }, types: { "Posted": Struct({ "rooms": "HashMap<RoomId, Place>" }) },
          |                ^^^^^^
          |
          = help: request its derives in the file that declares it
    "#]].assert_eq(&errors_with(&derives, &[module("common", "a::b")]));
    expect![[r#"
        no included file has the name `comon`
        = help: did you mean `common`?
        = help: write the name of an included file without its extension, and `_` for `-`

        no included file has the name `main`
        = help: write the name of an included file without its extension, and `_` for `-`
    "#]]
    .assert_eq(&errors_with(CHANNEL, &[module("comon", "a::b"), module("main", "a::b")]));

    let channel = CHANNEL.replace("\"Posted\": Struct", "\"Level\": Unit, \"Posted\": Struct");
    let common = COMMON.replace("include: [\"base-types.ron\"],", "");
    let modules = [module("common", "a::b")];
    let mut read = |path: &Path| read(&channel, &common, path);
    let compiled = compiler(&modules, &mut read).schema(Path::new("/work/main.ron"));
    expect![[r#"
        `common` uses types that it does not include
        = help: include every file whose types it uses"#]]
    .assert_eq(&errors_of(&compiled.outcome.expect_err("the file uses a type of the channel")));
}
