//! Generates the chat channel for the test `build_script`.

fn main() {
    simplenet_codegen::build("../schemas/chat.ron");
}
