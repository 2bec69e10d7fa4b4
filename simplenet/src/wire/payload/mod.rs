//! The payloads of a channel as a sender sees them: their structure, and the memory that they need
//! at the receiver.
//!
//! A receiver limits the memory of a decoded value, and docs/protocol.md defines how a sender
//! counts it. Counting reads the encoded payload once more. So it is done only if the length of the
//! payload permits that a receiver refuses it.

mod shape;
#[cfg(test)]
mod tests;
mod walk;

pub use self::shape::Shape;
use self::{shape::Footprints, walk::Walk};
use super::{
    EncodeError, MAX_HELLO_BYTES, OutgoingFrame,
    codec::{BUDGET_BASE, BUDGET_PER_BYTE, Input, memory_budget},
};

/// The payloads of a channel.
#[derive(Debug)]
pub struct Payloads {
    /// The connect message.
    pub connect: Payload,
    /// The messages of a client.
    pub client_msg: Payload,
    /// The requests of a client.
    pub client_request: Payload,
    /// The messages of a server.
    pub server_msg: Payload,
    /// The responses of a server.
    pub server_response: Payload,
}

impl Payloads {
    /// Creates the payloads from the shapes of the connect message, and of the other payloads in
    /// the order of the fields.
    pub fn new(connect: &'static Shape, others: [&'static Shape; 4]) -> Self {
        let [client_msg, client_request, server_msg, server_response] = others.map(Payload::new);
        let connect = Payload::new(connect);
        Self { connect, client_msg, client_request, server_msg, server_response }
    }

    /// Returns the size in bytes of the event of a client's frame, as far as it is known before the
    /// frame is decoded.
    #[inline]
    pub fn expected_from_client(&self, length: usize) -> usize {
        self.client_msg.expected(length).max(self.client_request.expected(length))
    }

    /// Returns the same for a frame of a server.
    #[inline]
    pub fn expected_from_server(&self, length: usize) -> usize {
        self.server_msg.expected(length).max(self.server_response.expected(length))
    }
}

/// One of the payloads of a channel.
#[derive(Debug)]
pub struct Payload {
    shape: &'static Shape,
    footprints: Footprints,
    /// The memory of elements and boxes is at most this number, for each byte of a payload.
    per_byte: usize,
    has_externals: bool,
}

impl Payload {
    /// Creates a payload from its shape.
    pub fn new(shape: &'static Shape) -> Self {
        let (footprints, per_byte, has_externals) = Footprints::of(shape);
        Self { shape, footprints, per_byte, has_externals }
    }

    /// Completes an encoded frame with the memory that it needs at the receiver.
    ///
    /// # Errors
    ///
    /// In a build with debug assertions, an external type that the receiver could not decode.
    #[inline]
    pub fn complete(&self, frame: OutgoingFrame) -> Result<OutgoingFrame, EncodeError> {
        if self.needs_count(frame.frame().len()) { self.count(frame) } else { Ok(frame) }
    }

    /// Checks an encoded connect message, whose receiver has the budget of a hello.
    ///
    /// # Errors
    ///
    /// The errors of [`Payload::complete`], and a message that needs too much memory.
    pub fn check_connect(&self, encoded: &[u8]) -> Result<(), EncodeError> {
        if self.needs_count(encoded.len()) {
            let memory = self.memory(encoded)?;
            let budget = memory_budget(MAX_HELLO_BYTES);
            if memory > budget {
                return Err(EncodeError::OverBudget { memory, budget });
            }
        }
        Ok(())
    }

    /// Returns false if every receiver that accepts a payload of `length` bytes has a sufficient
    /// budget.
    #[inline]
    fn needs_count(&self, length: usize) -> bool {
        (cfg!(debug_assertions) && self.has_externals) || self.expected(length) > BUDGET_BASE
    }

    /// Returns the number of bytes by which the memory of a payload may exceed
    /// [`BUDGET_PER_BYTE`] for each of its bytes.
    #[inline]
    fn expected(&self, length: usize) -> usize {
        length.saturating_mul(self.per_byte.saturating_sub(BUDGET_PER_BYTE))
    }

    #[cold]
    fn count(&self, frame: OutgoingFrame) -> Result<OutgoingFrame, EncodeError> {
        let memory = self.memory(frame.payload())?;
        Ok(frame.with_memory(memory))
    }

    /// Returns the memory of a payload by the rule of the protocol.
    fn memory(&self, payload: &[u8]) -> Result<usize, EncodeError> {
        let input = Input::new(payload, usize::MAX);
        let walk = Walk::new(input, &self.footprints).run(self.shape);
        walk.map_err(|error| EncodeError::Unsupported(error.to_string()))
    }
}
