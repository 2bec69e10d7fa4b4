#[simplenet::channel(schema = "schemas/notes.ron")]
mod notes {
    pub struct Mine;
}

fn main() {
    let _ = notes::Mine;
}
