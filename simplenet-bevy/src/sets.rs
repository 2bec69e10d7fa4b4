use bevy_ecs::schedule::SystemSet;

/// The system sets of simplenet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, SystemSet)]
pub enum SimplenetSystems {
    /// The plugins receive events here, in `PreUpdate` or in the schedule of the plugin.
    Receive,
    /// A place in `PostUpdate` for systems that send the results of an update. The plugins add no
    /// systems to it. Sending is possible in other places as well.
    Send,
}
