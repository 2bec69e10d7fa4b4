/// The first message of a client.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Hello {
    /// The name, which the other members see.
    pub name: ::std::string::String,
}
/// The sender is typing.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Typing;
/// A request to enter a room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Join {
    /// The room to enter.
    pub room: RoomId,
}
/// The client has entered the room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Joined {
    /// The names of all members, including the client.
    pub members: ::std::vec::Vec<::std::string::String>,
}
/// The reason for refusing entry to a room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum JoinError {
    /// The room is full.
    Full,
    /// The client is banned from the room.
    Banned {
        /// The end of the ban, in seconds since 1970.
        until: u64,
    },
}
/// A line for the members of a room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Say {
    /// The room.
    pub room: RoomId,
    /// The text of the line.
    pub text: ::std::string::String,
}
/// The response to `Say`: the line was sent to the room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Said {
    /// The number of the line in the room, counted from 1.
    pub seq: u64,
}
/// A line of another member.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Posted {
    /// The room.
    pub room: RoomId,
    /// The name of the sender.
    pub from: ::std::string::String,
    /// The text of the line.
    pub text: ::std::string::String,
}
/// A member has left a room: the room and the name of the member.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Left(pub RoomId, pub ::std::string::String);
/// The number of a room.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize,
    ::core::marker::Copy,
    ::core::cmp::Eq,
    ::core::hash::Hash
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
        0x4829ad62cb7d64560a6767fd28006822u128,
        "simplenet 1\nwire 1\ncodec 43:bincode 2, little endian, variable integers\nchannel 4:chat\nconnect @5:Hello\nclient messages 1\n6:Typing\nclient requests 2\n4:Join result(@6:Joined,@9:JoinError,)\n3:Say @4:Said\nserver messages 2\n6:Posted\n4:Left\nexternals 0\ntypes 10\n5:Hello struct 1(4:name String,)\n4:Join struct 1(4:room @6:RoomId,)\n9:JoinError enum 2(4:Full unit;6:Banned struct 1(5:until u64,);)\n6:Joined struct 1(7:members vec(String,),)\n4:Left tuple 2(@6:RoomId,String,)\n6:Posted struct 3(4:room @6:RoomId,4:from String,4:text String,)\n6:RoomId newtype(u32)\n4:Said struct 1(3:seq u64,)\n3:Say struct 2(4:room @6:RoomId,4:text String,)\n6:Typing unit\n",
    );
    type ConnectMsg = Hello;
    type ClientMsg = ClientMsg;
    type ClientRequest = ClientRequest;
    type ServerMsg = ServerMsg;
    type ServerResponse = ServerResponse;
    ::simplenet::__private::if_session! {
        fn payloads() -> &'static ::simplenet::__private::Payloads {
            static CONNECT: &::simplenet::__private::Shape = &__shape_Hello;
            static CLIENT_MSG: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[("Typing", &[("", &__shape_Typing)])],
            );
            static CLIENT_REQUEST: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[("Join", &[("", &__shape_Join)]), ("Say", &[("", &__shape_Say)])],
            );
            static SERVER_MSG: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[("Posted", &[("", &__shape_Posted)]), ("Left", &[("", &__shape_Left)])],
            );
            static SERVER_RESPONSE: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[
                    (
                        "Join",
                        &[
                            (
                                "",
                                &::simplenet::__private::Shape::Enum(
                                    &[
                                        ("Ok", &[("0", &__shape_Joined)]),
                                        ("Err", &[("0", &__shape_JoinError)]),
                                    ],
                                ),
                            ),
                        ],
                    ),
                    ("Say", &[("", &__shape_Said)]),
                ],
            );
            static PAYLOADS: ::std::sync::LazyLock<::simplenet::__private::Payloads> = ::std::sync::LazyLock::new(||
            ::simplenet::__private::Payloads::new(
                CONNECT,
                [&CLIENT_MSG, &CLIENT_REQUEST, &SERVER_MSG, &SERVER_RESPONSE],
            ));
            &PAYLOADS
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
                ClientRequest::Say(request) => {
                    IncomingRequest::Say(request, ::simplenet::RequestToken::from_raw(token))
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
    /// `Say`.
    Say(Say),
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
pub enum ServerMsg {
    /// `Posted`.
    Posted(Posted),
    /// `Left`.
    Left(Left),
}
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
    Join(::core::result::Result<Joined, JoinError>),
    /// `Say`.
    Say(Said),
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
impl ::core::convert::From<Say> for ClientRequest {
    fn from(message: Say) -> Self {
        Self::Say(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Posted> for ServerMsg {
    fn from(message: Posted) -> Self {
        Self::Posted(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Left> for ServerMsg {
    fn from(message: Left) -> Self {
        Self::Left(message)
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
impl ::simplenet::ServerMessage<Chat> for Posted {
    fn from_message(message: &ServerMsg) -> ::core::option::Option<&Self> {
        match message {
            ServerMsg::Posted(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ServerMessage<Chat> for Left {
    fn from_message(message: &ServerMsg) -> ::core::option::Option<&Self> {
        match message {
            ServerMsg::Left(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::Request<Chat> for Join {
    type Response = ::core::result::Result<Joined, JoinError>;
    fn into_response(
        response: ::core::result::Result<Joined, JoinError>,
    ) -> ServerResponse {
        ServerResponse::Join(response)
    }
    fn from_response(
        response: ServerResponse,
    ) -> ::core::option::Option<::core::result::Result<Joined, JoinError>> {
        match response {
            ServerResponse::Join(response) => ::core::option::Option::Some(response),
            _ => ::core::option::Option::None,
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
                other => ::core::result::Result::Err(other),
            }
        }
    }
}
#[automatically_derived]
impl ::simplenet::Request<Chat> for Say {
    type Response = Said;
    fn into_response(response: Said) -> ServerResponse {
        ServerResponse::Say(response)
    }
    fn from_response(response: ServerResponse) -> ::core::option::Option<Said> {
        match response {
            ServerResponse::Say(response) => ::core::option::Option::Some(response),
            _ => ::core::option::Option::None,
        }
    }
}
::simplenet::__private::if_server! {
    #[automatically_derived]
    impl ::simplenet::ReceivedRequest<Chat> for Say {
        fn from_incoming(
            request: IncomingRequest,
        ) -> ::core::result::Result<
            (Self, ::simplenet::RequestToken<Chat, Self>),
            IncomingRequest,
        > {
            match request {
                IncomingRequest::Say(request, token) => {
                    ::core::result::Result::Ok((request, token))
                }
                other => ::core::result::Result::Err(other),
            }
        }
    }
}
::simplenet::__private::if_server! {
    /// A request from a client of `chat`, with the token that answers it.
    #[derive(::core::fmt::Debug)]
    pub enum IncomingRequest {
        /// A `Join` request, with the token for its response, `Result<Joined, JoinError>`.
        Join(Join, ::simplenet::RequestToken<Chat, Join>),
        /// A `Say` request, with the token for its response, `Said`.
        Say(Say, ::simplenet::RequestToken<Chat, Say>),
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
::simplenet::__private::if_session! {
    #[doc(hidden)]
    pub static __shape_Hello: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("name", &::simplenet::__private::Shape::Text)],
    );
    #[doc(hidden)]
    pub static __shape_Typing: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[],
    );
    #[doc(hidden)]
    pub static __shape_Join: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("room", &__shape_RoomId)],
    );
    #[doc(hidden)]
    pub static __shape_Joined: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[
            (
                "members",
                &::simplenet::__private::Shape::List(&::simplenet::__private::Shape::Text),
            ),
        ],
    );
    #[doc(hidden)]
    pub static __shape_JoinError: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
        &[
            ("Full", &[]),
            ("Banned", &[("until", &::simplenet::__private::Shape::Integer(64))]),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Say: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("room", &__shape_RoomId), ("text", &::simplenet::__private::Shape::Text)],
    );
    #[doc(hidden)]
    pub static __shape_Said: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("seq", &::simplenet::__private::Shape::Integer(64))],
    );
    #[doc(hidden)]
    pub static __shape_Posted: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[
            ("room", &__shape_RoomId),
            ("from", &::simplenet::__private::Shape::Text),
            ("text", &::simplenet::__private::Shape::Text),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Left: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("0", &__shape_RoomId), ("1", &::simplenet::__private::Shape::Text)],
    );
    #[doc(hidden)]
    pub static __shape_RoomId: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("0", &::simplenet::__private::Shape::Integer(32))],
    );
}
::simplenet::__private::if_server! {
    /// The context of a handler of `chat`: the session of a client.
    pub type ServiceContext = ::simplenet::ServiceContext<Chat>;
    /// A service of `chat`, with a handler for every message and request of a client.
    ///
    /// The messages of a client are handled one at a time, in order. The requests of a client are
    /// handled concurrently.
    pub trait Service: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles the beginning of a session. The other handlers of the session run after this
        /// handler returns.
        fn connected(
            &self,
            context: ServiceContext,
            message: Hello,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
            let _ = (context, message);
            async {}
        }
        /// Handles the end of a session, after its unfinished request handlers are dropped.
        fn disconnected(
            &self,
            context: ServiceContext,
            reason: ::simplenet::CloseReason,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
            let _ = (context, reason);
            async {}
        }
        /// Handles the message `Typing` of a client.
        fn typing(
            &self,
            context: ServiceContext,
            message: Typing,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        /// Handles the request `Join` of a client.
        fn join(
            &self,
            context: ServiceContext,
            request: Join,
        ) -> impl ::core::future::Future<
            Output = ::simplenet::Reply<::core::result::Result<Joined, JoinError>>,
        > + ::core::marker::Send;
        /// Handles the request `Say` of a client.
        fn say(
            &self,
            context: ServiceContext,
            request: Say,
        ) -> impl ::core::future::Future<
            Output = ::simplenet::Reply<Said>,
        > + ::core::marker::Send;
    }
    #[automatically_derived]
    impl<S: Service> ::simplenet::Serves<S> for Chat {
        async fn connected(service: &S, context: ServiceContext, message: Hello) {
            <S as Service>::connected(service, context, message).await
        }
        async fn message(service: &S, context: ServiceContext, message: ClientMsg) {
            match message {
                ClientMsg::Typing(message) => {
                    <S as Service>::typing(service, context, message).await
                }
            }
        }
        async fn request(service: &S, context: ServiceContext, request: IncomingRequest) {
            match request {
                IncomingRequest::Join(request, token) => {
                    let reply = <S as Service>::join(service, context, request).await;
                    let _ = token.reply(reply);
                }
                IncomingRequest::Say(request, token) => {
                    let reply = <S as Service>::say(service, context, request).await;
                    let _ = token.reply(reply);
                }
            }
        }
        async fn disconnected(
            service: &S,
            context: ServiceContext,
            reason: ::simplenet::CloseReason,
        ) {
            <S as Service>::disconnected(service, context, reason).await
        }
    }
}
