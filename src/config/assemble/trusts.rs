//! The trusts and their rule files.

use super::{Builder, Located, Place};
use crate::claims::language::{self, RuleDiagnostic, RuleSet, Strictness};
use crate::config::RelyingPartySection;
use crate::federation::{ClaimsProviderTrust, RelyingPartyTrust, RelyingPartyTrusts};
use std::path::{Path, PathBuf};

impl Builder<'_> {
    pub(super) fn claims_provider(&mut self) -> Option<ClaimsProviderTrust> {
        let section = &self.configuration.claims_provider;
        let path = &section.acceptance_rules;
        let acceptance = self.rules(path, section.lenient_rules)?;
        if acceptance.is_empty() {
            let file = path.value.display();
            self.warn(format!("{file}: the acceptance rules are empty, so no claim reaches a relying party's rules"));
        }
        Some(ClaimsProviderTrust { acceptance })
    }

    pub(super) fn relying_parties(&mut self) -> Option<RelyingPartyTrusts> {
        let sections = &self.configuration.relying_parties;
        let read: Vec<Option<RelyingPartyTrust>> = sections.iter().map(|section| self.relying_party(section)).collect();
        let trusts: Vec<RelyingPartyTrust> = read.into_iter().collect::<Option<_>>()?;
        match RelyingPartyTrusts::new(trusts) {
            Ok(trusts) => Some(trusts),
            Err(duplicate) => {
                let last = sections.iter().rfind(|section| section.identifiers.value.contains(&duplicate.0));
                if let Some(section) = last {
                    let message = format!("cannot be used: {duplicate}");
                    self.problem(&section.identifiers, message, "Remove it from one of them.");
                }
                None
            }
        }
    }

    fn relying_party(&mut self, section: &RelyingPartySection) -> Option<RelyingPartyTrust> {
        let authorization = self.rules(&section.authorization_rules, section.lenient_rules);
        let transform = self.rules(&section.transform_rules, section.lenient_rules);
        let (authorization, transform) = (authorization?, transform?);
        let name = &section.name.value;
        if authorization.is_empty() {
            self.warn(format!("{name}: the authorization rules are empty, so nobody gets a token"));
        }
        if transform.is_empty() {
            self.warn(format!("{name}: the transform rules are empty, so a token says nothing about its user"));
        }
        Some(RelyingPartyTrust {
            name: name.clone(),
            identifiers: section.identifiers.value.clone(),
            enabled: section.enabled,
            authorization,
            transform,
        })
    }

    fn rules(&mut self, path: &Located<PathBuf>, lenient: bool) -> Option<RuleSet> {
        let strictness = if lenient { Strictness::Lenient } else { Strictness::Strict };
        let text = self.read_text(path)?;
        match language::parse(&path.value.display().to_string(), &text, strictness) {
            Ok(rules) => {
                for warning in rules.warnings() {
                    self.warn(format!("{}: {}", place(&path.value, warning), warning.finding()));
                }
                Some(rules)
            }
            Err(diagnostics) => {
                for diagnostic in diagnostics {
                    let cure = diagnostic.cure().map_or("Correct the rule.".to_owned(), |cure| cure.to_string());
                    self.problem_in(place(&path.value, &diagnostic), path, diagnostic.finding(), cure);
                }
                None
            }
        }
    }
}

/// Editors count columns from one, AD FS and so the diagnostic from zero.
fn place(file: &Path, diagnostic: &RuleDiagnostic) -> Place {
    let position = diagnostic.position;
    Place { file: file.to_owned(), line: Some(position.line), column: Some(position.column + 1) }
}
