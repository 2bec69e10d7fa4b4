use std::collections::HashMap;

use crate::{Declaration, Location, Type, facts::field_types};

/// How many cycles are told at most: the text of one may be as long as the schema.
const MAX_CYCLES: usize = 16;

/// The declarations, each after all that it contains, and the ways in which some contain themselves.
pub(crate) struct Order {
    /// Positions of declarations, the innermost first.
    pub(crate) inside_out: Vec<usize>,
    /// The type that closes a cycle, and the labels along the cycle.
    pub(crate) cycles: Vec<(Location, Vec<String>)>,
}

/// Walks the declarations depth first. Without recursion of its own, since a peer chooses how long the chains are.
pub(crate) fn order(types: &[Declaration], positions: &HashMap<&str, usize>) -> Order {
    let uses: Vec<Vec<Use>> = types
        .iter()
        .enumerate()
        .map(|(position, declaration)| uses(position, declaration, positions))
        .collect();
    let mut walk = Walk {
        types,
        uses: &uses,
        states: vec![State::New; types.len()],
        path: Vec::new(),
        order: Order { inside_out: Vec::with_capacity(types.len()), cycles: Vec::new() },
    };
    for start in 0..types.len() {
        walk.from(start);
    }
    walk.order
}

/// A declared type that another one names.
struct Use {
    location: Location,
    /// The field, as in `Tree.children`.
    label: String,
    target: usize,
}

fn uses(position: usize, declared: &Declaration, positions: &HashMap<&str, usize>) -> Vec<Use> {
    let mut uses = Vec::new();
    for (location, label, r#type) in field_types(position, declared) {
        let mut open = vec![r#type];
        while let Some(next) = open.pop() {
            match next {
                Type::Named(name) => {
                    if let Some(&target) = positions.get(name.as_str()) {
                        uses.push(Use { location: location.clone(), label: label.clone(), target });
                    }
                }
                _ => open.extend(next.arguments()),
            }
        }
    }
    uses
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// On the path that is being walked.
    Open,
    Done,
}

struct Walk<'a> {
    types: &'a [Declaration],
    uses: &'a [Vec<Use>],
    states: Vec<State>,
    /// The declarations from the start to here, each with the number of its uses that were looked at.
    path: Vec<(usize, usize)>,
    order: Order,
}

impl Walk<'_> {
    fn from(&mut self, start: usize) {
        self.enter(start);
        while let Some((position, looked_at)) = self.path.last_mut() {
            let position = *position;
            let next = self.uses.get(position).and_then(|uses| uses.get(*looked_at));
            *looked_at += 1;
            match next {
                Some(next) if self.state(next.target) == State::Open => self.close(next),
                Some(next) => self.enter(next.target),
                None => self.leave(position),
            }
        }
    }

    fn state(&self, position: usize) -> State {
        self.states.get(position).copied().unwrap_or(State::Done)
    }

    fn set(&mut self, position: usize, state: State) {
        if let Some(slot) = self.states.get_mut(position) {
            *slot = state;
        }
    }

    fn enter(&mut self, position: usize) {
        if self.state(position) == State::New {
            self.set(position, State::Open);
            self.path.push((position, 0));
        }
    }

    fn leave(&mut self, position: usize) {
        self.set(position, State::Done);
        self.order.inside_out.push(position);
        self.path.pop();
    }

    /// The last use leads back onto the path: what lies between is a cycle.
    fn close(&mut self, last: &Use) {
        if self.order.cycles.len() == MAX_CYCLES {
            return;
        }
        let from = self.path.iter().skip_while(|(position, _)| *position != last.target);
        let mut labels: Vec<String> = from
            .filter_map(|(position, looked_at)| {
                let taken = self.uses.get(*position)?.get(looked_at.checked_sub(1)?)?;
                Some(taken.label.clone())
            })
            .collect();
        if let Some(target) = self.types.get(last.target) {
            labels.push(target.name.clone());
        }
        self.order.cycles.push((last.location.clone(), labels));
    }
}
