//! The stores that only compute answer a case themselves, where it has no answer for them.

use super::written::Case;
use crate::claims::stores::opaque_id::{self, FarmSecret};
use crate::claims::stores::string_processing::{self, Function};
use crate::claims::stores::{StoreFailure, StoreQuestion, password_expiry, proxy_credential};
use crate::claims::{StoreQuery, StoreRows};
use jiff::Timestamp;

/// `None` when the store is one that would have to be asked.
pub(super) fn answer(case: &Case, query: &StoreQuery) -> Option<Result<StoreRows, StoreFailure>> {
    let store: &str = &query.store;
    let known = [opaque_id::NAME, password_expiry::NAME, proxy_credential::NAME].contains(&store);
    // Such a store has any name; no other store understands the query.
    (known || Function::named(&query.query).is_some()).then(|| columns(case, query).map(StoreRows::new))
}

fn columns(case: &Case, query: &StoreQuery) -> Result<Vec<Vec<String>>, StoreFailure> {
    let sign_in = &case.sign_in;
    let needs =
        |what: &str| StoreFailure::Query { reason: format!("give the case an answer, or {what} in \"sign_in\"") };
    let question =
        |at: Timestamp| StoreQuestion { query, at, relying_party: sign_in.relying_party.as_deref().unwrap_or("") };
    let timeless = question(Timestamp::UNIX_EPOCH);
    match &*query.store {
        opaque_id::NAME => {
            sign_in.relying_party.as_ref().ok_or_else(|| needs("\"relying_party\""))?;
            let secret = sign_in.opaque_id_secret.as_ref().ok_or_else(|| needs("the farm's \"opaque_id_secret\""))?;
            let secret = FarmSecret::new(secret.as_bytes())
                .map_err(|error| StoreFailure::Query { reason: format!("the case's opaque_id_secret: {error}") })?;
            Ok(vec![vec![opaque_id::answer(&timeless, &secret)?]])
        }
        password_expiry::NAME => {
            let at = sign_in.at.ok_or_else(|| needs("the moment \"at\" which it happens"))?;
            let columns = password_expiry::answer(&question(at), sign_in.password_change_url.as_deref())?;
            Ok(columns.into_iter().map(|value| value.into_iter().collect()).collect())
        }
        proxy_credential::NAME if proxy_credential::is_known(&query.query) => Ok(vec![Vec::new()]),
        proxy_credential::NAME => {
            Err(StoreFailure::Query { reason: "it is none of this store's questions".to_owned() })
        }
        _ => Ok(string_processing::answer(&timeless)?.into_iter().map(|value| vec![value]).collect()),
    }
}
