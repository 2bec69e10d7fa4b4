use bevy_app::{App, PreUpdate};
use bevy_ecs::schedule::{InternedScheduleLabel, ScheduleLabel};

/// The default number of events that a plugin receives per run. A peer that sends without pause
/// must not keep an update from ending.
const DEFAULT_BUDGET: usize = 4096;

/// The settings that the plugins of both sides share.
pub(crate) struct Receiving {
    pub(crate) schedule: InternedScheduleLabel,
    pub(crate) budget: usize,
    split: Vec<fn(&mut App, InternedScheduleLabel)>,
}

impl Receiving {
    pub(crate) fn new() -> Self {
        Self { schedule: PreUpdate.intern(), budget: DEFAULT_BUDGET, split: Vec::new() }
    }

    /// Adds a function that adds the systems for one type to the schedule.
    pub(crate) fn add_split(&mut self, add_systems: fn(&mut App, InternedScheduleLabel)) {
        self.split.push(add_systems);
    }

    pub(crate) fn build_split(&self, app: &mut App) {
        for add_systems in &self.split {
            add_systems(app, self.schedule);
        }
    }
}
