//! From a presented certificate to whose it is: chain, revocation, account. The same for every endpoint that takes one.

use super::occasion::Occasion;
use super::trail::Trail;
use super::{Caller, Stage, findings};
use crate::chain::{self, PresentedChain};
use crate::federation::Credential;
use crate::outcome::Refusal;
use crate::{revocation, subject};

/// Judges a certificate that somebody proved to hold the key of.
pub(super) async fn prove(
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

    let mapped = map_subject(&chain, occasion).await;
    let mapped = trail.step(Stage::Subject, mapped, findings::subject)?;
    findings::describe_account(mapped.account(), &mut trail.identifiers);
    trail.identifiers.push(("binding", mapped.binding().to_string()));
    Ok(Caller::by_certificate(mapped, chain, credential, at))
}

async fn map_subject(
    chain: &revocation::AcceptedChain,
    Occasion { at, farm, lookups }: Occasion<'_>,
) -> Result<subject::MappedSubject, Refusal> {
    let query = subject::query(chain, &farm.subject)?;
    let entries = lookups.search(query.search()).await?;
    Ok(subject::resolve(chain, query, entries, &farm.subject, at)?)
}
