//! The trusts and their rule files.

use super::{Builder, Located, Place, signed};
use crate::claims::access_control::{AccessControlError, AccessControlPolicy};
use crate::claims::language::{self, RuleDiagnostic, RuleProblem, RuleSet, Strictness};
use crate::config::RelyingPartySection;
use crate::federation::{
    AdditionalAuthentication, ClaimsProviderTrust, RelyingPartyTrust, RelyingPartyTrusts, ReplyAddresses,
};
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
        let lenient = section.lenient_rules;
        let admission = self.admission(section);
        let delegation_authorization = self.optional_rules(section.delegation_rules.as_ref(), lenient);
        let impersonation_authorization = self.optional_rules(section.impersonation_rules.as_ref(), lenient);
        let transform = self.transform(section);
        let saml = self.saml_trust(&section.saml);
        let ((authorization, additional_authentication), transform) = (admission?, transform?);
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
            additional_authentication,
            delegation_authorization: delegation_authorization?,
            impersonation_authorization: impersonation_authorization?,
            transform,
            reply_addresses: ReplyAddresses::new(section.ws_fed_endpoints.clone()),
            saml: saml?,
            token_lifetime: section.token_lifetime.map(signed),
            always_require_authentication: section.always_require_authentication,
            password_demand: section.password_demand,
            token_form: section.token_form,
        })
    }

    pub(super) fn additional_authentication(&mut self) -> Option<AdditionalAuthentication> {
        let section = &self.configuration.additional_authentication;
        Some(AdditionalAuthentication {
            rules: self.optional_rules(section.rules.as_ref(), false)?,
            certificate_is_multi_factor: section.certificate_is_multi_factor,
        })
    }

    /// Who gets in and with how many factors: by rules, or by a policy, which stands for both kinds of rules.
    fn admission(&mut self, section: &RelyingPartySection) -> Option<(RuleSet, RuleSet)> {
        let additional = section.additional_authentication_rules.as_ref();
        let Some(policy) = &section.access_control_policy else {
            let groups = &section.access_control_groups;
            if !groups.value.is_empty() {
                let cure = "Name an access_control_policy, or remove the groups.";
                self.problem(groups, "does nothing without access_control_policy", cure);
            }
            let rules = self.rules(section.authorization_rules.as_ref()?, section.lenient_rules);
            let additional = self.optional_rules(additional, section.lenient_rules);
            return Some((rules?, additional?));
        };
        for rules in [section.authorization_rules.as_ref(), additional].into_iter().flatten() {
            let message = format!("cannot be there together with the access control policy {:?}", policy.value);
            self.problem(rules, message, "Keep the rules or the policy: a policy stands for both kinds of rules.");
        }
        let Some(known) = AccessControlPolicy::read(&policy.value) else {
            let message = format!("is {:?}, which is no policy", policy.value);
            let names: Vec<&str> = AccessControlPolicy::names().collect();
            self.problem(policy, message, format!("The policies are {}.", names.join(", ")));
            return None;
        };
        let groups = &section.access_control_groups;
        match known.rules(&groups.value) {
            Ok(sets) => Some(sets),
            Err(error) => {
                let at = if matches!(error, AccessControlError::GroupsMissing(_)) { policy } else { &located(groups) };
                let cure =
                    "Name in access_control_groups the groups that the policy is about, and none for the others.";
                self.problem(at, format!("cannot be used: {error}"), cure);
                None
            }
        }
    }

    /// What the token says: by a file of rules, or by a preset.
    fn transform(&mut self, section: &RelyingPartySection) -> Option<RuleSet> {
        let Some(preset) = section.preset else {
            if let Some(domain) = section.domains.first() {
                self.problem(domain, "does nothing without a preset", "Write preset = \"office-365\", or remove it.");
            }
            return self.rules(section.transform_rules.as_ref()?, section.lenient_rules);
        };
        if let Some(rules) = &section.transform_rules {
            let cure = "Keep one of them; `fedgate trusts rules` prints the rules of the preset, to go on from.";
            self.problem(rules, "cannot be there together with a preset", cure);
        }
        let (name, text) = (format!("preset of {:?}", section.name.value), preset.transform_rules(section));
        match language::parse_within(&name, &text, Strictness::Strict, &self.configuration.limits.claims) {
            Ok(rules) => Some(rules),
            Err(diagnostics) => {
                for diagnostic in diagnostics {
                    let message = format!("has a preset whose rules cannot be read: {diagnostic}");
                    self.problem(&section.name, message, "Correct the domains.");
                }
                None
            }
        }
    }

    fn optional_rules(&mut self, path: Option<&Located<PathBuf>>, lenient: bool) -> Option<RuleSet> {
        path.map_or_else(|| Some(RuleSet::default()), |path| self.rules(path, lenient))
    }

    fn rules(&mut self, path: &Located<PathBuf>, lenient: bool) -> Option<RuleSet> {
        let strictness = if lenient { Strictness::Lenient } else { Strictness::Strict };
        let text = self.read_text(path)?;
        let (name, limits) = (path.value.display().to_string(), &self.configuration.limits.claims);
        match language::parse_within(&name, &text, strictness, limits) {
            Ok(rules) => {
                // What kind of store a name stands for is known here; a guess about it is not wanted.
                let guess = |warning: &&RuleDiagnostic| matches!(warning.problem, RuleProblem::LdapColumns { .. });
                for warning in rules.warnings().iter().filter(|warning| !guess(warning)) {
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

/// The place of a list, for a problem of one of its texts.
fn located(groups: &Located<Vec<String>>) -> Located<String> {
    let Located { line, column, key, .. } = groups;
    Located { value: String::new(), line: *line, column: *column, key: key.clone() }
}

/// Editors count columns from one, AD FS and so the diagnostic from zero.
fn place(file: &Path, diagnostic: &RuleDiagnostic) -> Place {
    let position = diagnostic.position;
    Place { file: file.to_owned(), line: Some(position.line), column: Some(position.column + 1) }
}
