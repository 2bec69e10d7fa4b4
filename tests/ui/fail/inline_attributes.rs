#[simplenet::channel]
mod notes {
    #[connect]
    #[serde(rename_all = "camelCase")]
    pub struct Hello {
        #[serde(skip)]
        pub name: String,
        #[cfg(unix)]
        pub user: u32,
    }
    #[request]
    pub struct Read;
    #[server_mesage]
    #[repr(u8)]
    pub enum Changed {
        Here = 1,
        There(),
    }
}

use notes::{Changed, Hello, Read};

fn main() {
    let _ = (Hello { name: String::new(), user: 1 }, Read, Changed::Here);
}
