//! What a template is given for each page, and what its content policy lets it do.

use super::address::{absolute, linkable, origin};
use super::content_policy::ContentPolicy;
use super::material::Settings;
use super::page::{
    CertificateHelp, CertificateHop, CertificateProblem, ErrorPage, Page, PromptLogin, Reference, SignIn, SignedOut,
};
use super::texts::Table;
use crate::federation::prompt::{Method, PromptLoginBehavior};
use jiff::tz::TimeZone;
use minijinja::value::Value;
use std::collections::BTreeMap;

/// One page put together.
pub(super) struct Composed {
    pub(super) template: &'static str,
    pub(super) script: &'static str,
    pub(super) policy: ContentPolicy,
    values: BTreeMap<&'static str, Value>,
}

impl Composed {
    pub(super) fn of(page: &Page<'_>, table: &Table) -> Self {
        match page {
            Page::SignIn(page) => sign_in(page),
            Page::CertificateHop(page) => certificate_hop(page),
            Page::CertificateHelp(page) => certificate_help(page, table),
            Page::Error(page) => error(page, table),
            Page::PromptLogin(page) => prompt_login(page),
            Page::SignedOut(page) => signed_out(page),
        }
    }

    fn new(template: &'static str, script: &'static str) -> Self {
        Self { template, script, policy: ContentPolicy::default(), values: BTreeMap::new() }
    }

    /// Gives the template a value; what there is not is none, so that a template can ask.
    pub(super) fn set(&mut self, name: &'static str, value: Option<impl Into<Value>>) {
        self.values.insert(name, value.map_or(Value::from(()), Into::into));
    }

    /// An address to go to.
    fn link(&mut self, name: &'static str, address: Option<&str>) {
        self.set(name, address.and_then(linkable));
    }

    /// An address to post to.
    fn post(&mut self, name: &'static str, address: Option<&str>) {
        let address = address.and_then(linkable);
        if let Some(address) = address {
            self.policy.post_to(address);
        }
        self.set(name, address);
    }

    /// A catalogue sentence in the page's language, and the language it ended up in.
    fn sentence(&mut self, english: &str, table: &Table) {
        let translated = table.sentence(english);
        let other = translated.is_none() && table.tag != "en";
        self.set("sentence", Some(translated.unwrap_or(english)));
        self.set("sentence_language", other.then_some("en"));
    }

