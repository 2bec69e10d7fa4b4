//! Types that several channels share.

use std::{
    io::{Error, Result},
    path::Path,
};

use expect_test::expect;
use proc_macro2::Span;
use simplenet_codegen::{Channel, Compiled, TypesModule, format_code, generate_types};

use crate::files::{compiler, expanded, told};

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
    let types = types.outcome.expect("the types are right");
    format_code(&generate_types(&types, &syn::parse_quote!(::simplenet)))
}

/// The number that tells whether a module holds the right types.
fn fingerprint(code: &str) -> &str {
    let (_, rest) = code.split_once("0x").expect("a fingerprint");
    &rest[..32]
}

#[test]
fn a_module_holds_a_file_with_all_it_includes() {
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
fn a_channel_takes_the_types_and_is_the_same() {
    let own = channel(CHANNEL, &[]).outcome.unwrap();
    let shared = channel(CHANNEL, &[module("common", "crate::common")]).outcome.unwrap();
    assert_eq!(own.hash(), shared.hash());
    let code = expanded(&shared);
    assert!(code.contains("pub use crate::common::{RoomId, Place, Level};"), "{code}");
    assert!(code.contains("pub struct Posted") && !code.contains("pub struct RoomId"), "{code}");
    let (_, check) = code.split_once("__TYPES").expect("a check");
    assert_eq!(fingerprint(check), fingerprint(&types(COMMON)));
    for other in ["u16", "u64"] {
        let older = COMMON.replace("u32", other);
        assert_ne!(fingerprint(check), fingerprint(&types(&older)));
    }
}

#[test]
fn an_included_file_may_have_a_module_of_its_own() {
    let modules = [module("common", "crate::common"), module("base_types", "other::base")];
    let code = expanded(&channel(CHANNEL, &modules).outcome.unwrap());
    assert!(code.contains("pub use crate::common::{RoomId, Place};"), "{code}");
    assert!(code.contains("pub use other::base::Level;"), "{code}");
}

#[test]
fn what_a_module_cannot_give() {
    let told_of = |text: &str, modules: &[TypesModule]| {
        told(&channel(text, modules).outcome.expect_err("an error")) + "\n"
    };
    let derives = CHANNEL.replace("types:", "derive: { \"RoomId\": [\"Default\"] }, types:");
    expect![[r#"
        `RoomId` is generated in `a::b`
         --> main.ron:5:16
          |
        5 |     derive: { "RoomId": ["Default"] }, types: { "Posted": Struct({ "rooms": "HashMap<RoomId, Place>" }) },
          |                ^^^^^^
          |
          = help: ask for its derives in the file that declares it
    "#]].assert_eq(&told_of(&derives, &[module("common", "a::b")]));
    expect![[r#"
        no included file is called `comon`
        = help: did you mean `common`?
        = help: write the name of an included file without its ending, and `_` for `-`

        no included file is called `main`
        = help: write the name of an included file without its ending, and `_` for `-`
    "#]]
    .assert_eq(&told_of(CHANNEL, &[module("comon", "a::b"), module("main", "a::b")]));

    let channel = CHANNEL.replace("\"Posted\": Struct", "\"Level\": Unit, \"Posted\": Struct");
    let common = COMMON.replace("include: [\"base-types.ron\"],", "");
    let modules = [module("common", "a::b")];
    let mut read = |path: &Path| read(&channel, &common, path);
    let compiled = compiler(&modules, &mut read).schema(Path::new("/work/main.ron"));
    expect![[r#"
        the types of `common` do not stand by themselves
        = help: let the file include whatever it uses"#]]
    .assert_eq(&told(&compiled.outcome.expect_err("it uses the channel's own")));
}
