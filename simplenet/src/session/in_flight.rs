use std::collections::VecDeque;

/// A map from request ids to the data of the requests in flight.
///
/// Ids mostly increase and answers mostly arrive in order, so the map is a sorted ring buffer.
/// Access at both ends is cheap. An insertion or removal elsewhere moves at most `max_in_flight`
/// entries.
#[derive(Debug)]
pub(crate) struct InFlight<T> {
    requests: VecDeque<(u64, T)>,
}

impl<T> InFlight<T> {
    pub(crate) fn new() -> Self {
        Self { requests: VecDeque::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.requests.len()
    }

    #[cfg(feature = "server")]
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Inserts a request. Returns false if the id is in flight already.
    #[inline]
    pub(crate) fn insert(&mut self, id: u64, request: T) -> bool {
        match self.position(id) {
            Ok(_) => false,
            Err(index) if index == self.requests.len() => {
                self.requests.push_back((id, request));
                true
            }
            Err(index) => {
                self.requests.insert(index, (id, request));
                true
            }
        }
    }

    /// Returns the index of a request, which is valid until the next insertion or removal.
    #[inline]
    pub(crate) fn find(&self, id: u64) -> Option<usize> {
        self.position(id).ok()
    }

    #[cfg(any(feature = "client", test))]
    pub(crate) fn at(&self, index: usize) -> Option<&T> {
        self.requests.get(index).map(|(_, request)| request)
    }

    #[cfg(feature = "client")]
    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut T> {
        let index = self.find(id)?;
        self.requests.get_mut(index).map(|(_, request)| request)
    }

    #[inline]
    pub(crate) fn remove_at(&mut self, index: usize) -> Option<T> {
        let removed =
            if index == 0 { self.requests.pop_front() } else { self.requests.remove(index) };
        removed.map(|(_, request)| request)
    }

    #[cfg(any(feature = "server", test))]
    #[inline]
    pub(crate) fn remove(&mut self, id: u64) -> Option<T> {
        self.remove_at(self.find(id)?)
    }

    /// Removes all requests, and returns them ordered by id.
    #[cfg(feature = "client")]
    pub(crate) fn take(&mut self) -> VecDeque<(u64, T)> {
        std::mem::take(&mut self.requests)
    }

    #[cfg(feature = "client")]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u64, &mut T)> {
        self.requests.iter_mut().map(|(id, request)| (*id, request))
    }

    /// Returns the index of `id`. If `id` is not in flight, returns its insertion index as an
    /// error.
    #[inline]
    fn position(&self, id: u64) -> Result<usize, usize> {
        match (self.requests.front(), self.requests.back()) {
            (Some((first, _)), _) if *first == id => Ok(0),
            (_, None) => Err(0),
            (_, Some((last, _))) if *last < id => Err(self.requests.len()),
            _ => self.requests.binary_search_by_key(&id, |(id, _)| *id),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "client")]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::test;

    proptest! {
        #[test]
        fn requests_in_flight_behave_like_a_map(steps in prop::collection::vec((any::<bool>(), 0..20_u64), 0..100)) {
            let mut map = BTreeMap::new();
            let mut in_flight = InFlight::new();
            for (number, (insert, id)) in steps.into_iter().enumerate() {
                if insert {
                    let fresh = !map.contains_key(&id);
                    prop_assert_eq!(in_flight.insert(id, number), fresh);
                    map.entry(id).or_insert(number);
                } else {
                    prop_assert_eq!(in_flight.remove(id), map.remove(&id));
                }
                prop_assert_eq!(in_flight.find(id).and_then(|index| in_flight.at(index)), map.get(&id));
                prop_assert_eq!(in_flight.len(), map.len());
            }
            prop_assert!(in_flight.take().into_iter().eq(map));
        }
    }
}
