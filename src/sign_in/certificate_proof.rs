//! From a presented certificate to whose it is: chain, revocation, account. The same for every endpoint that takes one.

use super::occasion::Occasion;
use super::seen_messages::Replay;
use super::trail::Trail;
use super::{Caller, Stage, findings};
use crate::chain::{self, PresentedChain};
use crate::federation::Credential;
use crate::outcome::{Outcome, Refusal};
use crate::revocation::AcceptedChain;
use crate::xml_signature::SignedMessage;
use crate::{revocation, subject};
use jiff::Timestamp;

/// Judges a certificate that somebody proved to hold the key of.
pub(super) async fn prove(
    presented: &PresentedChain,
    credential: Credential,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Caller, Refusal> {
    prove_if(|_| Ok(()), presented, credential, occasion, trail).await
}

/// Likewise for a certificate that came with a signed message: each counts once, and only those of accepted certificates and
/// known accounts are remembered.
pub(super) async fn prove_once(
    message: &SignedMessage,
    replayable_until: Timestamp,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Caller, Refusal> {
    let Occasion { at, farm, .. } = occasion;
    let once = |chain: &AcceptedChain| {
        let certificate = chain.leaf().fingerprint();
        farm.seen_messages.honour(certificate, &message.signed, replayable_until, at)?;
        Ok(())
    };
    let presented = PresentedChain::new(message.certificate.clone(), Vec::new());
    prove_if(once, &presented, Credential::SignedMessage, occasion, trail).await
}

async fn prove_if(
    condition: impl FnOnce(&AcceptedChain) -> Result<(), Refusal>,
    presented: &PresentedChain,
    credential: Credential,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Caller, Refusal> {
    let Occasion { at, farm, lookups } = occasion;
    findings::describe_presented(presented, &mut trail.identifiers);
    let chain = chain::validate(presented, &farm.trust, &farm.chain, at);
    let chain = trail.step(Stage::Chain, chain, findings::chain)?;

    let wanted = revocation::required(&chain, &farm.revocation);
    let crls = lookups.crls(&wanted).await;
    let ocsp = revocation::required_ocsp(&chain, &wanted, &crls, &farm.revocation, at);
    let ocsp = lookups.ocsp(ocsp).await;
    let answers = revocation::Answers { crls: &crls, ocsp: &ocsp };
    let chain = revocation::judge(chain, &wanted, answers, &farm.revocation, at);
    let chain = trail.step(Stage::Revocation, chain, findings::revocation)?;
    findings::describe_revocation(&chain, &mut trail.identifiers);

    let mapped = map_subject(&chain, occasion).await.and_then(|mapped| condition(&chain).map(|()| mapped));
    let mapped = trail.step(Stage::Subject, mapped, findings::subject)?;
    findings::describe_account(mapped.account(), &mut trail.identifiers);
    trail.identifiers.push(("binding", mapped.binding().to_string()));
    Ok(Caller::by_certificate(mapped, chain, credential, at))
}

async fn map_subject(
    chain: &AcceptedChain,
    Occasion { at, farm, lookups }: Occasion<'_>,
) -> Result<subject::MappedSubject, Refusal> {
    let query = subject::query(chain, &farm.subject)?;
    let entries = lookups.search(query.search()).await?;
    Ok(subject::resolve(chain, query, entries, &farm.subject, at)?)
}

impl From<Replay> for Refusal {
    fn from(replay: Replay) -> Self {
        match replay {
            Replay::Seen { until } => Self::because(Outcome::MessageReplayed, &replay).with("until", until.to_string()),
            Replay::Full { most } => Self::because(Outcome::ReplayMemoryFull, &replay).with("limit", most.to_string()),
        }
    }
}
