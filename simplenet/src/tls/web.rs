/// No settings: a page accepts no connections from outside.
#[derive(Debug, Default)]
pub(crate) struct AcceptorConfig {}
