use std::collections::HashMap;

use crate::{error::Location, model::Declaration, properties::field_types, type_expression::Type};

/// The maximum number of reported cycles. It is small, because the text of one cycle may be as long
/// as the schema.
const MAX_CYCLES: usize = 16;

/// The declarations in topological order, and the cycles among them.
pub(crate) struct Order {
    /// The indices of the declarations. Each declaration follows all declarations that it contains.
    pub(crate) topological: Vec<usize>,
    /// For each cycle, the location of the type that closes it, and the labels along it.
    pub(crate) cycles: Vec<(Location, Vec<String>)>,
}

/// Sorts the declarations by a depth-first search. The search is not recursive, because a peer
/// chooses how deeply declarations nest.
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
        order: Order { topological: Vec::with_capacity(types.len()), cycles: Vec::new() },
    };
    for start in 0..types.len() {
        walk.search_from(start);
    }
    walk.order
}

/// A use of a declared type in another one.
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
    /// On the current path.
    Open,
    Done,
}

struct Walk<'a> {
    types: &'a [Declaration],
    uses: &'a [Vec<Use>],
    states: Vec<State>,
    /// The current path: declarations, each with the number of its uses that were visited.
    path: Vec<(usize, usize)>,
    order: Order,
}

impl Walk<'_> {
    fn search_from(&mut self, start: usize) {
        self.enter(start);
        while let Some((position, visited)) = self.path.last_mut() {
            let position = *position;
            let next = self.uses.get(position).and_then(|uses| uses.get(*visited));
            *visited += 1;
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
        self.order.topological.push(position);
        self.path.pop();
    }

    /// Records the cycle from the target of the last use along the path.
    fn close(&mut self, last: &Use) {
        if self.order.cycles.len() == MAX_CYCLES {
            return;
        }
        let from = self.path.iter().skip_while(|(position, _)| *position != last.target);
        let mut labels: Vec<String> = from
            .filter_map(|(position, visited)| {
                let r#use = self.uses.get(*position)?.get(visited.checked_sub(1)?)?;
                Some(r#use.label.clone())
            })
            .collect();
        if let Some(target) = self.types.get(last.target) {
            labels.push(target.name.clone());
        }
        self.order.cycles.push((last.location.clone(), labels));
    }
}
