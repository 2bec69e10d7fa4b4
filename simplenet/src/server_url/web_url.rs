use wasm_bindgen::JsValue;

/// A URL that the browser has parsed. A parser in the program would be half of a small client.
///
/// The methods are those of [`url::Url`].
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Url {
    text: String,
    scheme: String,
    host: String,
    port: Option<u16>,
    path: String,
    has_query: bool,
    has_fragment: bool,
}

impl Url {
    pub(super) fn parse(text: &str) -> Result<Self, JsValue> {
        let url = web_sys::Url::new(text)?;
        let text = url.href();
        Ok(Self {
            scheme: url.protocol().trim_end_matches(':').to_owned(),
            host: url.hostname(),
            port: url.port().parse().ok(),
            path: url.pathname(),
            has_query: text.contains('?'),
            has_fragment: text.contains('#'),
            text,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(super) fn host_str(&self) -> Option<&str> {
        Some(&self.host).filter(|host| !host.is_empty()).map(String::as_str)
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    pub(super) fn port_or_known_default(&self) -> Option<u16> {
        self.port.or(match &*self.scheme {
            "ws" => Some(80),
            "wss" => Some(443),
            _ => None,
        })
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query, which this type does not separate from the text.
    pub(super) fn query(&self) -> Option<()> {
        self.has_query.then_some(())
    }

    /// Returns the fragment, which this type does not separate from the text.
    pub(super) fn fragment(&self) -> Option<()> {
        self.has_fragment.then_some(())
    }
}
