//! The content policy of each page: nothing but what the page itself holds.

use super::address::{absolute, origin};
use crate::protocol::wsfed::FORM_SCRIPT_HASH;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;

/// What every page begins with.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// A Content-Security-Policy under construction. What is not named is forbidden.
#[derive(Debug, Default)]
pub(super) struct ContentPolicy {
    pub(super) styles: BTreeSet<String>,
    pub(super) scripts: BTreeSet<String>,
    pub(super) images: bool,
    pub(super) posts_home: bool,
    pub(super) posts: BTreeSet<String>,
    pub(super) asks: BTreeSet<String>,
    pub(super) frames: BTreeSet<String>,
}

impl ContentPolicy {
    /// Lets forms go to an address. One without a host is this very origin.
    pub(super) fn post_to(&mut self, address: &str) {
        match absolute(address) {
            Some(url) => _ = self.posts.insert(origin(&url)),
            None => self.posts_home = true,
        }
    }

    /// The header's value.
    pub(super) fn header(&self) -> String {
        let mut policy = NOTHING.to_owned();
        let home = self.posts_home.then(|| "'self'".to_owned());
        let posts: BTreeSet<String> = self.posts.iter().cloned().chain(home).collect();
        let image: BTreeSet<String> = self.images.then(|| "data:".to_owned()).into_iter().collect();
        for (directive, sources) in [
            ("style-src", &self.styles),
            ("script-src", &self.scripts),
            ("img-src", &image),
            ("connect-src", &self.asks),
            ("frame-src", &self.frames),
        ] {
            if !sources.is_empty() {
                push(&mut policy, directive, sources);
            }
        }
        // default-src says nothing about forms: without this directive they may go anywhere
        if posts.is_empty() {
            policy.push_str("; form-action 'none'");
        } else {
            push(&mut policy, "form-action", &posts);
        }
        policy
    }
}

fn push(policy: &mut String, directive: &str, sources: &BTreeSet<String>) {
    policy.push_str("; ");
    policy.push_str(directive);
    for source in sources {
        policy.push(' ');
        policy.push_str(source);
    }
}

/// What a policy calls an inline style or script (CSP level 3 section 2.3.1).
pub(super) fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(openssl::sha::sha256(text.as_bytes())))
}

/// The content policy of a page that carries a token back.
///
/// Chromium holds redirects after a post to `form-action` as well, and a relying party answers with one to wherever the person
/// wanted to go: naming its own origin alone would stop the sign-in there. So every address of its scheme is let through; the
/// form itself is written here, and nothing else of the page could post.
pub fn form_content_policy(action: &str) -> String {
    let schemes = if action.starts_with("http:") { "http: https:" } else { "https:" };
    format!("{NOTHING}; script-src {FORM_SCRIPT_HASH}; form-action {schemes}")
}
