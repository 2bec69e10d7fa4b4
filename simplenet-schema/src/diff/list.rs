use std::collections::{HashMap, HashSet};

use super::{class::Classes, compare::Comparison};

/// The kind of the entries of a list.
pub(super) struct List<'a> {
    pub(super) path: &'a str,
    pub(super) kind: &'static str,
    pub(super) separator: &'static str,
    /// Whether an entry at the end can be absent without an effect on the bytes of the others.
    pub(super) grows: bool,
}

impl List<'_> {
    fn entry(&self, name: &str) -> String {
        format!("{}{}{name}", self.path, self.separator)
    }

    /// Describes a field by its type, and any other entry by its kind.
    fn with_kind(&self, description: String) -> String {
        match (self.kind, description.is_empty()) {
            ("field", _) => description,
            (kind, true) => kind.to_owned(),
            (kind, false) => format!("{kind} {description}"),
        }
    }

    /// Returns the position from which the longer list only adds entries to the shorter one; `None`
    /// if added entries change the bytes of others.
    fn end<T>(
        &self,
        old: &[(String, T)],
        new: &[(String, T)],
        renamed: &HashSet<usize>,
    ) -> Option<usize> {
        let mut pairs = old.iter().zip(new).enumerate();
        let is_same = pairs.all(|(at, (old, new))| old.0 == new.0 || renamed.contains(&at));
        (self.grows && is_same).then(|| old.len().min(new.len()))
    }
}

impl Comparison<'_> {
    /// Compares entries whose names and order are significant. `same` returns true if two entries
    /// with different names are the same entry, renamed.
    pub(super) fn list<T: Copy>(
        &mut self,
        list: &List<'_>,
        old: &[(String, T)],
        new: &[(String, T)],
        same: impl Fn(&Self, &T, &T) -> bool,
        describe: impl Fn(T) -> String,
        compare: impl Fn(&mut Self, &str, T, T),
    ) {
        let new_positions = positions(new);
        let old_positions = positions(old);
        let renamed: HashSet<usize> = (0..old.len().min(new.len()))
            .filter(|&at| match (old.get(at), new.get(at)) {
                (Some((name, before)), Some((other, after))) => {
                    !new_positions.contains_key(&**name)
                        && !old_positions.contains_key(&**other)
                        && same(self, before, after)
                }
                _ => false,
            })
            .collect();
        let end = list.end(old, new, &renamed);
        for (position, (name, before)) in old.iter().enumerate() {
            let path = list.entry(name);
            if let Some((_, after)) = new_positions.get(&**name).and_then(|&at| new.get(at)) {
                compare(self, &path, *before, *after);
            } else if let (true, Some((other, _))) =
                (renamed.contains(&position), new.get(position))
            {
                let from = Some(format!("{} {name}", list.kind));
                let to = Some(format!("{} {other}", list.kind));
                self.change(path, from, to, Classes::SAME);
            } else {
                let is_at_end = end.is_some_and(|end| position >= end);
                let classes = if is_at_end { Classes::REMOVED } else { Classes::IMPOSSIBLE };
                self.change(path, Some(list.with_kind(describe(*before))), None, classes);
            }
        }
        for (position, (name, after)) in new.iter().enumerate() {
            if old_positions.contains_key(&**name) || renamed.contains(&position) {
                continue;
            }
            let is_at_end = end.is_some_and(|end| position >= end);
            let classes = if is_at_end { Classes::ADDED } else { Classes::IMPOSSIBLE };
            self.change(list.entry(name), None, Some(list.with_kind(describe(*after))), classes);
        }
        self.order(
            list,
            old.iter().map(|(name, _)| &**name),
            new.iter().map(|(name, _)| &**name),
            &old_positions,
            &new_positions,
        );
    }

    /// Compares the order of the entries that both lists contain.
    fn order<'b>(
        &mut self,
        list: &List<'_>,
        old: impl Iterator<Item = &'b str>,
        new: impl Iterator<Item = &'b str>,
        old_positions: &HashMap<&str, usize>,
        new_positions: &HashMap<&str, usize>,
    ) {
        let old: Vec<&str> = old.filter(|name| new_positions.contains_key(name)).collect();
        let new: Vec<&str> = new.filter(|name| old_positions.contains_key(name)).collect();
        if old != new {
            let (from, to) =
                (format!("order {}", old.join(", ")), format!("order {}", new.join(", ")));
            self.change(list.path.to_owned(), Some(from), Some(to), Classes::IMPOSSIBLE);
        }
    }
}

fn positions<T>(entries: &[(String, T)]) -> HashMap<&str, usize> {
    entries.iter().enumerate().map(|(position, (name, _))| (&**name, position)).collect()
}
