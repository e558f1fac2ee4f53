//! `ConvertTo-Json`: the same properties, with texts as they are.

use super::printed::{Printed, Value};
use serde_json::Value as Json;

/// Longest object that a report shows.
const LONGEST_SHOWN: usize = 160;

/// Every trust of a text: a list of them, or a single one.
pub(super) fn read(text: &str) -> Result<Vec<Printed>, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let trusts = match json {
        Json::Array(trusts) => trusts,
        other => match listed(&other) {
            Some(trusts) => trusts.clone(),
            None => vec![other],
        },
    };
    Ok(trusts.iter().filter_map(Json::as_object).map(printed).collect())
}

fn printed(trust: &serde_json::Map<String, Json>) -> Printed {
    let mut printed = Printed::default();
    for (name, json) in trust {
        printed.push(name.as_str(), parameters(name, json).map_or_else(|| value(json), list));
    }
    printed
}

/// The parameters of an access control policy are a dictionary of lists; of the policies that AD FS comes with, some have
/// one, which is of groups.
fn parameters<'j>(name: &str, json: &'j Json) -> Option<&'j [Json]> {
    let dictionary = json.as_object().filter(|_| name.eq_ignore_ascii_case("AccessControlPolicyParameters"))?;
    let groups = dictionary.get("GroupParameter").filter(|_| dictionary.len() == 1)?;
    listed(groups)
        .or(groups.as_array())
        .map_or_else(|| groups.is_string().then(|| std::slice::from_ref(groups)), |all| Some(all))
}

/// Windows PowerShell wraps some lists: `{"value": [...], "Count": 2}`.
fn listed(json: &Json) -> Option<&Vec<Json>> {
    let object = json.as_object().filter(|object| object.len() == 2 && object.contains_key("Count"))?;
    object.get("value")?.as_array()
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nothing,
        Json::Array(items) => list(items),
        other => listed(other).map_or_else(|| Value::Text(text(other)), |items| list(items)),
    }
}

fn list(items: &[Json]) -> Value {
    Value::Texts { items: items.iter().map(text).collect(), cut_short: false }
}

/// Certificates and endpoints are objects; what tells them apart is enough for a report.
fn text(json: &Json) -> String {
    let named = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Object(_) => ["Thumbprint", "Location", "Name"].into_iter().find_map(named).unwrap_or_else(|| {
            let text = json.to_string();
            if text.chars().count() > LONGEST_SHOWN {
                text.chars().take(LONGEST_SHOWN).chain("...".chars()).collect()
            } else {
                text
            }
        }),
        other => other.to_string(),
    }
}
