//! A case as it is written, in JSON.

use crate::claims::{Claim, LOCAL_AUTHORITY, RuleStage, STRING, StoreQuery, StoreRows};
use crate::text::Text;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A case.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Case {
    /// A short name.
    pub id: Option<String>,
    /// What it shows, in a few words.
    pub title: Option<String>,
    /// The file of the rules, beside the case or in the folder above it.
    pub rules_file: Option<String>,
    /// The rules themselves; they count before a file.
    pub rules_text: Option<String>,
    /// The kind of rules, by a keyword of [`RuleStage`].
    stage: Option<String>,
    /// The input set.
    #[serde(default)]
    pub input_claims: Vec<WrittenClaim>,
    /// What attribute stores answer. Any other question fails the run, unless the store only computes.
    #[serde(default)]
    pub attribute_store_answers: Vec<WrittenAnswer>,
    /// What stores that only compute have to know of the sign-in.
    #[serde(default)]
    pub sign_in: SignInFacts,
    /// The output set that must come out, in any order; `None` to leave it open.
    pub expected_output: Option<Vec<WrittenClaim>>,
    /// The decision that must come out, by a keyword of [`crate::claims::StageDecision`].
    pub expected_decision: Option<String>,
    /// Words that must be in the message of the failure the run must end with.
    pub expected_failure: Option<String>,
    /// Why it must be so.
    pub basis: Option<String>,
    /// Anything else worth knowing.
    pub note: Option<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

/// What the claims do not say of a sign-in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInFacts {
    /// When it happens.
    #[serde(default, deserialize_with = "moment")]
    pub at: Option<Timestamp>,
    /// The first identifier of the relying party.
    pub relying_party: Option<String>,
    /// What `_OpaqueIdStore` makes identifiers with. Not that of a farm: cases are kept where rules are.
    pub opaque_id_secret: Option<String>,
    /// Where people change their password.
    pub password_change_url: Option<String>,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let read = |text: String| {
        text.parse().map_err(|_| Error::custom(format!("{text:?} is no moment like 2026-01-10T10:00:00Z")))
    };
    text.map(read).transpose()
}

/// A claim with everything left out that is usual.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenClaim {
    #[serde(rename = "type")]
    claim_type: String,
    value: String,
    value_type: Option<String>,
    issuer: Option<String>,
    original_issuer: Option<String>,
    properties: Option<BTreeMap<String, String>>,
}

/// What an attribute store answers to one question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenAnswer {
    store: String,
    query: String,
    #[serde(default)]
    params: Vec<String>,
    /// `columns[i]` holds the values of the i-th claim type; a value that is not there is null.
    columns: Vec<Vec<Option<String>>>,
}

/// Why a text is no case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// No JSON of the right shape.
    #[error("this is no case: {0}")]
    Shape(String),
    /// A stage nobody knows.
    #[error("there is no stage {found:?}; the stages are {}", stages())]
    Stage {
        /// As written.
        found: String,
    },
    /// A decision that the stage cannot come to, or nobody knows.
    #[error("{found:?} is no decision of this stage; it decides {}", .possible.join(" or "))]
    Decision {
        /// As written.
        found: String,
        /// What it can be.
        possible: Vec<&'static str>,
    },
}

fn stages() -> String {
    RuleStage::ALL.map(RuleStage::keyword).join(", ")
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// When the text is no JSON object of a case's shape, or names a stage or a decision that does not exist.
    pub fn read(text: &str) -> Result<Self, CaseError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let case: Self = serde_json::from_str(text).map_err(|error| CaseError::Shape(error.to_string()))?;
        let stage = case.stage()?;
        if let (Some(stage), Some(found)) = (stage, &case.expected_decision) {
            let possible = decisions(stage);
            if !possible.contains(&found.as_str()) {
                return Err(CaseError::Decision { found: found.clone(), possible });
            }
        }
        Ok(case)
    }

    /// The kind of rules, if the case says so.
    ///
    /// # Errors
    /// When it names none that exists.
    pub fn stage(&self) -> Result<Option<RuleStage>, CaseError> {
        let Some(text) = &self.stage else { return Ok(None) };
        RuleStage::read(text).map(Some).ok_or_else(|| CaseError::Stage { found: text.clone() })
    }

    /// Keys that mean nothing here, probably misspelt.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.unknown.keys().map(String::as_str)
    }

    /// Whether the case says how it must end.
    pub fn expects_anything(&self) -> bool {
        self.expected_output.is_some() || self.expected_decision.is_some() || self.expected_failure.is_some()
    }

    /// The input set.
    pub fn input(&self) -> Vec<Claim> {
        self.input_claims.iter().map(WrittenClaim::claim).collect()
    }

    /// The answer to a question: the same store, query and parameters.
    pub(super) fn answer(&self, query: &StoreQuery) -> Option<StoreRows> {
        let answers = |known: &&WrittenAnswer| {
            let params = known.params.iter().map(String::as_str);
            query.store == *known.store
                && query.query == *known.query
                && params.eq(query.params.iter().map(Text::as_str))
        };
        let known = self.attribute_store_answers.iter().find(answers)?;
        let column = |column: &Vec<Option<String>>| column.iter().flatten().cloned().collect();
        Some(StoreRows::new(known.columns.iter().map(column).collect()))
    }
}

fn decisions(stage: RuleStage) -> Vec<&'static str> {
    match stage {
        RuleStage::Acceptance | RuleStage::Transform => vec!["no decision at all"],
        RuleStage::AdditionalAuthentication => vec!["require_mfa", "no_mfa"],
        RuleStage::Authorization | RuleStage::DelegationAuthorization | RuleStage::ImpersonationAuthorization => {
            vec!["permit", "deny"]
        }
    }
}

impl WrittenClaim {
    /// The claim, defaults filled in: text, by the local authority, whoever issues it made it first.
    pub fn claim(&self) -> Claim {
        let text = |given: &Option<String>| given.clone().map(Text::from);
        let issuer = text(&self.issuer).unwrap_or(LOCAL_AUTHORITY.into());
        let properties = self.properties.iter().flatten();
        Claim {
            claim_type: self.claim_type.clone().into(),
            value: self.value.clone().into(),
            value_type: text(&self.value_type).unwrap_or(STRING.into()),
            original_issuer: text(&self.original_issuer).unwrap_or_else(|| issuer.clone()),
            issuer,
            properties: properties.map(|(name, value)| (name.clone().into(), value.clone().into())).collect(),
        }
    }
}
