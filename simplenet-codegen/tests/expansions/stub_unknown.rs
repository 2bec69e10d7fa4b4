pub use self::__erroneous::*;
#[doc(hidden)]
pub type Chat = __Erroneous;
#[doc(hidden)]
pub type Client = __Erroneous;
#[doc(hidden)]
pub type ClientEvent = __Erroneous;
#[doc(hidden)]
pub type ClientHandle = __Erroneous;
#[doc(hidden)]
pub type ClientMsg = __Erroneous;
#[doc(hidden)]
pub type ClientReport = __Erroneous;
#[doc(hidden)]
pub type ClientRequest = __Erroneous;
#[doc(hidden)]
pub type IncomingRequest = __Erroneous;
#[doc(hidden)]
pub type RequestToken = __Erroneous;
#[doc(hidden)]
pub type Server = __Erroneous;
#[doc(hidden)]
pub type ServerEvent = __Erroneous;
#[doc(hidden)]
pub type ServerHandle = __Erroneous;
#[doc(hidden)]
pub type ServerMsg = __Erroneous;
#[doc(hidden)]
pub type ServerReport = __Erroneous;
#[doc(hidden)]
pub type ServerResponse = __Erroneous;
