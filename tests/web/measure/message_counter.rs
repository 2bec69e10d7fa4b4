use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A counter of the messages of all WebSockets that are opened until it is dropped. It replaces the
/// page's class `WebSocket`.
pub(crate) struct MessageCounter {
    original: JsValue,
    counts: JsValue,
}

/// Replaces the class, and returns the counts.
const INSTALL: &str = r#"
    (() => {
        const counts = { received: 0, sent: 0 };
        globalThis.WebSocket = class extends WebSocket {
            constructor(...parameters) {
                super(...parameters);
                this.addEventListener("message", () => { counts.received += 1; });
            }
            send(data) {
                counts.sent += 1;
                super.send(data);
            }
        };
        return counts;
    })()
"#;

const CLASS: &str = "WebSocket";

impl MessageCounter {
    pub(crate) fn install() -> Self {
        let original = Reflect::get(&js_sys::global(), &CLASS.into()).expect("a class");
        let counts = js_sys::eval(INSTALL).expect("a valid script");
        Self { original, counts }
    }

    pub(crate) fn reset(&self) {
        for direction in ["received", "sent"] {
            Reflect::set(&self.counts, &direction.into(), &0.into()).expect("a plain object");
        }
    }

    pub(crate) fn received(&self) -> u32 {
        self.count("received")
    }

    pub(crate) fn sent(&self) -> u32 {
        self.count("sent")
    }

    fn count(&self, direction: &str) -> u32 {
        let count = Reflect::get(&self.counts, &direction.into()).expect("a plain object");
        count.as_f64().expect("a number") as u32
    }
}

impl Drop for MessageCounter {
    fn drop(&mut self) {
        let restored = Reflect::set(&js_sys::global(), &CLASS.into(), &self.original);
        assert_eq!(restored, Ok(true));
    }
}
