/// The reply of a service's handler to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// A response.
    Respond(T),
    /// An acknowledgement without a response.
    Acknowledge,
    /// A rejection.
    Reject,
}

impl<T> From<T> for Reply<T> {
    fn from(response: T) -> Self {
        Self::Respond(response)
    }
}
