/// The channel `quiet`, as a type argument of servers and clients.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash
)]
pub enum Quiet {}
#[automatically_derived]
impl ::simplenet::ChannelPack for Quiet {
    const PROTOCOL: ::simplenet::Protocol = ::simplenet::Protocol::new(
        "quiet",
        0x960c46d36dbf53c6433afedc6b68cb87u128,
        "simplenet 1\nwire 1\ncodec 43:bincode 2, little endian, variable integers\nchannel 5:quiet\nconnect tuple 0()\nclient messages 0\nclient requests 0\nserver messages 0\nexternals 0\ntypes 0\n",
    );
    type ConnectMsg = ();
    type ClientMsg = ClientMsg;
    type ClientRequest = ClientRequest;
    type ServerMsg = ServerMsg;
    type ServerResponse = ServerResponse;
    ::simplenet::__private::if_session! {
        fn payloads() -> &'static ::simplenet::__private::Payloads {
            static CONNECT: &::simplenet::__private::Shape = &::simplenet::__private::Shape::Fields(
                &[],
            );
            static CLIENT_MSG: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[],
            );
            static CLIENT_REQUEST: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[],
            );
            static SERVER_MSG: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[],
            );
            static SERVER_RESPONSE: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[],
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
            let _ = token;
            match request {}
        }
    }
}
/// Any message from a client of `quiet`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientMsg {}
/// Any request from a client of `quiet`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientRequest {}
/// Any message from the server of `quiet`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ServerMsg {}
/// Any response from the server of `quiet`, by its request.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ServerResponse {}
#[automatically_derived]
impl ::simplenet::ClientMessage<Quiet> for ClientMsg {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
#[automatically_derived]
impl ::simplenet::ServerMessage<Quiet> for ServerMsg {
    fn from_message(message: &ServerMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
::simplenet::__private::if_server! {
    /// A request from a client of `quiet`, with the token that answers it.
    #[derive(::core::fmt::Debug)]
    pub enum IncomingRequest {}
}
::simplenet::__private::if_server! {
    /// A server of `quiet`.
    pub type Server = ::simplenet::Server<Quiet>;
    /// A handle of a server of `quiet`.
    pub type ServerHandle = ::simplenet::ServerHandle<Quiet>;
    /// An event of a server of `quiet`.
    pub type ServerEvent = ::simplenet::ServerEvent<Quiet>;
    /// The token that answers one request `R` of a client of `quiet`.
    pub type RequestToken<R> = ::simplenet::RequestToken<Quiet, R>;
}
::simplenet::__private::if_client! {
    /// A client of `quiet`.
    pub type Client = ::simplenet::Client<Quiet>;
    /// A handle of a client of `quiet`.
    pub type ClientHandle = ::simplenet::ClientHandle<Quiet>;
    /// An event of a client of `quiet`.
    pub type ClientEvent = ::simplenet::ClientEvent<Quiet>;
}
::simplenet::__private::if_session! {

}
::simplenet::__private::if_server! {
    /// The context of a handler of `quiet`: the session of a client.
    pub type ServiceContext = ::simplenet::ServiceContext<Quiet>;
    /// A service of `quiet`, with a handler for every message and request of a client.
    ///
    /// The messages of a client are handled one at a time, in order. The requests of a client are
    /// handled concurrently.
    pub trait Service: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles the beginning of a session. The other handlers of the session run after this
        /// handler returns.
        fn connected(
            &self,
            context: ServiceContext,
            message: (),
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
    }
    #[automatically_derived]
    impl<S: Service> ::simplenet::Serves<S> for Quiet {
        async fn connected(service: &S, context: ServiceContext, message: ()) {
            <S as Service>::connected(service, context, message).await
        }
        async fn message(service: &S, context: ServiceContext, message: ClientMsg) {
            let _ = (service, context);
            match message {}
        }
        async fn request(service: &S, context: ServiceContext, request: IncomingRequest) {
            let _ = (service, context);
            match request {}
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
