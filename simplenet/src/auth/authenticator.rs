use super::Secret;
use crate::{ClientId, wire::Auth};

/// How a server decides who may be a client.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Authenticator {
    /// Everybody may, under the id that they ask for.
    #[default]
    None,
    /// Whoever knows the secret may, under the id that they ask for.
    Secret(Secret),
}

impl Authenticator {
    /// The client's id, or `None` if it is refused. Other kinds of request than the expected one are refused too,
    /// save that [`Authenticator::None`] takes any.
    pub(crate) fn authenticate(&self, auth: &Auth) -> Option<ClientId> {
        match (self, auth) {
            (Self::None, Auth::None { client_id } | Auth::Secret { client_id, .. }) => {
                Some(ClientId::new(*client_id))
            }
            (Self::Secret(expected), Auth::Secret { client_id, secret })
                if expected.matches(secret.expose()) =>
            {
                Some(ClientId::new(*client_id))
            }
            (Self::Secret(_), _) => None,
        }
    }
}
