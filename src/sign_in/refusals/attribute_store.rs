//! An attribute store that gave no answer.

use crate::claims::stores::StoreFailure;
use crate::claims::{RuleStage, StoreQuery};
use crate::outcome::{Outcome, Refusal};

/// Every refusal names the rule set, the rule and the store.
pub(in crate::sign_in) fn attribute_store(role: RuleStage, query: &StoreQuery, failure: StoreFailure) -> Refusal {
    let store = query.store.as_str();
    let refusal = |outcome| {
        let asks = format!("In the {}, {} asks the attribute store {store:?}", role.name(), query.rule);
        let asked = match outcome {
            Outcome::AttributeStoreQueryInvalid => format!("{asks} for {:?}", query.query),
            _ => asks,
        };
        Refusal::new(outcome, format!("{asked}: {failure}."))
            .with("rule_set", role.name())
            .with("rule", query.rule.to_string())
            .with("store", store)
    };
    match &failure {
        StoreFailure::Unknown => refusal(Outcome::AttributeStoreUnknown),
        StoreFailure::Query { reason } => refusal(Outcome::AttributeStoreQueryInvalid)
            .with("query", query.query.as_str())
            .with("reason", reason.as_str()),
        StoreFailure::Unreachable { server, detail } => {
            refusal(Outcome::AttributeStoreUnreachable).with("server", server).with("detail", detail)
        }
        StoreFailure::TimedOut { server, seconds } => {
            refusal(Outcome::AttributeStoreTimedOut).with("server", server).with("limit", format!("{seconds} s"))
        }
        StoreFailure::LoginRefused { server, detail } => {
            refusal(Outcome::AttributeStoreLoginRefused).with("server", server).with("detail", detail)
        }
        StoreFailure::Rejected { server, detail } => {
            refusal(Outcome::AttributeStoreRejectedQuery).with("server", server).with("detail", detail)
        }
        StoreFailure::TooMany { server, limit } => {
            refusal(Outcome::AttributeStoreTooManyRows).with("server", server).with("limit", limit.to_string())
        }
        StoreFailure::Busy { server, seconds } => {
            refusal(Outcome::AttributeStoreBusy).with("server", server).with("limit", format!("{seconds} s"))
        }
        StoreFailure::Unusable { reason } => refusal(Outcome::AttributeStoreAnswerUnusable).with("reason", reason),
    }
}
