/// How a service answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// With its response.
    Respond(T),
    /// It was received, and no response is called for.
    Acknowledge,
    /// It will not be served.
    Reject,
}

impl<T> From<T> for Reply<T> {
    fn from(response: T) -> Self {
        Self::Respond(response)
    }
}
