use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use syn::{Ident, parse_quote};

use crate::{
    diagnostics::Report,
    format::format_code,
    generate::{Module, generate},
    names::identifier,
    resolve::{Compiled, Compiler},
};

/// Generates the code of a channel in a build script, as a readable file.
///
/// The path of the schema file is relative to the directory of the crate's `Cargo.toml`. The code
/// is written to a file in `OUT_DIR` with the name of the schema. For `chat.ron`, the file is
/// `chat.rs` and contains the module `chat`. `simplenet::include_channel!("chat")` includes the
/// file. Cargo runs the script again when the schema or an included file changes.
///
/// # Errors
///
/// Errors in the schema, and failures to read or write a file, are printed as instructions for
/// Cargo, which shows them and fails the build.
///
/// ```no_run
/// // In the `main` of build.rs:
/// simplenet_codegen::build("../schemas/chat.ron");
/// ```
pub fn build(schema: impl AsRef<Path>) {
    let schema = schema.as_ref();
    let output = Output::new(schema, &mut |path| fs::read_to_string(path));
    let written = output.code.and_then(|code| write(&code).map_err(|error| vec![error]));
    let reruns = output.watched.iter().map(|file| format!("rerun-if-changed={}", file.display()));
    // Cargo reads each line of the output as one instruction, so each line of an error needs one.
    let errors = written.err().unwrap_or_default();
    let errors = errors.iter().flat_map(|error| error.lines().map(|line| format!("error={line}")));
    for instruction in reruns.chain(errors) {
        println!("cargo::{instruction}");
    }
}

/// The result of a build script.
struct Output {
    /// The files that the code depends on.
    watched: Vec<PathBuf>,
    code: Result<Code, Vec<String>>,
}

struct Code {
    /// The name of the schema file, with the extension `rs`.
    file_name: PathBuf,
    text: String,
}

impl Output {
    fn new(schema: &Path, read: &mut dyn FnMut(&Path) -> io::Result<String>) -> Self {
        let compiler = Compiler { shown_from: Path::new(""), shared: &[], read };
        let Compiled { mut files, outcome } = compiler.schema(schema);
        if files.is_empty() {
            files.push(schema.to_owned());
        }
        let code = outcome
            .map_err(|failure| failure.errors.iter().map(Report::to_string).collect())
            .and_then(|channel| {
                let module = module_name(schema).map_err(|error| vec![error])?;
                let docs = format!("The channel `{}`.", channel.schema().name());
                let items = generate(&channel, &parse_quote!(::simplenet));
                let filled = Module {
                    attributes: &[],
                    visibility: &parse_quote!(pub),
                    name: &module,
                    docs: &docs,
                }
                .fill(&items);
                let file_name =
                    Path::new(schema.file_name().unwrap_or_default()).with_extension("rs");
                Ok(Code { file_name, text: format_code(&filled) })
            });
        Self { watched: files, code }
    }
}

/// Returns the name of the module: the name of the file, with `_` for `-`.
fn module_name(schema: &Path) -> Result<Ident, String> {
    let stem = schema.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
    identifier(&stem)
        .ok_or_else(|| format!("`{stem}` cannot be the name of a module: rename the schema file"))
}

fn write(code: &Code) -> Result<(), String> {
    let directory = env::var_os("OUT_DIR")
        .ok_or("`OUT_DIR` is not set: call this function from a build script")?;
    let path = Path::new(&directory).join(&code.file_name);
    fs::write(&path, &code.text)
        .map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(schema: &str, text: &str) -> Output {
        Output::new(Path::new(schema), &mut |path| match path.to_str() {
            Some("../schemas/common.ron") => {
                Ok("Types(types: {\"RoomId\": Newtype(\"u32\")})".into())
            }
            _ if path == Path::new(schema) => Ok(text.into()),
            _ => Err(io::Error::other("no such file")),
        })
    }

    const SCHEMA: &str =
        "Channel(name: \"chat\", include: [\"common.ron\"], server: (messages: [\"RoomId\"]))";

    #[test]
    fn module_has_the_name_of_the_schema_file() {
        let output = output("../schemas/match-making.ron", SCHEMA);
        let code = output.code.unwrap();
        assert_eq!(code.file_name, Path::new("match-making.rs"));
        assert!(code.text.contains("pub mod match_making {\n"), "{}", code.text);
        assert!(code.text.contains("    pub enum Chat {}\n"), "{}", code.text);
        let files = ["../schemas/match-making.ron", "../schemas/common.ron"];
        assert_eq!(output.watched, files.map(PathBuf::from));
    }

    #[test]
    fn files_with_errors_are_watched() {
        let with_errors = output("../schemas/chat.ron", &SCHEMA.replace("[\"RoomId", "[\"RoomIdd"));
        assert_eq!(with_errors.watched.len(), 2);
        let errors = with_errors.code.err().unwrap();
        assert!(errors[0].starts_with("unknown type `RoomIdd`"), "{errors:?}");
        assert!(errors[0].contains("--> ../schemas/chat.ron:1:"), "{errors:?}");

        let missing = output("chat.ron", "");
        assert_eq!(missing.watched, [PathBuf::from("chat.ron")]);
        assert!(missing.code.is_err());
        let unnamed = output("1.ron", "Channel(name: \"chat\")");
        assert!(unnamed.code.err().unwrap()[0].starts_with("`1` cannot be the name of a module"));
    }
}
