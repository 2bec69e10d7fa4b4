/// A message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Numbers {
    /// The field `a` of `Numbers`.
    pub a: u8,
    /// The field `b` of `Numbers`.
    pub b: u16,
    /// The field `c` of `Numbers`.
    pub c: u32,
    /// The field `d` of `Numbers`.
    pub d: u64,
    /// The field `e` of `Numbers`.
    pub e: u128,
    /// The field `f` of `Numbers`.
    pub f: i8,
    /// The field `g` of `Numbers`.
    pub g: i16,
    /// The field `h` of `Numbers`.
    pub h: i32,
    /// The field `i` of `Numbers`.
    pub i: i64,
    /// The field `j` of `Numbers`.
    pub j: i128,
    /// The field `k` of `Numbers`.
    pub k: f32,
    /// The field `l` of `Numbers`.
    pub l: f64,
    /// The field `m` of `Numbers`.
    pub m: bool,
}
/// A message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Texts(
    pub char,
    pub ::std::string::String,
    pub ::simplenet::Bytes,
    pub crate::ids::Id,
);
/// A message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Containers {
    /// The field `option` of `Containers`.
    pub option: ::core::option::Option<u8>,
    /// The field `vec` of `Containers`.
    pub vec: ::std::vec::Vec<::std::string::String>,
    /// The field `array` of `Containers`.
    pub array: [u8; 4],
    /// The field `tuple` of `Containers`.
    pub tuple: (u8, (), ::std::boxed::Box<u16>),
    /// The field `result` of `Containers`.
    pub result: ::core::result::Result<u8, Choice>,
    /// The field `hash_map` of `Containers`.
    pub hash_map: ::std::collections::HashMap<Key, f32>,
    /// The field `tree_map` of `Containers`.
    pub tree_map: ::std::collections::BTreeMap<u8, ::std::vec::Vec<u8>>,
    /// The field `hash_set` of `Containers`.
    pub hash_set: ::std::collections::HashSet<u8>,
    /// The field `tree_set` of `Containers`.
    pub tree_set: ::std::collections::BTreeSet<(u8, char)>,
}
/// A message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize,
    ::core::default::Default,
    ::bevy_ecs::component::Component
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Empty;
/// A message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum Choice {
    /// The variant `None` of `Choice`.
    None,
    /// The variant `One` of `Choice`.
    One(u8),
    /// The variant `Two` of `Choice`.
    Two(u8, Key),
    /// The variant `type` of `Choice`.
    r#type {
        /// A field whose name is a keyword.
        r#match: ::core::option::Option<::core::option::Option<u8>>,
    },
}
/// The type `Key` of the channel `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::cmp::PartialOrd,
    ::core::cmp::Ord
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Key {
    /// The field `room` of `Key`.
    pub room: Inner,
}
/// The type `Inner` of the channel `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::cmp::PartialOrd,
    ::core::cmp::Ord
)]
#[serde(crate = "::simplenet::__private::serde")]
pub struct Inner(
    /// The number.
    pub u32,
);
/// The channel `all-kinds`, as a type argument of servers and clients.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq,
    ::core::hash::Hash
)]
pub enum AllKinds {}
#[automatically_derived]
impl ::simplenet::ChannelPack for AllKinds {
    const PROTOCOL: ::simplenet::Protocol = ::simplenet::Protocol::new(
        "all-kinds",
        0x60016a8ef42bf74126c666db2cff6795u128,
        "simplenet 1\nwire 1\ncodec 43:bincode 2, little endian, variable integers\nchannel 9:all-kinds\nconnect option(^10:uuid::Uuid,)\nclient messages 5\n7:Numbers\n5:Texts\n10:Containers\n5:Empty\n6:Choice\nclient requests 0\nserver messages 0\nexternals 2\n14:crate::ids::Id 1:1\n10:uuid::Uuid 6:uuid-1\ntypes 7\n6:Choice enum 4(4:None unit;3:One newtype(u8);3:Two tuple 2(u8,@3:Key,);4:type struct 1(5:match option(option(u8,),),);)\n10:Containers struct 9(6:option option(u8,),3:vec vec(String,),5:array array 4(u8,),5:tuple tuple 3(u8,tuple 0(),box(u16,),),6:result result(u8,@6:Choice,),8:hash_map hashmap(@3:Key,f32,),8:tree_map btreemap(u8,vec(u8,),),8:hash_set hashset(u8,),8:tree_set btreeset(tuple 2(u8,char,),),)\n5:Empty unit\n5:Inner newtype(u32)\n3:Key struct 1(4:room @5:Inner,)\n7:Numbers struct 13(1:a u8,1:b u16,1:c u32,1:d u64,1:e u128,1:f i8,1:g i16,1:h i32,1:i i64,1:j i128,1:k f32,1:l f64,1:m bool,)\n5:Texts tuple 4(char,String,Bytes,^14:crate::ids::Id,)\n",
    );
    type ConnectMsg = ::core::option::Option<::uuid::Uuid>;
    type ClientMsg = ClientMsg;
    type ClientRequest = ClientRequest;
    type ServerMsg = ServerMsg;
    type ServerResponse = ServerResponse;
    ::simplenet::__private::if_session! {
        fn payloads() -> &'static ::simplenet::__private::Payloads {
            static CONNECT: &::simplenet::__private::Shape = &::simplenet::__private::Shape::Option(
                &__external_shape_0,
            );
            static CLIENT_MSG: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
                &[
                    ("Numbers", &[("", &__shape_Numbers)]),
                    ("Texts", &[("", &__shape_Texts)]),
                    ("Containers", &[("", &__shape_Containers)]),
                    ("Empty", &[("", &__shape_Empty)]),
                    ("Choice", &[("", &__shape_Choice)]),
                ],
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
/// Any message from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientMsg {
    /// `Numbers`.
    Numbers(Numbers),
    /// `Texts`.
    Texts(Texts),
    /// `Containers`.
    Containers(Containers),
    /// `Empty`.
    Empty(Empty),
    /// `Choice`.
    Choice(Choice),
}
/// Any request from a client of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ClientRequest {}
/// Any message from the server of `all-kinds`.
#[derive(
    ::core::clone::Clone,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq,
    ::simplenet::__private::serde::Serialize,
    ::simplenet::__private::serde::Deserialize
)]
#[serde(crate = "::simplenet::__private::serde")]
pub enum ServerMsg {}
/// Any response from the server of `all-kinds`, by its request.
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
impl ::core::convert::From<Numbers> for ClientMsg {
    fn from(message: Numbers) -> Self {
        Self::Numbers(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Texts> for ClientMsg {
    fn from(message: Texts) -> Self {
        Self::Texts(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Containers> for ClientMsg {
    fn from(message: Containers) -> Self {
        Self::Containers(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Empty> for ClientMsg {
    fn from(message: Empty) -> Self {
        Self::Empty(message)
    }
}
#[automatically_derived]
impl ::core::convert::From<Choice> for ClientMsg {
    fn from(message: Choice) -> Self {
        Self::Choice(message)
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for ClientMsg {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for Numbers {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Numbers(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for Texts {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Texts(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for Containers {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Containers(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for Empty {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Empty(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ClientMessage<AllKinds> for Choice {
    fn from_message(message: &ClientMsg) -> ::core::option::Option<&Self> {
        match message {
            ClientMsg::Choice(message) => ::core::option::Option::Some(message),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::simplenet::ServerMessage<AllKinds> for ServerMsg {
    fn from_message(message: &ServerMsg) -> ::core::option::Option<&Self> {
        ::core::option::Option::Some(message)
    }
}
::simplenet::__private::if_server! {
    /// A request from a client of `all-kinds`, with the token that answers it.
    #[derive(::core::fmt::Debug)]
    pub enum IncomingRequest {}
}
::simplenet::__private::if_server! {
    /// A server of `all-kinds`.
    pub type Server = ::simplenet::Server<AllKinds>;
    /// A handle of a server of `all-kinds`.
    pub type ServerHandle = ::simplenet::ServerHandle<AllKinds>;
    /// An event of a server of `all-kinds`.
    pub type ServerEvent = ::simplenet::ServerEvent<AllKinds>;
    /// The token that answers one request `R` of a client of `all-kinds`.
    pub type RequestToken<R> = ::simplenet::RequestToken<AllKinds, R>;
}
::simplenet::__private::if_client! {
    /// A client of `all-kinds`.
    pub type Client = ::simplenet::Client<AllKinds>;
    /// A handle of a client of `all-kinds`.
    pub type ClientHandle = ::simplenet::ClientHandle<AllKinds>;
    /// An event of a client of `all-kinds`.
    pub type ClientEvent = ::simplenet::ClientEvent<AllKinds>;
}
::simplenet::__private::if_session! {
    #[doc(hidden)]
    pub static __shape_Numbers: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[
            ("a", &::simplenet::__private::Shape::Byte),
            ("b", &::simplenet::__private::Shape::Integer(16)),
            ("c", &::simplenet::__private::Shape::Integer(32)),
            ("d", &::simplenet::__private::Shape::Integer(64)),
            ("e", &::simplenet::__private::Shape::Integer(128)),
            ("f", &::simplenet::__private::Shape::Byte),
            ("g", &::simplenet::__private::Shape::Integer(16)),
            ("h", &::simplenet::__private::Shape::Integer(32)),
            ("i", &::simplenet::__private::Shape::Integer(64)),
            ("j", &::simplenet::__private::Shape::Integer(128)),
            ("k", &::simplenet::__private::Shape::Float(4)),
            ("l", &::simplenet::__private::Shape::Float(8)),
            ("m", &::simplenet::__private::Shape::Bool),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Texts: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[
            ("0", &::simplenet::__private::Shape::Char),
            ("1", &::simplenet::__private::Shape::Text),
            ("2", &::simplenet::__private::Shape::Bytes),
            ("3", &__external_shape_1),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Containers: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[
            (
                "option",
                &::simplenet::__private::Shape::Option(&::simplenet::__private::Shape::Byte),
            ),
            (
                "vec",
                &::simplenet::__private::Shape::List(&::simplenet::__private::Shape::Text),
            ),
            (
                "array",
                &::simplenet::__private::Shape::Array(
                    &::simplenet::__private::Shape::Byte,
                    4,
                ),
            ),
            (
                "tuple",
                &::simplenet::__private::Shape::Fields(
                    &[
                        ("0", &::simplenet::__private::Shape::Byte),
                        ("1", &::simplenet::__private::Shape::Fields(&[])),
                        (
                            "2",
                            &::simplenet::__private::Shape::Boxed(
                                &::simplenet::__private::Shape::Integer(16),
                            ),
                        ),
                    ],
                ),
            ),
            (
                "result",
                &::simplenet::__private::Shape::Enum(
                    &[
                        ("Ok", &[("0", &::simplenet::__private::Shape::Byte)]),
                        ("Err", &[("0", &__shape_Choice)]),
                    ],
                ),
            ),
            (
                "hash_map",
                &::simplenet::__private::Shape::Map(
                    &__shape_Key,
                    &::simplenet::__private::Shape::Float(4),
                ),
            ),
            (
                "tree_map",
                &::simplenet::__private::Shape::Map(
                    &::simplenet::__private::Shape::Byte,
                    &::simplenet::__private::Shape::List(
                        &::simplenet::__private::Shape::Byte,
                    ),
                ),
            ),
            (
                "hash_set",
                &::simplenet::__private::Shape::Set(&::simplenet::__private::Shape::Byte),
            ),
            (
                "tree_set",
                &::simplenet::__private::Shape::Set(
                    &::simplenet::__private::Shape::Fields(
                        &[
                            ("0", &::simplenet::__private::Shape::Byte),
                            ("1", &::simplenet::__private::Shape::Char),
                        ],
                    ),
                ),
            ),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Empty: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[],
    );
    #[doc(hidden)]
    pub static __shape_Choice: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Enum(
        &[
            ("None", &[]),
            ("One", &[("0", &::simplenet::__private::Shape::Byte)]),
            ("Two", &[("0", &::simplenet::__private::Shape::Byte), ("1", &__shape_Key)]),
            (
                "type",
                &[
                    (
                        "match",
                        &::simplenet::__private::Shape::Option(
                            &::simplenet::__private::Shape::Option(
                                &::simplenet::__private::Shape::Byte,
                            ),
                        ),
                    ),
                ],
            ),
        ],
    );
    #[doc(hidden)]
    pub static __shape_Key: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("room", &__shape_Inner)],
    );
    #[doc(hidden)]
    pub static __shape_Inner: ::simplenet::__private::Shape = ::simplenet::__private::Shape::Fields(
        &[("0", &::simplenet::__private::Shape::Integer(32))],
    );
    static __external_shape_0: ::simplenet::__private::Shape = ::simplenet::__private::Shape::external::<
        ::uuid::Uuid,
    >();
    static __external_shape_1: ::simplenet::__private::Shape = ::simplenet::__private::Shape::external::<
        crate::ids::Id,
    >();
}
::simplenet::__private::if_server! {
    /// The context of a handler of `all-kinds`: the session of a client.
    pub type ServiceContext = ::simplenet::ServiceContext<AllKinds>;
    /// A service of `all-kinds`, with a handler for every message and request of a client.
    ///
    /// The messages of a client are handled one at a time, in order. The requests of a client are
    /// handled concurrently.
    pub trait Service: ::core::marker::Send + ::core::marker::Sync + 'static {
        /// Handles the beginning of a session. The other handlers of the session run after this
        /// handler returns.
        fn connected(
            &self,
            context: ServiceContext,
            message: ::core::option::Option<::uuid::Uuid>,
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
        /// Handles the message `Numbers` of a client.
        fn numbers(
            &self,
            context: ServiceContext,
            message: Numbers,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        /// Handles the message `Texts` of a client.
        fn texts(
            &self,
            context: ServiceContext,
            message: Texts,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        /// Handles the message `Containers` of a client.
        fn containers(
            &self,
            context: ServiceContext,
            message: Containers,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        /// Handles the message `Empty` of a client.
        fn empty(
            &self,
            context: ServiceContext,
            message: Empty,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        /// Handles the message `Choice` of a client.
        fn choice(
            &self,
            context: ServiceContext,
            message: Choice,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    }
    #[automatically_derived]
    impl<S: Service> ::simplenet::Serves<S> for AllKinds {
        async fn connected(
            service: &S,
            context: ServiceContext,
            message: ::core::option::Option<::uuid::Uuid>,
        ) {
            <S as Service>::connected(service, context, message).await
        }
        async fn message(service: &S, context: ServiceContext, message: ClientMsg) {
            match message {
                ClientMsg::Numbers(message) => {
                    <S as Service>::numbers(service, context, message).await
                }
                ClientMsg::Texts(message) => {
                    <S as Service>::texts(service, context, message).await
                }
                ClientMsg::Containers(message) => {
                    <S as Service>::containers(service, context, message).await
                }
                ClientMsg::Empty(message) => {
                    <S as Service>::empty(service, context, message).await
                }
                ClientMsg::Choice(message) => {
                    <S as Service>::choice(service, context, message).await
                }
            }
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