    /// What `more-details.html` shows.
    fn details(&mut self, reference: &Reference<'_>, adfs_text: Option<&str>) {
        self.set("adfs_text", adfs_text);
        let at = reference.at.to_zoned(TimeZone::UTC);
        self.set("code", Some(reference.code));
        self.set("correlation", Some(reference.correlation.to_string()));
        self.set("at", Some(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()));
        self.set("at_machine", Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
    }

    /// Adds what every page has.
    pub(super) fn put_into(&mut self, surroundings: &Surroundings) {
        self.policy.images = surroundings.images;
        self.values.extend(surroundings.values.iter().map(|(name, value)| (*name, value.clone())));
    }

    pub(super) fn context(self) -> Value {
        Value::from_pairs(self.values)
    }
}

/// What every page of a language has, made once: a value is shared by the pages it is on, a logo and all words among them.
#[derive(Debug)]
pub(super) struct Surroundings {
    images: bool,
    values: BTreeMap<&'static str, Value>,
}

impl Surroundings {
    pub(super) fn new(settings: &Settings, table: &Table) -> Self {
        let some = |text: Option<&str>| text.map_or(Value::from(()), Value::from);
        let organisation = settings.organisation.as_deref().unwrap_or(&settings.service_name);
        let texts = table.texts.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        let values = [
            ("language", Value::from(table.tag.as_str())),
            ("organisation", Value::from(organisation)),
            ("service_name", Value::from(settings.service_name.as_str())),
            ("logo", some(settings.logo.as_deref())),
            ("help_text", some(settings.help_text.as_deref())),
            ("help_link", some(settings.help_link.as_deref().and_then(linkable))),
            ("texts", Value::from_pairs(texts)),
        ];
        Self { images: settings.logo.is_some(), values: values.into_iter().collect() }
    }
}

fn sign_in(page: &SignIn<'_>) -> Composed {
    let mut composed = Composed::new("sign-in.html", "sign-in.js");
    composed.post("action", Some(page.action));
    composed.set("state", Some(page.state));
    composed.set("username", Some(page.username));
    composed.set("password", Some(page.methods.contains(Method::Password)));
    let others = page.methods.without(Method::Password);
    let others: Vec<Value> = others.iter().map(|method| Value::from(method.provider())).collect();
    composed.set("others", Some(others));
    composed.set("second_factor", Some(page.second_factor));
    composed.set("wrong_name_or_password", Some(page.wrong_name_or_password));
    composed
}

fn certificate_hop(page: &CertificateHop<'_>) -> Composed {
    let mut composed = Composed::new("certificate-hop.html", "certificate-hop.js");
    let target = absolute(page.target);
    composed.post("target", Some(page.target));
    composed.set("state", Some(page.state));
    composed.post("alternate", page.alternate);
    // Chromium holds a redirect after a post to form-action too; a proxy in front of the port may answer with one home
    composed.policy.posts_home = true;
    composed.set("alternate_host", page.alternate.and_then(absolute).and_then(|url| url.host_str().map(str::to_owned)));
    composed.link("other_ways", page.other_ways);
    composed.set("host", target.as_ref().and_then(|url| url.host_str().map(str::to_owned)));
    composed.set("port", target.as_ref().and_then(|url| url.port_or_known_default()));
    let asked = target.as_ref().map(origin);
    composed.set("probe", asked.as_ref().map(|origin| format!("{origin}/adfs/probe")));
    composed.policy.asks.extend(asked);
    composed
}

fn certificate_help(page: &CertificateHelp<'_>, table: &Table) -> Composed {
    let mut composed = Composed::new("certificate-help.html", "copy.js");
    composed.set("arrived", Some(page.problem == CertificateProblem::NotAccepted));
    composed.sentence(page.sentence, table);
    composed.post("target", page.try_another.map(|again| again.target));
    composed.set("state", page.try_another.map(|again| again.state));
    composed.link("other_ways", page.other_ways);
    composed.details(&page.reference, None);
    composed
}

fn error(page: &ErrorPage<'_>, table: &Table) -> Composed {
    let mut composed = Composed::new("error.html", "copy.js");
    composed.sentence(page.sentence, table);
    composed.link("retry", page.retry);
    composed.details(&page.reference, page.adfs_text);
    composed
}

/// The domain comes from the request, and somebody will run the command.
fn prompt_login(page: &PromptLogin<'_>) -> Composed {
    let mut composed = Composed::new("prompt-login.html", "copy.js");
    let domain = page.domain.filter(|domain| is_domain(domain));
    composed.set("domain", domain);
    composed.set("remedy", Some(PromptLoginBehavior::NativeSupport.remedy(domain.unwrap_or("<domain>"))));
    composed.details(&page.reference, None);
    composed
}

/// Letters, digits, hyphens and dots, and one dot at least: nothing of it means anything to a shell.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label)
}

fn signed_out(page: &SignedOut<'_>) -> Composed {
    let mut composed = Composed::new("signed-out.html", "signed-out.js");
    let addresses: Vec<_> = page.clean_up.iter().filter_map(|address| absolute(address)).collect();
    composed.policy.frames.extend(addresses.iter().map(origin));
    let addresses: Vec<Value> = addresses.iter().map(|address| Value::from(address.as_str())).collect();
    composed.set("clean_up", Some(addresses));
    composed.link("next", page.next);
    composed.set("close_browser", Some(page.close_browser));
    composed
}
