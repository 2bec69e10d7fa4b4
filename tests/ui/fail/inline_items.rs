#[simplenet::channel]
mod notes {
    use std::collections::HashMap;

    #[server_message]
    pub struct Changed(pub HashMap<u8, u8>);

    impl Changed {
        fn count(&self) -> usize {
            self.0.len()
        }
    }
    const LENGTH: usize = 1;
    type Alias = u8;
}

fn main() {}
