use std::fmt::{self, Display, Formatter};

/// The place of a faulty value inside a payload, such as `Put.values[1].note`. It is empty for the
/// whole payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The steps from the faulty value outward.
    steps: Vec<Step>,
}

/// A step from a value to a value inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire) enum Step {
    Name(&'static str),
    Index(usize),
}

/// The maximum number of steps that are printed.
const PRINTED_STEPS: usize = 12;

impl Place {
    /// Adds a step outside of the others. Called only after an error.
    #[cold]
    #[inline(never)]
    pub(super) fn add(&mut self, step: Step) {
        self.steps.push(step);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for step in self.steps.iter().rev().take(PRINTED_STEPS) {
            match step {
                Step::Name(name) => write!(f, "{separator}{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
            separator = ".";
        }
        if self.steps.len() > PRINTED_STEPS { f.write_str("..") } else { Ok(()) }
    }
}
