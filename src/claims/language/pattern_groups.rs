//! .NET's numbers and names of groups.

/// Which engine groups a .NET group number or name stands for; several when the pattern uses a name twice.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::claims) struct Groups {
    numbered: Vec<(u32, Vec<usize>)>,
    named: Vec<(String, Vec<usize>)>,
}

impl Groups {
    pub(super) fn by_number(&self, number: u32) -> Option<&[usize]> {
        self.numbered.iter().find(|(known, _)| *known == number).map(|(_, engine)| engine.as_slice())
    }

    pub(super) fn by_name(&self, name: &str) -> Option<&[usize]> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, engine)| engine.as_slice())
    }

    /// The group with the highest number: what `$+` means.
    pub(super) fn last(&self) -> Option<&[usize]> {
        self.numbered.iter().max_by_key(|(number, _)| *number).map(|(_, engine)| engine.as_slice())
    }

    /// .NET's numbering: explicit numbers stay, unnamed groups count from one, names take the numbers left over.
    pub(super) fn assign(found: &[GroupName]) -> Self {
        let mut groups = Self { numbered: vec![(0, vec![0])], named: Vec::new() };
        let mut unnamed = 0;
        for (index, name) in found.iter().enumerate() {
            let number = match name {
                GroupName::None => {
                    unnamed += 1;
                    unnamed
                }
                GroupName::Number(number) => *number,
                GroupName::Name(_) => continue,
            };
            groups.add_number(number, index + 1);
        }
        for (index, name) in found.iter().enumerate() {
            let GroupName::Name(name) = name else { continue };
            match groups.named.iter_mut().find(|(known, _)| known == name) {
                Some((_, engine)) => engine.push(index + 1),
                None => groups.named.push((name.clone(), vec![index + 1])),
            }
        }
        let mut next = unnamed + 1;
        for (_, engine) in &groups.named {
            while groups.numbered.iter().any(|(known, _)| *known == next) {
                next += 1;
            }
            groups.numbered.push((next, engine.clone()));
        }
        groups
    }

    fn add_number(&mut self, number: u32, engine: usize) {
        match self.numbered.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => known.push(engine),
            None => self.numbered.push((number, vec![engine])),
        }
    }
}

/// What a group is called in the pattern.
pub(super) enum GroupName {
    None,
    Number(u32),
    Name(String),
}
