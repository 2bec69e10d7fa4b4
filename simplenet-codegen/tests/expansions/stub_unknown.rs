#[doc(hidden)]
pub use self::__erroneous as __Erroneous;
pub use self::__erroneous::*;
pub use self::__erroneous::{
    Chat, Client, ClientEvent, ClientHandle, ClientMsg, ClientReport, ClientRequest,
    IncomingRequest, RequestToken, Server, ServerEvent, ServerHandle, ServerMsg,
    ServerReport, ServerResponse, Service, ServiceContext,
};
