/// A message from a client of `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Typing;
/// A request from a client of `chat`, answered with `Result<Joined, __Erroneous>`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Join {
    /// The field `room` of `Join`.
    pub room: __Erroneous,
    /// The field `names` of `Join`.
    pub names: ::std::vec::Vec<::core::option::Option<__Erroneous>>,
}
/// The type `Joined` of the channel `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Joined {
    /// The field `map` of `Joined`.
    pub map: ::std::collections::HashMap<__Erroneous, u8>,
    /// The field `next` of `Joined`.
    pub next: __Erroneous,
}
/// The type `User` of the channel `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct User(pub __Erroneous);
/// The type `RoomId` of the channel `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct RoomId(pub u32);
/// The channel `chat`, as a type argument of servers and clients.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash
)]
pub enum Chat {}
#[automatically_derived]
impl ::simplenet::ChannelPack for Chat {
    const PROTOCOL: ::simplenet::Protocol = ::simplenet::Protocol::new(
        "chat",
        0x00000000000000000000000000000000u128,
        "",
    );
    type ConnectMsg = __Erroneous;
    type ClientMsg = ClientMsg;
    type ClientRequest = ClientRequest;
    type ServerMsg = ServerMsg;
    type ServerResponse = ServerResponse;
    ::simplenet::__private::if_session! {
        fn payloads() -> &'static ::simplenet::__private::Payloads {
            ::core::unreachable!()
        }
    }
    ::simplenet::__private::if_server! {
        type IncomingRequest = IncomingRequest;
        fn incoming(
            request: ClientRequest,
            token: ::simplenet::RawToken,
        ) -> IncomingRequest {
            match request {
                ClientRequest::Join(request) => {
                    IncomingRequest::Join(
                        request,
                        ::simplenet::RequestToken::from_raw(token),
                    )
                }
            }
        }
    }
}
/// Any message from a client of `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientMsg {
    /// `Typing`.
    Typing(Typing),
}
/// Any request from a client of `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientRequest {
    /// `Join`.
    Join(Join),
}
/// Any message from the server of `chat`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ServerMsg {}
/// Any response from the server of `chat`, by its request.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ServerResponse {
    /// `Join`.
    Join(::core::result::Result<Joined, __Erroneous>),
}
#[automatically_derived]
impl ::core::convert::From<Typing> for ClientMsg {
    fn from(message: Typing) -> Self {
        Self::Typing(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Join> for ClientRequest {
    fn from(message: Join) -> Self {
        Self::Join(message)
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<Chat> for ClientMsg {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<Chat> for Typing {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Typing(message) => ::core::option::Option::Some(message),
        }
    }
}
#[automatically_derived]
impl ::simplenet::ServerMessage<Chat> for ServerMsg {
    fn from_message(message: &ServerMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
#[automatically_derived]
impl ::simplenet::Request<Chat> for Join {
    type Response = ::core::result::Result<Joined, __Erroneous>;
    fn into_response(
        response: ::core::result::Result<Joined, __Erroneous>,
    ) -> ServerResponse {
        ServerResponse::Join(response)
    }
    fn from_response(
        response: ServerResponse,
    ) -> ::core::option::Option<::core::result::Result<Joined, __Erroneous>> {
        match response {
            ServerResponse::Join(response) => ::core::option::Option::Some(response),
        }
    }
}
::simplenet::__private::if_server! {
    #[automatically_derived]
    impl ::simplenet::ReceivedRequest<Chat> for Join {
        fn from_incoming(
            request: IncomingRequest,
        ) -> ::core::result::Result<
            (Self, ::simplenet::RequestToken<Chat, Self>),
            IncomingRequest,
        > {
            match request {
                IncomingRequest::Join(request, token) => {
                    ::core::result::Result::Ok((request, token))
                }
            }
        }
    }
}
::simplenet::__private::if_server! {
    /// A request from a client of `chat`, with the token that answers it.
    #[derive(::core::fmt::Debug)]
    pub enum IncomingRequest {
        /// A `Join` request, with the token for its response, `Result<Joined, __Erroneous>`.
        Join(Join, ::simplenet::RequestToken<Chat, Join>),
    }
}
::simplenet::__private::if_server! {
    /// A server of `chat`.
    pub type Server = ::simplenet::Server<Chat>;
    /// A handle of a server of `chat`.
    pub type ServerHandle = ::simplenet::ServerHandle<Chat>;
    /// An event of a server of `chat`.
    pub type ServerEvent = ::simplenet::ServerEvent<Chat>;
    /// The token that answers one request `R` of a client of `chat`.
    pub type RequestToken<R> = ::simplenet::RequestToken<Chat, R>;
}
::simplenet::__private::if_client! {
    /// A client of `chat`.
    pub type Client = ::simplenet::Client<Chat>;
    /// A handle of a client of `chat`.
    pub type ClientHandle = ::simplenet::ClientHandle<Chat>;
    /// An event of a client of `chat`.
    pub type ClientEvent = ::simplenet::ClientEvent<Chat>;
}
::simplenet::__private::if_server! {
    #[automatically_derived]
    impl<S: ::core::marker::Send + ::core::marker::Sync + 'static> ::simplenet::Serves<S>
    for Chat {
        async fn connected(_: &S, _: ::simplenet::ServiceContext<Self>, _: __Erroneous) {}
        async fn message(_: &S, _: ::simplenet::ServiceContext<Self>, _: ClientMsg) {}
        async fn request(_: &S, _: ::simplenet::ServiceContext<Self>, _: IncomingRequest) {}
        async fn disconnected(
            _: &S,
            _: ::simplenet::ServiceContext<Self>,
            _: ::simplenet::CloseReason,
        ) {}
    }
}
pub use self::__erroneous::*;
#[doc(hidden)]
pub type JoinErr = __Erroneous;
#[doc(hidden)]
pub type RoomIdd = __Erroneous;
#[doc(hidden)]
pub type Undeclared = __Erroneous;
#[doc(hidden)]
pub type usize = __Erroneous;
