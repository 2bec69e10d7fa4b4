//! Generates the chat once more, for the tests of that.

fn main() {
    simplenet_codegen::build("../schemas/chat.ron");
}
