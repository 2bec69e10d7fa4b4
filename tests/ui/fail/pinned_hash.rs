#[simplenet::channel(schema = "schemas/notes.ron", hash = "0123456789abcdef0123456789abcdef")]
mod notes {}

#[simplenet::channel(schema = "schemas/notes.ron", hash = "0123")]
mod short {}

use notes::Erase;

fn main() {
    let _ = Erase;
}
