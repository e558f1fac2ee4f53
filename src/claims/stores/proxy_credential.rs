//! The store `_ProxyCredentialStore`: whether the caller is a federation server proxy. fedgate has none, so the answer to
//! each of its questions is nothing, which admits nobody (CLAIM-RULES section 5.4).

/// How rules name the store.
pub const NAME: &str = "_ProxyCredentialStore";

/// Whether the query is one of the store's.
pub fn is_known(query: &str) -> bool {
    const QUESTIONS: [&str; 3] = ["isProxySid", "isProxyTrustManagerSid", "isProxyTrustProvisioned"];
    let name = query.split('(').next().unwrap_or_default().trim();
    QUESTIONS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn three_questions_are_known() {
        assert!(
            is_known("isProxySid({0})")
                && is_known("isproxytrustprovisioned({0})")
                && is_known("isProxyTrustManagerSid({0})")
        );
        assert!(!is_known("isAdministrator({0})") && !is_known(""));
    }
}
